#if Remote
  import ND2

  /// Roles: temporary keys from Amazon's token service (STS).
  extension AWSCredentialChain {
    private var tokenService: String {
      if let own = options.environment.first("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL") {
        return own
      }
      let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
      return "https://sts.\(region).\(suffix)/"
    }

    /// Takes a role by a token that another service has issued.
    func assumeRole(
      _ role: String, tokenFile: String, session: String?
    ) async throws -> AWSCredentials {
      let path = options.environment.expanded(tokenFile)
      guard let token = SmallFile.text(path), !token.isEmpty else {
        throw CredentialFailure.file(path, "(AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read")
      }
      let request = form([
        ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
        ("RoleSessionName", session ?? "swift-nd2"), ("WebIdentityToken", token),
      ])
      return try await keys(request)
    }

    /// Takes a role by other keys.
    func assumeRole(
      _ role: String, by credentials: AWSCredentials, session: String?, externalID: String?,
      region: String
    ) async throws -> AWSCredentials {
      var fields = [
        ("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", role),
        ("RoleSessionName", session ?? "swift-nd2"),
      ]
      if let externalID { fields.append(("ExternalId", externalID)) }
      var request = form(fields)
      let signer = SignatureV4(credentials: credentials, region: region, service: "sts")
      try signer.sign(
        &request, at: UTCTime(secondsSince1970: UTCTime.now), alsoSigning: ["content-type"])
      return try await keys(request)
    }

    private func form(_ fields: [(String, String)]) -> RemoteRequest {
      let body = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
      return RemoteRequest(
        .post, tokenService,
        headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
        body: Array(body.utf8))
    }

    private func keys(_ request: RemoteRequest) async throws -> AWSCredentials {
      let response = try await sender.sendPatiently(request)
      guard response.status == 200 else {
        throw CredentialFailure.refused("the token service of Amazon", response)
      }
      let body = response.body
      guard let name = ServiceAnswer.element("AccessKeyId", in: body),
        let key = ServiceAnswer.element("SecretAccessKey", in: body),
        let token = ServiceAnswer.element("SessionToken", in: body)
      else { throw CredentialFailure.notUnderstood("the token service of Amazon") }
      let expires = ServiceAnswer.element("Expiration", in: body).flatMap(UTCTime.init(isoText:))
      return AWSCredentials(
        accessKeyID: name, secretAccessKey: key, sessionToken: token,
        expires: expires?.secondsSince1970)
    }
  }
#endif
