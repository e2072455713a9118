#if Remote
  import ND2
  import ND2TestSupport
  import Testing

  @testable import ND2Remote

  /// Reading from moto, which checks signatures.
  @Suite(.enabled(if: CloudServer.isPresent(.s3)), .serialized)
  struct S3ServerTests {
    private let server: CloudServer
    private let requests = SingleRequests()

    init() async throws { server = try await CloudServer.shared(.s3) }

    private func options(_ change: (inout S3Options) -> Void = { _ in }) -> RemoteOptions {
      var options = RemoteOptions()
      options.s3 = S3Options(environment: [
        "AWS_ENDPOINT_URL": server.url, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere",
        "AWS_ACCESS_KEY_ID": server.text("accessKey"),
        "AWS_SECRET_ACCESS_KEY": server.text("secretKey"),
      ])
      change(&options.s3)
      return options
    }

    private var names: [String] { server.facts["names"]?.elements.compactMap(\.string) ?? [] }

    @Test("Objects of all names are read in parts")
    func objectsOfAllNames() async throws {
      for bucket in ["images", "bucket.with.dots"] {
        for name in names {
          let target = try requests.target("s3://\(bucket)/\(name)", options())
          let part = try await requests.get(target, range: .span(1000..<70_000))
          #expect(part.status == 206, "\(part.body.prefix(300))")
          #expect(part.body == ServerObjects.bytes(1000..<70_000))
          #expect(part.header("Content-Range") == "bytes 1000-69999/300000")
          let end = try await requests.get(target, range: .suffix(100))
          #expect(end.body == ServerObjects.bytes(299_900..<300_000))
          let tag = try #require(end.header("ETag"))
          let same = try await requests.get(target, range: .suffix(1), headers: [("If-Match", tag)])
          #expect(same.status == 206)
          let head = try await requests.get(target, method: .head)
          #expect(head.status == 200)
        }
      }
    }

    @Test("Temporary keys are read with")
    func temporaryKeysAreRead() async throws {
      let target = try requests.target(
        "s3://images/\(names[1])",
        options {
          $0.credentials = .init(
            accessKeyID: server.text("temporaryAccessKey"),
            secretAccessKey: Secret(server.text("temporarySecretKey")),
            sessionToken: Secret(server.text("temporaryToken")))
        })
      #expect(try await requests.get(target, range: .suffix(1)).status == 206)
    }

    @Test("A role is taken with the keys of a profile")
    func aRoleIsTaken() async throws {
      let folder = try TemporaryDirectory()
      let text = """
        [profile reading]
        role_arn = \(server.text("role"))
        source_profile = base
        [profile base]
        aws_access_key_id = \(server.text("accessKey"))
        aws_secret_access_key = \(server.text("secretKey"))
        """
      let file = try folder.write(Array(text.utf8), as: "config")
      var options = RemoteOptions()
      options.s3 = S3Options(environment: [
        "AWS_ENDPOINT_URL": server.url, "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": folder.path, "AWS_CONFIG_FILE": file, "AWS_PROFILE": "reading",
      ])
      let target = try requests.target("s3://images/plain.nd2", options)
      #expect(try await requests.get(target, range: .suffix(1)).status == 206)
    }

    @Test("A version is read")
    func aVersionIsRead() async throws {
      let address = "s3://images/versions.nd2?versionId=\(server.text("firstVersion"))"
      let answer = try await requests.get(try requests.target(address, options()))
      #expect(answer.body == Array("first".utf8))
    }

    @Test("Public objects are read without keys, others are not")
    func publicObjects() async throws {
      // With signatures checked, moto wants one for all objects.
      let lenient = try await CloudServer.start(.s3, arguments: ["--allow-anonymous"])
      let options = options {
        $0.isAnonymous = true
        $0.endpoint = lenient.url
      }
      let open = try requests.target("s3://images/public.nd2", options)
      #expect(try await requests.get(open, range: .span(0..<10)).status == 206)
      let closed = try requests.target("s3://images/plain.nd2", options)
      let answer = try await requests.get(closed)
      #expect(answer.status == 403)
      #expect(closed.authorizer?.explanation(of: answer)?.contains("anonymous") == true)
    }

    @Test("Wrong keys are refused with a reason that holds no secret")
    func wrongKeysAreRefused() async throws {
      let target = try requests.target(
        "s3://images/plain.nd2",
        options {
          $0.credentials = .init(
            accessKeyID: server.text("accessKey"), secretAccessKey: "WRONGSECRET")
        })
      let answer = try await requests.get(target)
      #expect(answer.status == 403)
      let reason = try #require(target.authorizer?.explanation(of: answer))
      #expect(reason.hasPrefix("SignatureDoesNotMatch"))
      #expect(!reason.contains("WRONGSECRET"))
    }

    @Test("What is not there is said to be so")
    func whatIsNotThere() async throws {
      let target = try requests.target("s3://images/none.nd2", options())
      let answer = try await requests.get(target)
      #expect(answer.status == 404)
      #expect(target.authorizer?.explanation(of: answer)?.hasPrefix("NoSuchKey") == true)
    }

    @Test("An address that was signed beforehand is read as it is")
    func anAddressThatWas() async throws {
      // moto cannot check these while it checks the others.
      let lenient = try await CloudServer.start(.s3, arguments: ["--allow-anonymous"])
      let web = try WebLocation(parsing: lenient.text("presigned"))
      let answer = try await requests.send(RemoteRequest(.get, web.url, range: .span(0..<10)))
      #expect(answer.body == ServerObjects.bytes(0..<10))
      #expect(!web.redacted.contains("Signature"))
    }
  }

  /// Reading from fake-gcs-server.
  @Suite(.enabled(if: CloudServer.isPresent(.gcs)), .serialized)
  struct GCSServerTests {
    private let server: CloudServer
    private let requests = SingleRequests()

    init() async throws { server = try await CloudServer.shared(.gcs) }

    @Test("Objects of all names are read in parts", arguments: GCSOptions.Interface.allCases)
    func parts(interface: GCSOptions.Interface) async throws {
      var options = RemoteOptions()
      options.gcs = GCSOptions(environment: [
        "STORAGE_EMULATOR_HOST": server.url, "NO_GCE_CHECK": "true", "HOME": "/nowhere",
      ])
      options.gcs.interface = interface
      for name in server.facts["names"]?.elements.compactMap(\.string) ?? [] {
        let target = try requests.target("gs://images/\(name)", options)
        let part = try await requests.get(target, range: .span(1000..<70_000))
        #expect(part.status == 206)
        #expect(part.body == ServerObjects.bytes(1000..<70_000))
        #expect(part.header("ETag") != nil)
        #expect(part.header("X-Goog-Generation") != nil)
        let end = try await requests.get(target, range: .suffix(100))
        #expect(end.body == ServerObjects.bytes(299_900..<300_000))
      }
      let name = "plain.nd2#\(server.text("generation"))"
      let version = try await requests.get(
        try requests.target("gs://images/\(name)", options), range: .span(0..<2))
      #expect(version.body == ServerObjects.bytes(0..<2))
      let none = try requests.target("gs://images/none", options)
      #expect(try await requests.get(none).status == 404)
    }
  }

  /// Reading from the stub of Azure, which checks signatures.
  @Suite(.enabled(if: CloudServer.isPresent(.azure)), .serialized)
  struct AzureServerTests {
    private let server: CloudServer
    private let requests = SingleRequests()

    init() async throws { server = try await CloudServer.shared(.azure) }

    private func options(
      _ server: CloudServer? = nil, _ change: (inout AzureOptions) -> Void
    ) -> RemoteOptions {
      var options = RemoteOptions()
      let server = server ?? self.server
      options.azure = AzureOptions(environment: ["AZURE_METADATA_DISABLED": "true"])
      options.azure.account = server.text("account")
      options.azure.endpoint = "\(server.url)/\(server.text("account"))"
      change(&options.azure)
      return options
    }

    private var names: [String] { server.facts["names"]?.elements.compactMap(\.string) ?? [] }

    private func reads(_ address: String, _ options: RemoteOptions) async throws {
      let target = try requests.target(address, options)
      let part = try await requests.get(target, range: .span(1000..<70_000))
      #expect(part.status == 206, "\(target.authorizer?.explanation(of: part) ?? "")")
      #expect(part.body == ServerObjects.bytes(1000..<70_000))
      let tag = try #require(part.header("ETag"))
      let same = try await requests.get(target, range: .span(0..<1), headers: [("If-Match", tag)])
      #expect(same.status == 206)
      let other = try await requests.get(
        target, range: .span(0..<1), headers: [("If-Match", "\"x\"")])
      #expect(other.status == 412)
    }

    @Test("The stub is accepted by Azure's own library")
    func theStubIsAccepted() async throws {
      let python = try #require(PeerPython.shared)
      let outcome = try await Offload.run {
        try python.run(scriptAt: "\(CloudServer.folder)/check_azure_stub.py")
      }
      #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("Blobs of all names are read in parts with the key")
    func blobsOfAllNames() async throws {
      for name in names {
        try await reads(
          "az://images/\(name)", options { $0.accountKey = Secret(server.text("key")) })
      }
    }

    @Test("Blobs are read with the signatures that Azure's own library makes")
    func blobsAreReadWith() async throws {
      for kind in ["blobSignature", "containerSignature", "accountSignature"] {
        try await reads(
          "az://images/\(names[1])",
          options { $0.sharedAccessSignature = Secret(server.text(kind)) })
      }
      try await reads("az://images/\(names[1])?\(server.text("blobSignature"))", options { _ in })
    }

    @Test("Open blobs are read without anything, others are not")
    func openBlobsAreRead() async throws {
      try await reads("az://open/\(names[1])", options { $0.isAnonymous = true })
      let closed = try requests.target("az://images/\(names[0])", options { $0.isAnonymous = true })
      let answer = try await requests.get(closed)
      #expect(answer.status == 404)
      #expect(closed.authorizer?.explanation(of: answer)?.contains("anonymous") == true)
    }

    @Test("Blobs are read with a token")
    func blobsAreReadWithA() async throws {
      try await reads("az://images/\(names[0])", options { $0.accessToken = "a-good-token" })
    }

    @Test("A wrong key or signature is refused with a reason that holds no secret")
    func aWrongKeyOr() async throws {
      let wrong = "V1JPTkdTRUNSRVQ="
      let signature = "sv=2026-10-06&sr=b&sp=r&se=2099-01-01&sig=\(wrong)"
      for options in [
        options { $0.accountKey = Secret(wrong) },
        options { $0.sharedAccessSignature = Secret(signature) },
      ] {
        let target = try requests.target("az://images/\(names[0])", options)
        let answer = try await requests.get(target)
        #expect(answer.status == 403)
        let reason = try #require(target.authorizer?.explanation(of: answer))
        #expect(reason.hasPrefix("AuthenticationFailed: S"))
        #expect(!reason.contains(wrong))
      }
    }

    @Test("A clock that is an hour wrong is corrected")
    func aClockThatIs() async throws {
      let late = try await CloudServer.start(.azure, arguments: ["3600"])
      try await reads(
        "az://images/\(names[0])", options(late) { $0.accountKey = Secret(late.text("key")) })
    }
  }
#endif
