#if Remote
  import ND2

  /// Looks for keys of Amazon where its own tools do, in their order.
  package struct AWSCredentialChain: Sendable {
    package typealias Fetched = ExpiringValue<AWSCredentials?>.Fetched

    let options: S3Options
    let profiles: AWSProfiles
    let profileName: String
    let sender: any RequestSender
    /// Asks services of the machine itself: no proxy lies between.
    let nearby: any RequestSender
    let region: String

    package init(
      options: S3Options, sender: any RequestSender, nearby: (any RequestSender)? = nil
    ) {
      self.options = options
      self.sender = sender
      self.nearby = nearby ?? sender
      profiles = AWSProfiles(environment: options.environment)
      profileName = options.profile ?? options.environment.first("AWS_PROFILE") ?? "default"
      region = S3Endpoint.configuredRegion(options, profiles[profileName]) ?? "us-east-1"
    }

    private var environment: RemoteEnvironment { options.environment }

    /// Keys, or nil when there are none: requests are then not signed.
    package func fetch() async throws -> Fetched {
      if options.isAnonymous { return (nil, nil) }
      if let credentials = options.credentials { return (AWSCredentials(credentials), nil) }
      // A profile that the program names goes before the environment; one of the environment does
      // not.
      if options.profile == nil {
        if let credentials = fromEnvironment { return (credentials, nil) }
        if let token = environment.first("AWS_WEB_IDENTITY_TOKEN_FILE"),
          let role = environment.first("AWS_ROLE_ARN")
        {
          return Self.fetched(
            try await assumeRole(
              role, tokenFile: token, session: environment.first("AWS_ROLE_SESSION_NAME")))
        }
      }
      let isNamed = options.profile != nil || environment.first("AWS_PROFILE") != nil
      if isNamed, profiles[profileName] == nil {
        throw ND2Error.invalidRequest("the profile '\(profileName)' is in no file of ~/.aws")
      }
      if let credentials = try await fromProfile(profileName, seen: []) {
        return Self.fetched(credentials)
      }
      if let credentials = try await fromContainer() { return Self.fetched(credentials) }
      if let credentials = try await fromInstance() { return Self.fetched(credentials) }
      return (nil, nil)
    }

    private static func fetched(_ credentials: AWSCredentials) -> Fetched {
      (credentials, credentials.expires)
    }

    private var fromEnvironment: AWSCredentials? {
      guard let name = environment.first("AWS_ACCESS_KEY_ID"),
        let key = environment.first("AWS_SECRET_ACCESS_KEY")
      else { return nil }
      return AWSCredentials(
        accessKeyID: name, secretAccessKey: key,
        sessionToken: environment.first("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"))
    }

    // MARK: - Profiles

    private func fromProfile(_ name: String, seen: Set<String>) async throws -> AWSCredentials? {
      guard let profile = profiles[name] else {
        if seen.isEmpty { return nil }
        throw ND2Error.invalidRequest("the profile '\(name)' is in no file of ~/.aws")
      }
      guard !seen.contains(name) || Self.keys(of: profile) != nil else {
        throw ND2Error.invalidRequest("the profile '\(name)' takes its role from itself")
      }
      if let role = profile["role_arn"], !seen.contains(name) {
        let session = profile["role_session_name"]
        if let token = profile["web_identity_token_file"] {
          return try await assumeRole(role, tokenFile: token, session: session)
        }
        let base: AWSCredentials?
        if let source = profile["source_profile"] {
          base = try await fromProfile(source, seen: seen.union([name]))
        } else {
          switch profile["credential_source"]?.lowercased() {
          case "environment": base = fromEnvironment
          case "ecscontainer": base = try await fromContainer()
          case "ec2instancemetadata": base = try await fromInstance()
          default: base = nil
          }
        }
        guard let base else {
          throw ND2Error.invalidRequest(
            "the profile '\(name)' has a role but no keys to take it with")
        }
        return try await assumeRole(
          role, by: base, session: session, externalID: profile["external_id"],
          region: profile["region"] ?? region)
      }
      if let keys = Self.keys(of: profile) { return keys }
      if let command = profile["credential_process"] {
        return try await CredentialProcess.run(command, profile: name)
      }
      if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
        throw ND2Error(
          .unsupported,
          "the profile '\(name)' signs on by a browser; run 'aws configure export-credentials "
            + "--format env' and set the variables that it prints")
      }
      return nil
    }

    private static func keys(of profile: [String: String]) -> AWSCredentials? {
      guard let name = profile["aws_access_key_id"], let key = profile["aws_secret_access_key"]
      else {
        return nil
      }
      return AWSCredentials(
        accessKeyID: name, secretAccessKey: key, sessionToken: profile["aws_session_token"])
    }
  }
#endif
