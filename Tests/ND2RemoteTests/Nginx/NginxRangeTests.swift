#if Remote
  import ND2
  import ND2TestSupport
  import ND2Writer
  import Testing

  @testable import ND2Remote

  @Suite("Files of a real web server", .enabled(if: NginxServer.isPresent))
  struct NginxRangeTests {
    /// Ranges of all sizes in all places, some of which touch or overlap.
    private func ranges(_ count: Int) -> [Range<Int>] {
      var ranges = [
        0..<10, 100_000..<100_001, 1_500_000..<2_700_000, 2_700_000..<2_700_010,
        2_699_990..<2_700_005, count - 5..<count, 0..<1, count - 1..<count, 300_000..<300_000,
      ]
      for index in 0..<60 {
        let start = index * 47_777 % (count - 5000)
        ranges.append(start..<(start + 1 + index * 83))
      }
      return ranges
    }

    @Test("Ranges are the bytes of the file", arguments: NginxWay.present)
    func ranges(_ way: NginxWay) async throws {
      let bytes = ServedObject.pattern(3_000_000)
      let server = try await way.server(files: ["file.nd2": bytes])
      let ranges = ranges(bytes.count)
      let source = try server.source()
      #expect(try await source.byteCount() == 3_000_000)
      #expect(try await source.place(ranges) == ranges.map { Array(bytes[$0]) })
      let wanted = ranges.map { UInt64($0.lowerBound)..<UInt64($0.upperBound) }
      #expect(try await source.read(wanted) == ranges.map { Array(bytes[$0]) })
      #expect(source.statistics.retries == 0)

      let requests = try await server.requests(source.statistics.requests)
      #expect(requests.count == source.statistics.requests)
      #expect(requests.allSatisfy { $0.version == way.version && $0.status == 206 })
      #expect(UInt64(requests.reduce(0) { $0 + $1.sentByteCount }) == source.statistics.bytes)
      if way == .http2 { #expect(Set(requests.map(\.connection)).count <= 3) }
    }

    @Test("ND2 files are opened and read wholly", arguments: NginxWay.present)
    func files(_ way: NginxWay) async throws {
      let sample = SampleFile(
        width: 150, height: 130, loops: [.time(count: 3), .zStack(count: 5)])
      let bytes = try sample.bytes()
      let server = try await way.server(files: ["file.nd2": bytes])
      let source = try server.source()
      let remote = try await ND2File(reading: source)
      #expect(source.statistics.requests == 2)
      let local = try ND2File(reading: MemorySource(bytes))
      #expect(remote.sizes == local.sizes)
      #expect("\(remote.metadata)" == "\(local.metadata)")
      let (all, expected): (AnyNDArray, AnyNDArray) = (
        try await remote.read(), try await local.read()
      )
      #expect(all == expected)
      let requests = try await server.requests(source.statistics.requests)
      #expect(Set(requests.map(\.version)) == [way.version])
    }

    @Test(
      "A server without HTTP/2 is read with HTTP/1.1",
      arguments: NginxWay.present.filter { $0 != .http2 })
    func withoutHTTP2(_ way: NginxWay) async throws {
      let bytes = ServedObject.pattern(1_000_000)
      let server = try await way.server(files: ["file.nd2": bytes])
      let read = try await server.expect(bytes) { $0.httpVersion = .http2 }
      #expect(read.isRight)
      let requests = try await server.requests(read.source.statistics.requests)
      #expect(Set(requests.map(\.version)) == ["HTTP/1.1"])
    }

    @Test("Files are copied by many ranges", arguments: NginxWay.present)
    func download(_ way: NginxWay) async throws {
      let bytes = ServedObject.pattern(20_000_000)
      let server = try await way.server(files: ["file.nd2": bytes])
      let folder = try TemporaryDirectory()
      let report = try await FileDownload(from: server.source(), to: folder.file("copy")).run()
      #expect(report.byteCount == 20_000_000)
      #expect(try folder.read("copy") == bytes)
    }

    @Test(
      "Names with letters of all kinds are found",
      arguments: [
        "a b.nd2", "ü 日本.nd2", "100%.nd2", "a+b.nd2", "a#b.nd2", "what?.nd2", "%41.nd2",
        "a&b=c;.nd2",
        "'(quoted)'!*.nd2", "[1].nd2",
      ])
    func names(_ name: String) async throws {
      let bytes = ServedObject.pattern(400_000)
      let server = try await NginxServer.start(files: [name: bytes])
      // As programs write addresses, with every letter encoded that may be.
      let encoded = "/" + PercentEncoding.encode(name)
      #expect(try await server.expect(bytes, at: encoded).isRight)
      // As people write them, unless it would mean something else.
      guard !name.contains(where: { "#?".contains($0) }), name != "%41.nd2" else { return }
      #expect(try await server.expect(bytes, at: "/" + name).isRight)
    }

    @Test("A file that is not there is an error at once") func missing() async throws {
      let server = try await NginxServer.start()
      let source = try server.source("/no.nd2")
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("there is no such file (HTTP 404)") == true)
      #expect(source.statistics.retries == 0)
    }

    @Test("An empty file is empty") func empty() async throws {
      let server = try await NginxServer.start(files: ["file.nd2": []])
      #expect(try await server.source().byteCount() == 0)
    }

    @Test("A server that compresses all it can does not compress ranges") func compressing()
      async throws
    {
      let bytes = [UInt8](repeating: 7, count: 1_000_000)
      let server = try await NginxServer.start(
        "gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any; gzip_http_version 1.0;",
        files: ["file.nd2": bytes])
      let read = try await server.expect(bytes)
      #expect(read.isRight)
      #expect(read.source.statistics.bytes >= 1000 + 65536)
    }

    @Test("A server that compresses nevertheless is an error that says so") func compressed()
      async throws
    {
      let bytes = [UInt8](repeating: 7, count: 1_000_000)
      let server = try await NginxServer.start(
        "add_header Content-Encoding gzip;", files: ["file.nd2": bytes])
      let source = try server.source()
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("compresses") == true)
    }

    @Test("Connections that the server closes often are replaced", arguments: NginxWay.present)
    func closing(_ way: NginxWay) async throws {
      let bytes = ServedObject.pattern(9_000_000)
      let server = try await way.server("keepalive_requests 5;", files: ["file.nd2": bytes])
      let ranges = (0..<80).map { $0 * 110_000..<$0 * 110_000 + 500 }
      let read = try await server.expect(bytes, ranges: ranges) { $0.maxConcurrency = 4 }
      #expect(read.isRight)
      if way != .http2 { #expect(read.source.statistics.retries == 0) }
      let requests = try await server.requests(80)
      #expect(Set(requests.map(\.connection)).count >= 16)
    }
  }
#endif
