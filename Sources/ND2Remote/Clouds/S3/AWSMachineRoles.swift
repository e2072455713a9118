#if Remote
  import ND2

  /// Roles that a machine or a container of Amazon has.
  extension AWSCredentialChain {
    /// Addresses of Amazon's agents that are asked without TLS, besides this machine.
    private static let agents: Set<String> = [
      "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
    ]

    /// Keys from the agent of a container; nil when the environment names none.
    func fromContainer() async throws -> AWSCredentials? {
      let environment = options.environment
      let url: String
      if let path = environment.first("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
        url = "http://169.254.170.2" + (path.hasPrefix("/") ? path : "/\(path)")
      } else if let full = environment.first("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
        let web = try WebLocation(parsing: full)
        guard web.scheme == "https" || web.isLoopback || Self.agents.contains(web.host) else {
          throw ND2Error.invalidRequest(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI names another machine without https")
        }
        url = web.url
      } else {
        return nil
      }
      var request = RemoteRequest(.get, url)
      var token = environment.first("AWS_CONTAINER_AUTHORIZATION_TOKEN")
      if let file = environment.first("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        guard let text = SmallFile.text(environment.expanded(file)) else {
          throw CredentialFailure.file(
            file, "(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read")
        }
        token = text
      }
      if let token {
        guard token.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
          throw ND2Error.invalidRequest("the token for the container's credentials is no header")
        }
        request.setHeader("Authorization", token)
      }
      let response = try await nearby.sendPatiently(request)
      guard response.status == 200 else {
        throw CredentialFailure.refused("the agent of the container", response)
      }
      guard let keys = Self.keys(in: response.body) else {
        throw CredentialFailure.notUnderstood("the agent of the container")
      }
      return keys
    }

    /// Keys from the metadata of a machine (version 2 of that service); nil when there are none.
    func fromInstance() async throws -> AWSCredentials? {
      let environment = options.environment
      if environment.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
      var base =
        environment.first("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
      while base.hasSuffix("/") { base.removeLast() }
      let first = RemoteRequest(
        .put, "\(base)/latest/api/token",
        headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")])
      guard let answer = try await nearby.probe(first), answer.status == 200,
        let token = String(validating: answer.body, as: UTF8.self),
        !token.isEmpty, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
      else { return nil }
      let headers = [(name: "X-aws-ec2-metadata-token", value: token)]
      let folder = "\(base)/latest/meta-data/iam/security-credentials/"
      let list = try await nearby.sendPatiently(RemoteRequest(.get, folder, headers: headers))
      let names = String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isNewline)
      guard list.status == 200, let role = names.first?.trimmingSpace, !role.isEmpty else {
        return nil
      }
      let url = folder + PercentEncoding.encode(String(role))
      let response = try await nearby.sendPatiently(RemoteRequest(.get, url, headers: headers))
      guard response.status == 200 else {
        throw CredentialFailure.refused("the metadata service of the machine", response)
      }
      guard let keys = Self.keys(in: response.body) else {
        throw CredentialFailure.notUnderstood("the metadata service of the machine")
      }
      return keys
    }

    /// Keys out of the JSON document that agents, metadata services and programs give.
    static func keys(in body: [UInt8]) -> AWSCredentials? {
      guard let document = ServiceAnswer.json(body), let name = document["AccessKeyId"]?.string,
        let key = document["SecretAccessKey"]?.string
      else { return nil }
      let expires = document["Expiration"]?.string.flatMap(UTCTime.init(isoText:))
      return AWSCredentials(
        accessKeyID: name, secretAccessKey: key,
        sessionToken: document["Token"]?.string ?? document["SessionToken"]?.string,
        expires: expires?.secondsSince1970)
    }
  }
#endif
