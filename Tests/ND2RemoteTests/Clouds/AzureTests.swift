#if Remote
  import ND2
  import ND2TestSupport
  import Testing

  @testable import ND2Remote

  @Suite struct AzureTests {
    private let key = "YSBrZXk="

    private func authorizer(
      _ address: String, _ variables: [String: String] = [:], sender: StubSender = .none,
      change: (inout AzureOptions) -> Void = { _ in }
    ) throws -> AzureAuthorizer {
      var all = ["AZURE_METADATA_DISABLED": "true"]
      all.merge(variables) { $1 }
      var options = AzureOptions(environment: RemoteEnvironment(all))
      change(&options)
      guard case .azure(let blob) = try RemoteAddress(address).place else {
        throw ND2Error.invalidRequest("not of Azure")
      }
      return try AzureAuthorizer(blob, options: options, sender: sender, clock: { 784_111_777 })
    }

    private func request(
      _ authorizer: AzureAuthorizer, _ range: RemoteRequest.ByteRange? = nil
    ) async throws -> RemoteRequest {
      var request = RemoteRequest(.get, authorizer.url, range: range)
      try await authorizer.authorize(&request)
      return request
    }

    /// The example of Microsoft's document "Authorize with Shared Key", with its eleven headers, as
    /// the string that is signed.
    @Test("What is signed is what the document says")
    func whatIsSignedIs() throws {
      let signer = SharedKey(account: "myaccount", key: [1])
      let request = RemoteRequest(
        .get,
        "https://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=metadata"
          + "&timeout=20",
        headers: [
          ("x-ms-version", "2015-02-21"), ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"),
        ])
      #expect(
        try signer.stringToSign(request)
          == "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
          + "x-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\nrestype:container\n"
          + "timeout:20")
    }

    @Test("The range and conditions are signed, the name as it is sent")
    func theRangeAndConditions() throws {
      let request = RemoteRequest(
        .get, "http://h/acc/c/a%20b", headers: [("If-Match", "\"x\"")], range: .span(0..<5))
      #expect(
        try SharedKey(account: "acc", key: [1]).stringToSign(request)
          == "GET\n\n\n\n\n\n\n\n\"x\"\n\n\nbytes=0-4\n/acc/acc/c/a%20b")
    }

    @Test("The account comes from the address, the options or the environment")
    func theAccountComesFrom() throws {
      let plain = "az://c/a b/ü.nd2"
      let path = ".blob.core.windows.net/c/a%20b/%C3%BC.nd2"
      #expect(try authorizer(plain) { $0.account = "opt" }.url == "https://opt\(path)")
      let variables = ["AZURE_STORAGE_ACCOUNT": "env"]
      #expect(try authorizer(plain, variables).url == "https://env\(path)")
      #expect(
        try authorizer("abfss://c@acc.dfs.core.windows.net/a b/ü.nd2", variables).url
          == "https://acc\(path)")
      #expect(throws: ND2Error.self) { try authorizer(plain) }
    }

    @Test("A connection string has all in one")
    func aConnectionStringHas() async throws {
      let text =
        "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=\(key);"
        + "EndpointSuffix=core.chinacloudapi.cn"
      let authorizer = try authorizer("az://c/k", ["AZURE_STORAGE_CONNECTION_STRING": text])
      #expect(authorizer.url == "https://acc.blob.core.chinacloudapi.cn/c/k")
      let request = try await request(authorizer)
      #expect(request.header("Authorization")?.hasPrefix("SharedKey acc:") == true)
      #expect(request.header("x-ms-date") == "Sun, 06 Nov 1994 08:49:37 GMT")

      let signed = try self.authorizer("az://c/k") {
        $0.connectionString = "BlobEndpoint=https://h.example/;SharedAccessSignature=sv=1&sig=a%3D"
        $0.account = "acc"
      }
      #expect(try await self.request(signed).url == "https://h.example/c/k?sv=1&sig=a%3D")
      #expect(signed.url == "https://h.example/c/k")
    }

    @Test("The emulator has its own account and key")
    func theEmulatorHasIts() async throws {
      for variables in [
        ["AZURE_STORAGE_CONNECTION_STRING": "UseDevelopmentStorage=true"],
        ["AZURE_STORAGE_USE_EMULATOR": "true"],
      ] {
        let authorizer = try authorizer("az://c/k", variables)
        #expect(authorizer.url == "http://127.0.0.1:10000/devstoreaccount1/c/k")
        #expect(
          try await request(authorizer).header("Authorization")?
            .hasPrefix("SharedKey devstoreaccount1:") == true)
      }
    }

    @Test("Keys of one account are not used for another")
    func keysOfOneAccount() async throws {
      let variables = ["AZURE_STORAGE_ACCOUNT": "mine", "AZURE_STORAGE_KEY": key]
      let other = try authorizer("az://other.blob.core.windows.net/c/k", variables)
      #expect(try await request(other).header("Authorization") == nil)
      let mine = try authorizer("az://mine.blob.core.windows.net/c/k", variables)
      #expect(try await request(mine).header("Authorization") != nil)
    }

    @Test("A signature in the address goes first")
    func aSignatureInThe() async throws {
      let authorizer = try authorizer(
        "az://acc.blob.core.windows.net/c/k?sv=1&sig=x",
        ["AZURE_STORAGE_ACCOUNT": "acc", "AZURE_STORAGE_KEY": key])
      let request = try await request(authorizer)
      #expect(request.url.hasSuffix("/c/k?sv=1&sig=x"))
      #expect(request.header("Authorization") == nil)
    }

    @Test("A signature of the environment may begin with a question mark")
    func aSignatureOfThe() async throws {
      let authorizer = try authorizer(
        "az://c/k", ["AZURE_STORAGE_ACCOUNT": "acc", "AZURE_STORAGE_SAS_TOKEN": "?sv=1&sig=x"])
      #expect(try await request(authorizer).url.hasSuffix("/c/k?sv=1&sig=x"))
    }

    @Test("Tokens go by https only")
    func tokensGoByHttps() async throws {
      let variables = ["AZURE_STORAGE_ACCOUNT": "acc", "AZURE_STORAGE_TOKEN": "t"]
      let secure = try authorizer("az://c/k", variables)
      #expect(try await request(secure).header("Authorization") == "Bearer t")
      let open = try authorizer("az://c/k", variables) { $0.endpoint = "http://example.com" }
      await #expect(throws: ND2Error.self) { try await request(open) }
    }

    @Test("A workload shows its statement and gets a token")
    func aWorkloadShowsIts() async throws {
      let folder = try TemporaryDirectory()
      let file = try folder.write(Array("state.ment\n".utf8), as: "t")
      let sender = StubSender { _ in
        RemoteResponse(200, #"{"access_token": "w", "expires_in": 3600}"#)
      }
      let authorizer = try authorizer(
        "az://c/k",
        [
          "AZURE_STORAGE_ACCOUNT": "acc", "AZURE_TENANT_ID": "ten", "AZURE_CLIENT_ID": "cl",
          "AZURE_FEDERATED_TOKEN_FILE": file,
        ], sender: sender)
      #expect(try await request(authorizer).header("Authorization") == "Bearer w")
      let asked = try #require(sender.requests.first)
      #expect(asked.url == "https://login.microsoftonline.com/ten/oauth2/v2.0/token")
      #expect(asked.bodyText.contains("client_assertion=state.ment"))
      #expect(asked.bodyText.contains("scope=https%3A%2F%2Fstorage.azure.com%2F.default"))
    }

    @Test("A machine of Azure gives a token, and its numbers are text")
    func aMachineOfAzure() async throws {
      let sender = StubSender { request in
        guard request.header("Metadata") == "true" else { return .init(status: 400) }
        return RemoteResponse(200, #"{"access_token": "m", "expires_in": "86399"}"#)
      }
      let authorizer = try authorizer(
        "az://c/k",
        [
          "AZURE_STORAGE_ACCOUNT": "acc", "AZURE_METADATA_DISABLED": "",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:1",
        ], sender: sender)
      #expect(try await request(authorizer).header("Authorization") == "Bearer m")
    }

    @Test("Ranges from the end are not asked for")
    func rangesFromEnd() throws {
      var options = RemoteOptions()
      options.azure = AzureOptions(environment: ["AZURE_STORAGE_ACCOUNT": "acc"])
      let target = try CloudTargets.target(
        try RemoteAddress("az://c/k"), options: options, sender: StubSender.none)
      #expect(target?.givesSuffixes == false)
    }

    @Test("The wrong key is an error at once when it is not base64")
    func theWrongKeyIs() throws {
      #expect {
        try authorizer("az://c/k") {
          $0.account = "acc"
          $0.accountKey = "SECRET!"
        }
      } throws: {
        !"\($0)".contains("SECRET")
      }
    }
  }
#endif
