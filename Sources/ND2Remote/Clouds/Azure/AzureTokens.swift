#if Remote
  import ND2

  /// Looks for an access token of Azure: of a workload, of an application, of a machine.
  package struct AzureTokens: Sendable {
    let environment: RemoteEnvironment
    let sender: any RequestSender
    /// Asks services of the machine itself: no proxy lies between.
    let nearby: any RequestSender

    private static let resource = "https://storage.azure.com/"

    /// A token, or nil when there is none: requests are then anonymous.
    package func fetch() async throws -> AccessToken.Fetched {
      let tenant = environment.first("AZURE_TENANT_ID")
      let client = environment.first("AZURE_CLIENT_ID")
      if let tenant, let client {
        var proof: [(String, String)]?
        if let file = environment.first("AZURE_FEDERATED_TOKEN_FILE") {
          let path = environment.expanded(file)
          guard let text = SmallFile.text(path), !text.isEmpty else {
            throw CredentialFailure.file(path, "(AZURE_FEDERATED_TOKEN_FILE) cannot be read")
          }
          let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
          proof = [("client_assertion_type", kind), ("client_assertion", text)]
        } else if let secret = environment.first("AZURE_CLIENT_SECRET") {
          proof = [("client_secret", secret)]
        }
        if let proof {
          var authority =
            environment.first("AZURE_AUTHORITY_HOST") ?? "https://login.microsoftonline.com"
          if !RemoteAddress.isAddress(authority) { authority = "https://\(authority)" }
          while authority.hasSuffix("/") { authority.removeLast() }
          return try await AccessToken.request(
            from: "\(authority)/\(PercentEncoding.encode(tenant))/oauth2/v2.0/token",
            fields: [
              ("grant_type", "client_credentials"), ("client_id", client),
              ("scope", "\(Self.resource).default"),
            ] + proof, by: sender, service: "the token service of Azure")
        }
      }
      return try await fromMachine(client: client)
    }

    /// A token of the identity that a machine of Azure has; nil elsewhere.
    private func fromMachine(client: String?) async throws -> AccessToken.Fetched {
      if environment.isTrue("AZURE_METADATA_DISABLED") { return (nil, nil) }
      var base = environment.first("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? "http://169.254.169.254"
      while base.hasSuffix("/") { base.removeLast() }
      let selection = client.map { "&client_id=\(PercentEncoding.encode($0))" } ?? ""
      let request = RemoteRequest(
        .get,
        "\(base)/metadata/identity/oauth2/token?api-version=2018-02-01&resource="
          + PercentEncoding.encode(Self.resource) + selection,
        headers: [("Metadata", "true")])
      guard let response = try await nearby.probe(request), response.status == 200 else {
        return (nil, nil)
      }
      return try AccessToken.fetched(response, service: "the metadata service of the machine")
    }
  }
#endif
