#if Remote
  import ND2
  import Synchronization
  import Testing

  @testable import ND2Remote

  @Suite("Redirects and credentials") struct RedirectTests {
    private static func redirect(_ url: String, status: Int = 302) -> TestServer.Action {
      .respond(TestServer.Response(status: status, headers: [("Location", url)]))
    }

    private static var secrets: RemoteOptions {
      var options = RemoteOptions.quick
      options.headers = [("Authorization", "Bearer TOPSECRET"), ("X-Api-Key", "TOPSECRET")]
      return options
    }

    @Test(
      "Credentials go to the host they are for, and to no other",
      arguments: [301, 302, 303, 307, 308])
    func otherHost(_ status: Int) async throws {
      let object = ServedObject(2_000_000)
      let other = try object.server()
      defer { other.stop() }
      let server = try TestServer { _ in Self.redirect(other.otherURL("/moved"), status: status) }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: Self.secrets)
      #expect(
        try await source.place([1_000_000..<1_000_100])[0]
          == Array(object.bytes[1_000_000..<1_000_100]))
      #expect(server.requests.allSatisfy { $0.header("x-api-key") == "TOPSECRET" })
      #expect(!other.requests.isEmpty)
      for request in other.requests {
        #expect(!request.headers.contains { $0.value.contains("TOPSECRET") })
        #expect(request.header("range") != nil)
      }
      // Where it leads is remembered.
      #expect(server.requests.count == 2)
      #expect(other.requests.last?.header("if-match") == "\"v1\"")
    }

    @Test("Credentials stay when only the path changes") func samePlace() async throws {
      let object = ServedObject(100_000)
      let server = try TestServer { request in
        request.target == "/b"
          ? .respond(object.response(request)) : Self.redirect("b")
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url("/a"), options: Self.secrets)
      _ = try await source.byteCount()
      let moved = server.requests.filter { $0.target == "/b" }
      #expect(moved.count == 2)
      #expect(moved.allSatisfy { $0.header("authorization") == "Bearer TOPSECRET" })
    }

    @Test("A new address that is no longer valid is asked for again") func expired() async throws {
      let object = ServedObject(2_000_000)
      let number = Atomic(0)
      let server = try TestServer { request in
        if request.target == "/file.nd2" {
          return Self.redirect("/signed-\(number.load(ordering: .relaxed))")
        }
        return request.target == "/signed-\(number.load(ordering: .relaxed))"
          ? .respond(object.response(request)) : .respond(TestServer.Response(status: 403))
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.byteCount()
      number.store(1, ordering: .relaxed)
      #expect(
        try await source.place([1_000_000..<1_000_100])[0]
          == Array(object.bytes[1_000_000..<1_000_100]))
    }

    @Test(
      "Redirects that never end, or to other schemes, are errors",
      arguments: [
        "/file.nd2", "file:///etc/passwd", "ftp://localhost/x", "gopher://localhost/x", "http://",
      ])
    func refused(_ location: String) async throws {
      let server = try TestServer { _ in Self.redirect(location) }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("redirects") == true)
      #expect(server.requests.count <= 24)
    }

    @Test("Nothing secret is taken from https to http") func downgrade() {
      let head = ResponseHead(status: 302, headers: [("Location", "http://host/x")])
      var request = RemoteRequest(.get, "https://host/x", headers: [("X-Key", "k")])
      if case .failure? = Redirect.follow(request, head) {} else { Issue.record("followed") }
      request.headers = []
      if case .success? = Redirect.follow(request, head) {} else { Issue.record("not followed") }
      request.url = "https://user:password@host/x"
      if case .failure? = Redirect.follow(request, head) {} else { Issue.record("followed") }
    }

    @Test("Another port, scheme or host is another server") func origins() {
      let address = WebAddress("http://host/a?b")
      #expect(address?.isSameOrigin(WebAddress("http://HOST:80/c")!) == true)
      for other in ["https://host/a", "http://host:81/a", "http://host.b/a"] {
        #expect(address?.isSameOrigin(WebAddress(other)!) == false)
      }
      #expect(WebAddress("ftp://host/a") == nil)
    }

    @Test("Errors and names hold nothing secret") func redaction() async throws {
      let server = try TestServer { _ in .respond(TestServer.Response(status: 403)) }
      defer { server.stop() }
      let address =
        "http://user:TOPSECRET@127.0.0.1:\(server.port)/a.nd2?sig=TOPSECRET#TOPSECRET"
      let source = try RemoteSource(address, options: Self.secrets)
      #expect(source.name == "http://127.0.0.1:\(server.port)/a.nd2?…")
      let error = await failure { _ = try await source.byteCount() }
      #expect(error != nil)
      #expect(!"\(error.map { String(reflecting: $0) } ?? "")".contains("TOPSECRET"))
      #expect(server.requests.first?.target == "/a.nd2?sig=TOPSECRET")
      server.stop()
      var options = Self.secrets
      options.maxRetries = 0
      let dead = try RemoteSource(address, options: options)
      let second = await failure { _ = try await dead.byteCount() }
      #expect(!String(reflecting: second).contains("TOPSECRET"))
      let bad = ["http://user:TOPSECRET@/x", "http://u:TOPSECRET@host:99999/x?a=TOPSECRET"]
      for address in bad {
        let error = await failure { _ = try RemoteSource(address) }
        #expect(error != nil && !String(reflecting: error).contains("TOPSECRET"))
      }
    }

    @Test("Headers that would change the request are refused") func injection() {
      var options = RemoteOptions()
      options.headers = [("X-A", "b\r\nX-Evil: TOPSECRET")]
      #expect(throws: ND2Error.self) { try RemoteSource("http://host/x", options: options) }
      options.headers = [("X A", "b")]
      #expect(throws: ND2Error.self) { try RemoteSource("http://host/x", options: options) }
    }
  }
#endif
