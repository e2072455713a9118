import ND2

/// What addresses of object stores stand for.
package enum CloudTargets {
  /// The target of an address of an object store; nil when its scheme is none of theirs.
  ///
  /// - Parameter sender: what asks for tokens.
  package static func target(
    _ address: RemoteAddress, options: RemoteOptions, sender: any RequestSender
  ) throws -> RemoteTarget? {
    do {
      switch address.place {
      case .s3(let object):
        let authorizer = try S3Authorizer(object, options: options.s3, sender: sender)
        return RemoteTarget(
          url: try authorizer.url, name: address.redacted, authorizer: authorizer)
      case .gcs(let object):
        let authorizer = try GCSAuthorizer(object, options: options.gcs, sender: sender)
        return RemoteTarget(url: authorizer.url, name: address.redacted, authorizer: authorizer)
      case .azure(let blob):
        let authorizer = try AzureAuthorizer(blob, options: options.azure, sender: sender)
        return RemoteTarget(url: authorizer.url, name: address.redacted, authorizer: authorizer)
      case .web, .file:
        return nil
      }
    } catch let error as ND2Error {
      throw error.inFile(address.redacted)
    }
  }
}
