#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import Testing

  @Suite("Certificates", .enabled(if: NginxServer.isPresentWithCertificates))
  struct NginxTLSTests {
    private static let bytes = ServedObject.pattern(500_000)

    private func server(_ kind: Certificates.Kind) async throws -> NginxServer {
      try await NginxServer.start(certificate: kind, files: ["file.nd2": Self.bytes])
    }

    private func failing(
      _ server: NginxServer, _ change: (inout RemoteOptions) -> Void = { _ in }
    ) async throws -> String {
      let source = try server.source("/file.nd2", change)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .io)
      #expect(source.statistics.retries == 0)
      return error?.message ?? ""
    }

    @Test("A certificate of an authority that one trusts is enough") func trusted() async throws {
      let server = try await server(.valid)
      #expect(try await server.expect(Self.bytes).isRight)
      let byName = try RemoteSource(
        server.url(host: "localhost"), options: server.options)
      #expect(try await byName.byteCount() == 500_000)
    }

    @Test(
      "What is wrong with a certificate is said, and is not tried again",
      arguments: [
        (Certificates.Kind.otherHost, "is for another host"), (.expired, "has expired"),
        (.notYet, "is not valid yet"), (.selfSigned, "no authority that is trusted"),
      ])
    func wrong(_ kind: Certificates.Kind, _ reason: String) async throws {
      let message = try await failing(try await server(kind))
      #expect(message.contains("certificate"))
      #expect(message.contains(reason), "\(message)")
    }

    @Test("The system does not trust just any authority") func untrusted() async throws {
      let server = try await server(.valid)
      let message = try await failing(server) { $0.certificateFile = nil }
      #expect(message.contains("no authority that is trusted"), "\(message)")
    }

    @Test(
      "Without checks every certificate will do, for this source only",
      arguments: Certificates.Kind.allCases)
    func unchecked(_ kind: Certificates.Kind) async throws {
      let server = try await server(kind)
      let read = try await server.expect(Self.bytes) {
        $0.certificateFile = nil
        $0.allowsUncheckedCertificates = true
      }
      #expect(read.isRight)
      // The connection is still there, but not for those who want to know.
      _ = try await failing(server) { $0.certificateFile = nil }
    }

    @Test("A file of certificates that holds none is an error", arguments: [true, false])
    func noCertificates(_ isThere: Bool) async throws {
      let server = try await server(.valid)
      let file = try server.write("nothing", as: "certificates")
      let message = try await failing(server) {
        $0.certificateFile = isThere ? file : file + "-not-there"
      }
      #expect(message.contains("the file of certificates cannot be read"), "\(message)")
    }

    @Test("A server that speaks no TLS is an error that says so") func plain() async throws {
      let server = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      var options = server.options
      options.maxRetries = 1
      let source = try RemoteSource(
        "https://127.0.0.1:\(server.port)/file.nd2", options: options)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("no secure connection") == true, "\(error as Any)")
    }

    @Test("A redirect to a secure address is followed, and one back is not with credentials")
    func redirects() async throws {
      let secure = try await server(.valid)
      let plain = try await NginxServer.start(
        "return 302 \(secure.url());", files: ["file.nd2": Self.bytes])
      var options = secure.options
      #expect(try await RemoteSource(plain.url(), options: options).byteCount() == 500_000)

      let back = try await NginxServer.start(
        "location = /back { return 302 http://127.0.0.1:\(plain.port)/file.nd2; }",
        certificate: .valid)
      options = back.options
      options.headers = [("Authorization", "Bearer TOPSECRET")]
      let source = try RemoteSource(back.url("/back"), options: options)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("from https to http") == true, "\(error as Any)")
    }
  }
#endif
