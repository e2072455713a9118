#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import Testing

  @Suite("Proxies", .enabled(if: NginxServer.isPresent)) struct NginxProxyTests {
    private static let bytes = ServedObject.pattern(500_000)
    private static let forwards = """
      location / {
        proxy_pass http://$http_host$request_uri;
        proxy_http_version 1.1;
        proxy_buffering off;
      }
      """

    /// A proxy that opens tunnels, or refuses with a status.
    private func tunnels(
      refusing status: Int? = nil, times: Int = .max, credentials: String? = nil
    ) throws -> TestServer {
      try TestServer { request in
        if let credentials, request.header("proxy-authorization") != credentials {
          return .respond(
            TestServer.Response(
              status: 407, headers: [("Proxy-Authenticate", "Basic realm=\"way\"")]))
        }
        if let status, request.ordinal < times {
          return .respond(TestServer.Response(status: status))
        }
        guard request.method == "CONNECT", let colon = request.target.lastIndex(of: ":"),
          let port = UInt16(request.target[colon...].dropFirst())
        else { return .respond(ServedObject(bytes: Self.bytes).response(request)) }
        return .tunnel(port)
      }
    }

    @Test("Requests go through a proxy when one is named") func plain() async throws {
      let server = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      let proxy = try await NginxServer.start(Self.forwards)
      let read = try await server.expect(Self.bytes, ranges: [100_000..<110_000]) {
        $0.proxy = "http://127.0.0.1:\(proxy.port)"
      }
      #expect(read.isRight)
      let count = read.source.statistics.requests
      #expect(try await proxy.requests(count).count == count)
      #expect(try await server.requests(count).count == count)
      #expect(try await server.requests().allSatisfy { $0.status == 206 })
    }

    @Test(
      "Hosts that shall be reached straight are",
      arguments: ["127.0.0.1", "example.org, 127.0.0.1", "*"])
    func straight(_ hosts: String) async throws {
      let server = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      let proxy = try await NginxServer.start(Self.forwards)
      let read = try await server.expect(Self.bytes) {
        $0.proxy = "http://127.0.0.1:\(proxy.port)"
        $0.noProxy = hosts
      }
      #expect(read.isRight)
      #expect(try await server.requests(2).count >= 2)
      #expect(try await proxy.requests().isEmpty)
    }

    @Test(
      "Secure addresses are read by tunnels, and the proxy sees nothing of them",
      .enabled(if: Certificates.arePresent), arguments: [NginxWay.tls, .http2])
    func tunnel(_ way: NginxWay) async throws {
      let server = try await way.server(files: ["file.nd2": Self.bytes])
      let proxy = try tunnels()
      defer { proxy.stop() }
      let read = try await server.expect(Self.bytes, ranges: [100_000..<110_000]) {
        $0.proxy = "http://127.0.0.1:\(proxy.port)"
        $0.headers = [("Authorization", "Bearer TOPSECRET")]
      }
      #expect(read.isRight)
      #expect(!proxy.requests.isEmpty)
      for request in proxy.requests {
        #expect(request.method == "CONNECT")
        #expect(!request.headers.contains { $0.value.contains("TOPSECRET") })
      }
      let requests = try await server.requests(read.source.statistics.requests)
      #expect(requests.allSatisfy { $0.authorization == "Bearer TOPSECRET" })
      #expect(Set(requests.map(\.version)) == [way.version])
    }

    @Test(
      "A proxy that refuses is an error at once that says so",
      .enabled(if: Certificates.arePresent), arguments: [403, 407, 405])
    func refusing(_ status: Int) async throws {
      let server = try await NginxWay.tls.server(files: ["file.nd2": Self.bytes])
      let proxy = try tunnels(refusing: status)
      defer { proxy.stop() }
      let source = try server.source { $0.proxy = "http://me:s3cret@127.0.0.1:\(proxy.port)" }
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .io)
      let text = "\(error as Any)"
      #expect(text.contains("proxy") && text.contains("HTTP \(status)"), "\(text)")
      #expect(!text.contains("s3cret"))
      #expect(source.statistics.retries == 0)
    }

    @Test(
      "A proxy that is too busy is asked again", .enabled(if: Certificates.arePresent))
    func busy() async throws {
      let server = try await NginxWay.tls.server(files: ["file.nd2": Self.bytes])
      let proxy = try tunnels(refusing: 503, times: 3)
      defer { proxy.stop() }
      let read = try await server.expect(Self.bytes) {
        $0.proxy = "http://127.0.0.1:\(proxy.port)"
      }
      #expect(read.isRight)
      #expect(read.source.statistics.retries == 3)
    }

    @Test("A proxy gets its name and password, and no server does", arguments: NginxWay.present)
    func credentials(_ way: NginxWay) async throws {
      let server = try await way.server(files: ["file.nd2": Self.bytes])
      // ada:s3cret
      let proxy = try tunnels(credentials: "Basic YWRhOnMzY3JldA==")
      defer { proxy.stop() }
      let read = try await server.expect(Self.bytes) {
        $0.proxy = "http://ada:s3cret@127.0.0.1:\(proxy.port)"
      }
      #expect(read.isRight)
      #expect(try await server.requests().allSatisfy { $0.authorization == "-" })

      let source = try server.source { $0.proxy = "http://ada:WRONG@127.0.0.1:\(proxy.port)" }
      let error = await failure { _ = try await source.byteCount() }
      let text = "\(error as Any)"
      #expect(text.contains("the proxy wants") && text.contains("HTTP 407"), "\(text)")
      #expect(!text.contains("WRONG"))
      #expect(source.statistics.retries == 0)
    }

    @Test("A proxy that is not there is an error that speaks of it") func absent() async throws {
      let server = try await NginxServer.start(files: ["file.nd2": Self.bytes])
      let port = try LoopbackSocket.freePort()
      let source = try server.source {
        $0.proxy = "http://127.0.0.1:\(port)"
        $0.maxRetries = 1
      }
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("proxy") == true, "\(error as Any)")
      #expect(try await server.requests().isEmpty)
    }
  }
#endif
