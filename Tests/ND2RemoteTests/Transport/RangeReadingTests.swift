#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import Testing

  @Suite("Reading ranges of an object") struct RangeReadingTests {
    @Test("Ranges come in their order, whatever it is") func order() async throws {
      let object = ServedObject(3_000_000)
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let ranges = [2_000_000..<2_000_010, 100..<100, 500_000..<900_000, 499_000..<600_000, 7..<8]
      let expected = ranges.map { Array(object.bytes[$0]) }
      #expect(try await source.place(ranges) == expected)
      #expect(
        try await source.read(ranges.map { UInt64($0.lowerBound)..<UInt64($0.upperBound) })
          == expected)
    }

    @Test("Reads that lie close to each other share a request") func coalescing() async throws {
      let object = ServedObject(4_000_000)
      let server = try object.server()
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.coalescingGap = 1000
      options.maxRequestByteCount = 100_000
      let source = try RemoteSource(server.url(), options: options)
      _ = try await source.byteCount()
      let before = source.statistics
      server.forget()
      // Three rows with gaps of 1000, one further away, one that would make the request too large.
      let ranges = [
        1_000_000..<1_000_500, 1_001_500..<1_002_000, 1_003_000..<1_003_500, 1_004_501..<1_004_600,
        1_004_600..<1_104_600,
      ]
      let read = try await source.place(ranges)
      #expect(read == ranges.map { Array(object.bytes[$0]) })
      #expect(source.statistics.requests - before.requests == 3)
      #expect(source.statistics.bytes - before.bytes == 3500 + 99 + 100_000)
      #expect(
        Set(server.requests.compactMap { $0.header("range") }) == [
          "bytes=1000000-1003499", "bytes=1004501-1004599", "bytes=1004600-1104599",
        ])
    }

    @Test("No byte of one read is fetched twice") func overlaps() async throws {
      let object = ServedObject(4_000_000)
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.byteCount()
      let before = source.statistics
      let ranges = [1_000_000..<1_500_000, 1_200_000..<1_300_000, 1_000_000..<1_500_000]
      let read = try await source.place(ranges)
      #expect(read == ranges.map { Array(object.bytes[$0]) })
      #expect(source.statistics.requests - before.requests == 1)
      #expect(source.statistics.bytes - before.bytes == 500_000)
    }

    @Test("Large reads are split and put together again") func splitting() async throws {
      let object = ServedObject(5_000_000)
      let server = try object.server()
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxRequestByteCount = 1_000_000
      let source = try RemoteSource(server.url(), options: options)
      _ = try await source.byteCount()
      let before = source.statistics
      #expect(
        try await source.place([70_000..<4_570_000])[0] == Array(object.bytes[70_000..<4_570_000]))
      #expect(source.statistics.requests - before.requests == 5)
      #expect(source.statistics.bytes - before.bytes == 4_500_000)
    }

    @Test("Small reads are kept, large ones are not") func cache() async throws {
      let object = ServedObject(4_000_000)
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.bytes(1_000_000..<1_100_000)
      let requests = source.statistics.requests
      #expect(
        try await source.bytes(1_050_000..<1_060_000) == Array(object.bytes[1_050_000..<1_060_000]))
      #expect(source.statistics.requests == requests)
      // What is there of a range is not asked for again.
      let bytes = source.statistics.bytes
      #expect(
        try await source.bytes(1_090_000..<1_110_000) == Array(object.bytes[1_090_000..<1_110_000]))
      #expect(source.statistics.bytes - bytes == 10_000)
      _ = try await source.bytes(2_000_000..<2_600_000)
      _ = try await source.bytes(2_000_000..<2_600_000)
      #expect(source.statistics.requests == requests + 3)
    }

    @Test("Reads beyond the end are errors without a request") func beyond() async throws {
      let server = try ServedObject(100_000).server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.byteCount()
      let requests = source.statistics.requests
      #expect(await failure { _ = try await source.place([99_999..<100_001]) }?.code == .io)
      #expect(
        await failure { _ = try await source.read([UInt64.max - 1..<UInt64.max]) }?.code == .io)
      #expect(source.statistics.requests == requests)
    }

    @Test("There are never more requests at once than allowed", arguments: [1, 3, 16])
    func limit(_ most: Int) async throws {
      let object = ServedObject(3_000_000)
      let server = try TestServer { request in
        var response = object.response(request)
        response.delay = 0.002
        // The first two are those of opening.
        if request.ordinal > 1 { response.companions = most / 2 + 1 }
        return .respond(response)
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxConcurrency = most
      options.coalescingGap = 0
      let source = try RemoteSource(server.url(), options: options)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
          group.addTask {
            let ranges = (0..<25).map { index in
              let start = 100_000 + (task * 25 + index) * 10_000
              return start..<(start + 5000)
            }
            let read = try await source.place(ranges)
            #expect(read == ranges.map { Array(object.bytes[$0]) })
          }
        }
        try await group.waitForAll()
      }
      #expect(server.mostAtOnce <= most)
      #expect(server.connectionCount <= most)
      #expect(most == 1 || server.mostAtOnce > most / 2)
    }

    @Test("Connections are used again") func keepAlive() async throws {
      let object = ServedObject(2_000_000)
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      for index in 0..<20 {
        let start = 100_000 + index * 50_000
        _ = try await source.place([start..<(start + 1000)])
      }
      // A connection that other tests crowd out is replaced.
      #expect(server.connectionCount <= 6)
    }

    @Test("A local file is a source as well") func localFile() async throws {
      let directory = try TemporaryDirectory()
      let path = try directory.write([1, 2, 3, 4, 5], as: "a b.nd2")
      let source = try RemoteSource("file://" + path.replacing(" ", with: "%20"))
      #expect(try await source.byteCount() == 5)
      #expect(try await source.bytes(1..<3) == [2, 3])
      #expect(try await source.place([3..<5, 0..<1]) == [[4, 5], [1]])
      #expect(source.name == path)
      #expect(source.statistics == RemoteStatistics())
    }
  }
#endif
