#if Remote
  import ND2

  /// What addresses of object stores stand for.
  package enum CloudTargets {
    /// The target of an address of an object store; nil when its scheme is none of theirs.
    package static func target(
      _ address: String, scheme: String, options: RemoteOptions
    ) throws -> RemoteTarget? {
      if scheme == "http" || scheme == "https" || scheme == "file" { return nil }
      // Neighbours that know the machine's credentials are asked without a proxy, which could not
      // reach them.
      var direct = options
      direct.proxy = ""
      return try target(
        try RemoteAddress(address), options: options, sender: WebSender(options),
        nearby: WebSender(direct))
    }

    /// The target of an address of an object store; nil when it is none.
    ///
    /// - Parameters:
    ///   - sender: what asks for tokens.
    ///   - nearby: what asks services of this machine for tokens.
    package static func target(
      _ address: RemoteAddress, options: RemoteOptions, sender: any RequestSender,
      nearby: (any RequestSender)? = nil
    ) throws -> RemoteTarget? {
      func named(_ authorizer: any RequestAuthorizer) -> NamingAuthorizer {
        NamingAuthorizer(base: authorizer, name: address.redacted)
      }
      do {
        switch address.place {
        case .s3(let object):
          let authorizer = try S3Authorizer(
            object, options: options.s3, sender: sender, nearby: nearby)
          return RemoteTarget(
            url: try authorizer.url, name: address.redacted, authorizer: named(authorizer))
        case .gcs(let object):
          let authorizer = try GCSAuthorizer(
            object, options: options.gcs, sender: sender, nearby: nearby)
          return RemoteTarget(
            url: authorizer.url, name: address.redacted, authorizer: named(authorizer))
        case .azure(let blob):
          let authorizer = try AzureAuthorizer(
            blob, options: options.azure, sender: sender, nearby: nearby)
          var target = RemoteTarget(
            url: authorizer.url, name: address.redacted, authorizer: named(authorizer))
          target.givesSuffixes = false
          return target
        case .web, .file:
          return nil
        }
      } catch let error as ND2Error {
        throw error.inFile(address.redacted)
      }
    }
  }
#endif
