#if Remote
  import ND2

  /// Looks for an access token of Google where its own tools do, in their order.
  package struct GoogleTokens: Sendable {
    let options: GCSOptions
    let sender: any RequestSender
    /// Asks services of the machine itself: no proxy lies between.
    let nearby: any RequestSender

    /// The right to read objects, and no other.
    static let scope = "https://www.googleapis.com/auth/devstorage.read_only"

    package init(
      options: GCSOptions, sender: any RequestSender, nearby: (any RequestSender)? = nil
    ) {
      self.options = options
      self.sender = sender
      self.nearby = nearby ?? sender
    }

    private var environment: RemoteEnvironment { options.environment }

    /// A token, or nil when there is none: requests are then anonymous.
    package func fetch() async throws -> AccessToken.Fetched {
      if options.isAnonymous { return (nil, nil) }
      if let token = options.accessToken {
        return (try AccessToken.checked(token.text, from: "the option for a token"), nil)
      }
      if let path = options.credentialsFile {
        return try await fromFile(environment.expanded(path))
      }
      if let text = environment.first("GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN") {
        return (try AccessToken.checked(text, from: "the token of the environment"), nil)
      }
      if let path = environment.first("GOOGLE_APPLICATION_CREDENTIALS") {
        return try await fromFile(environment.expanded(path))
      }
      // Emulators want no token, and must not be shown one that somebody's login left behind.
      if environment.first("STORAGE_EMULATOR_HOST") != nil || options.endpoint != nil {
        return (nil, nil)
      }
      let folder = environment.first("CLOUDSDK_CONFIG") ?? "~/.config/gcloud"
      let usual = environment.expanded("\(folder)/application_default_credentials.json")
      if SmallFile.read(usual) != nil { return try await fromFile(usual) }
      return try await fromMachine()
    }

    private func fromFile(_ path: String) async throws -> AccessToken.Fetched {
      guard let bytes = SmallFile.read(path) else {
        throw CredentialFailure.file(path, "cannot be read")
      }
      guard let document = ServiceAnswer.json(bytes) else {
        throw CredentialFailure.file(path, "is not JSON")
      }
      func text(_ name: String) throws -> String {
        guard let value = document[name]?.string, !value.isEmpty else {
          throw CredentialFailure.file(path, "lacks '\(name)'")
        }
        return value
      }
      let service = "the token service of Google"
      let endpoint = document["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
      switch document["type"]?.string {
      case "service_account":
        let assertion = try Self.assertion(
          issuer: try text("client_email"), keyID: document["private_key_id"]?.string,
          privateKey: try text("private_key"), audience: endpoint, now: UTCTime.now)
        return try await AccessToken.request(
          from: endpoint,
          fields: [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
          ], by: sender, service: service)
      case "authorized_user":
        return try await AccessToken.request(
          from: endpoint,
          fields: [
            ("grant_type", "refresh_token"), ("client_id", try text("client_id")),
            ("client_secret", try text("client_secret")),
            ("refresh_token", try text("refresh_token")),
          ], by: sender, service: service)
      case let kind?:
        throw ND2Error(
          .unsupported,
          "credentials of the kind '\(kind)' are not known; set GOOGLE_OAUTH_ACCESS_TOKEN to what "
            + "'gcloud auth application-default print-access-token' prints")
      case nil:
        throw CredentialFailure.file(path, "lacks 'type'")
      }
    }

    /// A signed statement of who asks (JSON Web Token, RFC 7519, with RS256).
    static func assertion(
      issuer: String, keyID: String?, privateKey: String, audience: String, now: Double
    ) throws -> String {
      var header: [JSONValue.Member] = [.init("alg", "RS256"), .init("typ", "JWT")]
      if let keyID { header.append(.init("kid", .string(keyID))) }
      let issued = Int64(exactly: now.rounded(.down)) ?? 0
      let claims: JSONValue = .object([
        .init("iss", .string(issuer)), .init("scope", .string(scope)),
        .init("aud", .string(audience)), .init("iat", .integer(issued)),
        .init("exp", .integer(issued + 3600)),
      ])
      let text = [JSONValue.object(header), claims]
        .map { encoded(Array($0.text().utf8)) }.joined(separator: ".")
      let signature = try Cryptography.signRS256(Array(text.utf8), privateKey: privateKey)
      return "\(text).\(encoded(signature))"
    }

    /// Base64 for URLs, without padding.
    private static func encoded(_ bytes: [UInt8]) -> String {
      String(
        Base64.encode(bytes).compactMap { sign -> Character? in
          switch sign {
          case "+": "-"
          case "/": "_"
          case "=": nil
          default: sign
          }
        })
    }

    /// A token of the account that a machine of Google runs as; nil elsewhere.
    private func fromMachine() async throws -> AccessToken.Fetched {
      if environment.isTrue("NO_GCE_CHECK") { return (nil, nil) }
      let host = environment.first("GCE_METADATA_HOST") ?? "metadata.google.internal"
      let web = try WebLocation(parsing: "http://\(host)/")
      let request = RemoteRequest(
        .get,
        web.origin + "/computeMetadata/v1/instance/service-accounts/default/token?scopes="
          + PercentEncoding.encode(Self.scope),
        headers: [("Metadata-Flavor", "Google")])
      guard let response = try await nearby.probe(request), response.status == 200,
        response.header("Metadata-Flavor") == "Google"
      else { return (nil, nil) }
      return try AccessToken.fetched(response, service: "the metadata service of the machine")
    }
  }
#endif
