#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import Testing

  @Suite("Names and passwords", .enabled(if: NginxServer.isPresent))
  struct NginxCredentialTests {
    private static let bytes = ServedObject.pattern(500_000)
    /// ada:s3cret
    private static let right = "Basic YWRhOnMzY3JldA=="

    /// A server that wants a name and a password.
    private func guarded(_ certificate: Certificates.Kind? = nil) async throws -> NginxServer {
      let server = try await NginxServer.start(
        "auth_basic files; auth_basic_user_file \"FOLDER/passwords\";",
        certificate: certificate, files: ["file.nd2": Self.bytes])
      _ = try server.write("ada:{PLAIN}s3cret\n", as: "passwords")
      return server
    }

    private func netrc(_ server: NginxServer, _ text: String) throws -> String {
      try server.write(text, as: "netrc")
    }

    @Test("A name and a password of a header, the address or a netrc file are enough")
    func right() async throws {
      let server = try await guarded()
      let byHeader = try await server.expect(Self.bytes) {
        $0.headers = [("Authorization", Self.right)]
      }
      #expect(byHeader.isRight)
      let file = try netrc(server, "machine 127.0.0.1 login ada password s3cret\n")
      #expect(try await server.expect(Self.bytes) { $0.netrcFile = file }.isRight)
      let source = try RemoteSource(
        "http://ada:s3cret@127.0.0.1:\(server.port)/file.nd2", options: server.options)
      #expect(try await source.byteCount() == 500_000)
      #expect(!source.name.contains("s3cret"))
    }

    @Test("A header goes before the netrc file") func headerFirst() async throws {
      let server = try await guarded()
      let file = try netrc(server, "machine 127.0.0.1 login ada password other\n")
      let read = try await server.expect(Self.bytes) {
        $0.netrcFile = file
        $0.headers = [("Authorization", Self.right)]
      }
      #expect(read.isRight)
    }

    @Test(
      "Wrong passwords and missing ones are errors at once, which do not show them",
      arguments: ["header", "address", "netrc", "nothing", "other machine"])
    func wrong(_ kind: String) async throws {
      let server = try await guarded()
      var options = server.options
      var address = server.url()
      switch kind {
      case "header": options.headers = [("Authorization", "Basic YWRhOldST05H")]  // ada:WRONG
      case "address": address = "http://ada:WRONG@127.0.0.1:\(server.port)/file.nd2"
      case "netrc":
        options.netrcFile = try netrc(server, "machine 127.0.0.1 login ada password WRONG\n")
      case "other machine":
        options.netrcFile = try netrc(server, "machine example.org login ada password WRONG\n")
      default: break
      }
      let source = try RemoteSource(address, options: options)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .io)
      let text = "\(error as Any)"
      let isSent = kind != "nothing" && kind != "other machine"
      #expect(text.contains("credentials") && text.contains("HTTP 401"), "\(text)")
      #expect(!text.contains("WRONG") && !text.contains("YWRhOldST05H"))
      #expect(source.statistics.retries == 0)
      let requests = try await server.requests(source.statistics.requests)
      #expect(requests.allSatisfy { ($0.authorization == "-") != isSent })
    }

    @Test("A netrc file that is not there is an error") func noFile() async throws {
      let server = try await guarded()
      let error = await failure {
        _ = try await server.source { $0.netrcFile = "/nowhere/netrc" }.byteCount()
      }
      #expect(error?.message.contains("netrc") == true, "\(error as Any)")
      #expect(error?.message.contains("cannot be read") == true)
    }

    @Test(
      "What netrc says of a host is not sent to another one",
      arguments: ["machine 127.0.0.1", "default"])
    func otherHost(_ entry: String) async throws {
      let other = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      let server = try await NginxServer.start(
        "return 302 \(other.url(host: "localhost"));")
      let file = try netrc(server, "\(entry) login ada password s3cret\n")
      let read = try await server.expect(
        Self.bytes, ranges: [100_000..<110_000, 150_000..<150_001]
      ) { $0.netrcFile = file }
      #expect(read.isRight)
      let first = try await server.requests(2)
      #expect(first.allSatisfy { $0.authorization == Self.right })
      let second = try await other.requests(read.source.statistics.requests - first.count)
      #expect(second.count >= 3)
      #expect(second.allSatisfy { $0.authorization == "-" })
    }

    @Test("A redirect on the same host keeps what netrc says") func sameHost() async throws {
      let server = try await guarded()
      let first = try await NginxServer.start("return 302 \(server.url());")
      let file = try netrc(server, "machine 127.0.0.1 login ada password s3cret\n")
      #expect(try await first.expect(Self.bytes) { $0.netrcFile = file }.isRight)
    }

    @Test(
      "What netrc says is not sent in the clear after a secure address",
      .enabled(if: Certificates.arePresent))
    func downgrade() async throws {
      let plain = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      let secure = try await NginxServer.start(
        "return 302 \(plain.url());", certificate: .valid)
      let file = try netrc(secure, "machine 127.0.0.1 login ada password s3cret\n")
      let read = try await secure.expect(
        Self.bytes, ranges: [100_000..<110_000, 150_000..<150_001]
      ) { $0.netrcFile = file }
      #expect(read.isRight)
      let first = try await secure.requests(2)
      let second = try await plain.requests(read.source.statistics.requests - first.count)
      #expect(!second.isEmpty && second.allSatisfy { $0.authorization == "-" })
    }
  }
#endif
