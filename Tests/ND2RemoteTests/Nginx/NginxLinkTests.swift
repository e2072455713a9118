#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import ND2Writer
  import Testing

  /// Reading over a way on which requests take long and bytes come slowly.
  ///
  /// One test after the other: all at once would need more connections than are kept.
  @Suite(
    "Long and narrow ways", .enabled(if: NginxServer.isPresent), .serialized,
    .timeLimit(.minutes(5)))
  struct NginxLinkTests {
    /// A server behind such a way.
    private func far(
      _ way: NginxWay, _ bytes: [UInt8], delay: Double = 0.03
    ) async throws -> (server: NginxServer, link: DelayedLink, source: RemoteSource) {
      let server = try await way.server("limit_rate 2m;", files: ["file.nd2": bytes])
      let link = try DelayedLink(to: server.port, delay: delay)
      let scheme = way == .http1 ? "http" : "https"
      let source = try RemoteSource(
        "\(scheme)://127.0.0.1:\(link.port)/file.nd2", options: server.options)
      return (server, link, source)
    }

    @Test("An ordinary file opens with two requests in one wave", arguments: NginxWay.present)
    func opening(_ way: NginxWay) async throws {
      let sample = SampleFile(width: 300, height: 300, loops: [.time(count: 20)])
      let (server, link, source) = try await far(way, try sample.bytes(), delay: 0.5)
      defer { link.stop() }
      let file = try await ND2File(reading: source)
      #expect(file.frameCount == 20)
      let requests = try await server.requests(2)
      #expect(requests.count == 2)
      #expect(Set(requests.map(\.range)) == ["bytes=0-65535", "bytes=-262144"])
      // One after the other would be on the same connection.
      #expect(Set(requests.map(\.connection)).count == (way == .http2 ? 1 : 2))
    }

    @Test("A file with a large map opens in two waves", arguments: NginxWay.present)
    func openingInTwo(_ way: NginxWay) async throws {
      let sample = SampleFile(width: 2, height: 2, loops: [.time(count: 9000)])
      let (server, link, source) = try await far(way, try sample.bytes(), delay: 0.5)
      defer { link.stop() }
      let file = try await ND2File(reading: source)
      #expect(file.frameCount == 9000)
      let requests = try await server.requests(3)
      #expect(requests.count == 3)
      // The map is asked for when both ends are there.
      let first = requests.prefix(2)
      #expect(Set(first.map(\.range)) == ["bytes=0-65535", "bytes=-262144"])
      #expect(Set(first.map(\.connection)).count == (way == .http2 ? 1 : 2))
    }

    @Test(
      "The planes of a stack are asked for side by side, each once", arguments: NginxWay.present)
    func stack(_ way: NginxWay) async throws {
      let sample = SampleFile(
        width: 200, height: 200, loops: [.zStack(count: 64), .time(count: 3)])
      let bytes = try sample.bytes()
      let (server, link, source) = try await far(way, bytes)
      defer { link.stop() }
      let remote = try await ND2File(reading: source)
      let local = try ND2File(reading: MemorySource(bytes))
      let before = source.statistics
      let stack: AnyNDArray = try await remote.readStack(t: 1)
      let expected: AnyNDArray = try await local.readStack(t: 1)
      #expect(stack == expected)
      #expect(stack.shape.contains(64))
      let after = source.statistics
      // Some of the first planes may have come with the head, some of the last with the tail.
      let count = after.requests - before.requests
      #expect((60...64).contains(count), "\(count)")
      #expect(after.bytes - before.bytes <= 64 * (80_000 + 4096))
      #expect(after.retries == 0)
      let requests = try await server.requests(after.requests)
      #expect(requests.count == after.requests)
      if way != .http2 {
        let connections = Set(requests.map(\.connection)).count
        #expect((9...64).contains(connections), "\(connections)")
      }
    }

    @Test("A crop of a stack is right and takes its rows only", arguments: NginxWay.present)
    func crop(_ way: NginxWay) async throws {
      let sample = SampleFile(
        width: 400, height: 400, loops: [.zStack(count: 20), .time(count: 2)])
      let bytes = try sample.bytes()
      let (server, link, source) = try await far(way, bytes)
      defer { link.stop() }
      let remote = try await ND2File(reading: source)
      let local = try ND2File(reading: MemorySource(bytes))
      let before = source.statistics
      let box = StackCrop(z: 2..<18, y: 100..<150, x: 20..<220)
      let read: AnyNDArray = try await remote.readStack(t: 1, crop: box)
      let expected: AnyNDArray = try await local.readStack(t: 1, crop: box)
      #expect(read == expected)
      let after = source.statistics
      #expect(after.requests - before.requests <= 32)
      #expect(try await server.requests(after.requests).count == after.requests)
      #expect(after.bytes - before.bytes <= 16 * (50 * 800 + 4096 + 800))
    }

    // MARK: - Servers that set limits

    /// Places that no request can join.
    private static let places = (0..<120).map { $0 * 80_000 + 100_000..<$0 * 80_000 + 102_000 }
    private static let bytes = ServedObject.pattern(10_100_000)

    @Test(
      "What a server refuses for being too much is asked for later",
      arguments: [429, 503], NginxWay.present)
    func connections(_ status: Int, _ way: NginxWay) async throws {
      // A slow server behind it, so that requests meet at all.
      let object = ServedObject(bytes: Self.bytes)
      let slow = try TestServer { request in
        var response = object.response(request)
        response.delay = 0.02
        return .respond(response)
      }
      defer { slow.stop() }
      let server = try await way.server(
        """
        limit_conn clients 4; limit_conn_status \(status);
        location / { proxy_pass http://127.0.0.1:\(slow.port); proxy_buffering off; }
        """,
        http: "limit_conn_zone $binary_remote_addr zone=clients:1m;")
      let read = try await server.expect(Self.bytes, ranges: Self.places)
      #expect(read.isRight)
      let requests = try await server.requests(read.source.statistics.requests)
      let refused = requests.filter { $0.status == status }
      #expect(requests.filter { $0.status == 206 }.count >= Self.places.count)
      #expect(!refused.isEmpty)
      // The first 64 are too many; from then on there are few.
      #expect(refused.count < 64 + Self.places.count, "\(refused.count)")
      #expect(requests.suffix(50).mostAtOnce <= 16)
    }

    @Test(
      "A server that allows so many requests a second is read at its pace", arguments: [429, 503])
    func rate(_ status: Int) async throws {
      let server = try await NginxServer.start(
        "limit_req zone=clients burst=10 nodelay; limit_req_status \(status);",
        http: "limit_req_zone $binary_remote_addr zone=clients:1m rate=30r/s;",
        files: ["file.nd2": Self.bytes])
      let read = try await server.expect(Self.bytes, ranges: Self.places)
      #expect(read.isRight)
      let requests = try await server.requests(read.source.statistics.requests)
      let refused = requests.filter { $0.status == status }.count
      #expect(refused > 0 && refused < 3 * Self.places.count, "\(refused)")
    }

    @Test("Nothing is asked for before the time that a server names") func retryAfter()
      async throws
    {
      let server = try await NginxServer.start(
        """
        limit_req zone=clients burst=30 nodelay; limit_req_status 429;
        add_header Retry-After $wait always;
        """,
        http: """
          limit_req_zone $binary_remote_addr zone=clients:1m rate=60r/s;
          map $status $wait { 429 1; default ""; }
          """,
        files: ["file.nd2": Self.bytes])
      let read = try await server.expect(Self.bytes, ranges: Self.places)
      #expect(read.isRight)
      let requests = try await server.requests(read.source.statistics.requests)
      let refused = requests.filter { $0.status == 429 }
      #expect(!refused.isEmpty && refused.count < 3 * Self.places.count, "\(refused.count)")
    }
  }
#endif
