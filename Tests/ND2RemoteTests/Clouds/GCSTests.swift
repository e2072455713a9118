#if Remote
  import ND2
  import ND2TestSupport
  import Testing

  @testable import ND2Remote

  @Suite struct GCSTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func options(_ variables: [String: String]) -> GCSOptions {
      var all = ["HOME": folder.path, "NO_GCE_CHECK": "true"]
      all.merge(variables) { $1 }
      return GCSOptions(environment: RemoteEnvironment(all))
    }

    private func url(
      _ name: String = "a b/ü#.nd2", _ variables: [String: String] = [:],
      change: (inout GCSOptions) -> Void = { _ in }
    ) throws -> String {
      var options = options(variables)
      change(&options)
      return try GCSAuthorizer.address(of: .init(bucket: "b", name: name), options: options).url
    }

    @Test("Objects of Google are asked for by their path")
    func objectsOfGoogleAre() throws {
      #expect(try url() == "https://storage.googleapis.com/b/a%20b/%C3%BC%23.nd2")
      #expect(
        try url { $0.interface = .json }
          == "https://storage.googleapis.com/storage/v1/b/b/o/a%20b%2F%C3%BC%23.nd2?alt=media")
    }

    @Test("Objects of an emulator are asked for by the JSON interface")
    func objectsOfAnEmulator() throws {
      for host in ["localhost:9023", "http://localhost:9023", "http://localhost:9023/storage/v1/"] {
        #expect(
          try url("k", ["STORAGE_EMULATOR_HOST": host])
            == "http://localhost:9023/storage/v1/b/b/o/k?alt=media")
      }
    }

    @Test("A generation is asked for")
    func aGenerationIsAsked() throws {
      let address = try GCSAuthorizer.address(
        of: .init(bucket: "b", name: "k", generation: "12"), options: options([:]))
      #expect(address.url == "https://storage.googleapis.com/b/k?generation=12")
    }

    private func token(
      _ variables: [String: String], _ sender: StubSender = .none
    ) async throws -> String? {
      try await GoogleTokens(options: options(variables), sender: sender).fetch().value?.text
    }

    @Test("The environment has a token")
    func theEnvironmentHasA() async throws {
      #expect(try await token(["GOOGLE_OAUTH_ACCESS_TOKEN": "t1"]) == "t1")
      #expect(try await token(["CLOUDSDK_AUTH_ACCESS_TOKEN": "t2\n"]) == "t2")
      await #expect(throws: ND2Error.self) {
        try await token(["GOOGLE_OAUTH_ACCESS_TOKEN": "a\r\nX: b"])
      }
      #expect(try await token([:]) == nil)
    }

    /// Made for these tests: `openssl genrsa 2048`. It opens nothing.
    private static func privateKey(in folder: TemporaryDirectory) throws -> String? {
      guard let python = PeerPython.shared else { return nil }
      let path = folder.file("key.pem")
      let made = try python.run(
        code: "import subprocess as s\ns.run(['openssl','genpkey','-algorithm','RSA','-out',"
          + "'\(path)'], check=True, stderr=s.DEVNULL)")
      return made.status == 0 ? String(decoding: try folder.read("key.pem"), as: UTF8.self) : nil
    }

    @Test("A service account signs a statement that its public key confirms")
    func aServiceAccountSigns() async throws {
      let folder = folder
      guard let key = try await Offload.run({ try Self.privateKey(in: folder) }) else { return }
      let document: JSONValue = .object([
        .init("type", "service_account"), .init("client_email", "a@b"),
        .init("private_key_id", "7"), .init("private_key", .string(key)),
        .init("token_uri", "http://127.0.0.1:1/token"),
      ])
      let file = try folder.write(Array(document.text().utf8), as: "account.json")
      let sender = StubSender { _ in
        RemoteResponse(200, #"{"access_token": "fresh", "expires_in": 3600}"#)
      }
      #expect(try await token(["GOOGLE_APPLICATION_CREDENTIALS": file], sender) == "fresh")
      let body = try #require(sender.requests.first).bodyText
      #expect(body.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"))
      let assertion = try #require(body.split(separator: "assertion=").last)
      _ = try folder.write(Array(assertion.utf8), as: "assertion")
      let check = """
        import base64, json, subprocess
        h, c, s = open('\(folder.file("assertion"))').read().split('.')
        plain = lambda t: base64.urlsafe_b64decode(t + '=' * (-len(t) % 4))
        assert json.loads(plain(h)) == {'alg': 'RS256', 'typ': 'JWT', 'kid': '7'}
        claims = json.loads(plain(c))
        assert claims['iss'] == 'a@b' and claims['exp'] - claims['iat'] == 3600
        assert claims['aud'] == 'http://127.0.0.1:1/token'
        open('\(folder.file("text"))', 'w').write(h + '.' + c)
        open('\(folder.file("signature"))', 'wb').write(plain(s))
        run = lambda *a: subprocess.run(['openssl', *a], cwd='\(folder.path)', check=True)
        run('pkey', '-in', 'key.pem', '-pubout', '-out', 'public.pem')
        run('dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'text')
        """
      let python = try #require(PeerPython.shared)
      let outcome = try await Offload.run { try python.run(code: check) }
      #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("A user's login is refreshed, also from its usual place")
    func aUsersLoginIs() async throws {
      let document =
        #"{"type": "authorized_user", "client_id": "c", "client_secret": "s&", "#
        + #""refresh_token": "r"}"#
      _ = try folder.write(
        Array(document.utf8), as: "application_default_credentials.json")
      let sender = StubSender { _ in
        RemoteResponse(200, #"{"access_token": "fresh", "expires_in": 3600}"#)
      }
      #expect(try await token(["CLOUDSDK_CONFIG": folder.path], sender) == "fresh")
      let request = try #require(sender.requests.first)
      #expect(request.url == "https://oauth2.googleapis.com/token")
      #expect(
        request.bodyText
          == "grant_type=refresh_token&client_id=c&client_secret=s%26&refresh_token=r")
    }

    @Test("Tokens are not asked for without TLS at other machines")
    func tokensAreNotAsked() async throws {
      let document =
        #"{"type": "authorized_user", "client_id": "c", "client_secret": "s", "#
        + #""refresh_token": "r", "token_uri": "http://example.com/"}"#
      let file = try folder.write(Array(document.utf8), as: "x.json")
      await #expect(throws: ND2Error.self) {
        try await token(["GOOGLE_APPLICATION_CREDENTIALS": file])
      }
    }

    @Test("A file of credentials that is wrong is an error with its name")
    func aFileOfCredentials() async throws {
      for text in ["", "{}", #"{"type": "external_account"}"#, #"{"type": "service_account"}"#] {
        let file = try folder.write(Array(text.utf8), as: "x.json")
        await #expect(throws: ND2Error.self) {
          try await token(["GOOGLE_APPLICATION_CREDENTIALS": file])
        }
      }
    }

    @Test("A machine of Google gives a token")
    func aMachineOfGoogle() async throws {
      let sender = StubSender { request in
        guard request.header("Metadata-Flavor") == "Google" else { return .init(status: 403) }
        return RemoteResponse(
          200, #"{"access_token": "m", "expires_in": 100}"#,
          headers: [("metadata-flavor", "Google")])
      }
      let variables = ["NO_GCE_CHECK": "false", "GCE_METADATA_HOST": "127.0.0.1:1"]
      #expect(try await token(variables, sender) == "m")
    }

    @Test("A token that is refused is fetched anew")
    func aTokenThatIs() async throws {
      let object = RemoteAddress.GCSObject(bucket: "b", name: "k")
      var options = options([:])
      options.accessToken = "SECRETTOKEN"
      options.userProject = "p"
      let authorizer = try GCSAuthorizer(object, options: options, sender: StubSender.none)
      var request = RemoteRequest(.get, authorizer.url)
      try await authorizer.authorize(&request)
      #expect(request.header("Authorization") == "Bearer SECRETTOKEN")
      #expect(request.header("x-goog-user-project") == "p")
      let answer = RemoteResponse(401, #"{"error": {"message": "no: SECRETTOKEN"}}"#)
      #expect(try await authorizer.shouldRetry(request, after: answer))
      #expect(authorizer.explanation(of: answer) == "no: …")
    }
  }
#endif
