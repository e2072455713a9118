#if Remote
  import ND2
  import ND2Remote
  import Synchronization
  import Testing

  @Suite("Servers that fail") struct FaultTests {
    /// Reads a middle part of an object whose server does something else with the first request for it.
    private func recover(
      _ options: RemoteOptions = .quick,
      _ misbehave: @escaping @Sendable (ServedObject, TestServer.Request) -> TestServer.Action
    ) async throws -> RemoteStatistics {
      let object = ServedObject(2_000_000)
      let isFirst = Atomic(true)
      let server = try TestServer { request in
        if request.header("range")?.hasPrefix("bytes=1000000-") == true,
          isFirst.exchange(false, ordering: .relaxed)
        {
          return misbehave(object, request)
        }
        return .respond(object.response(request))
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: options)
      _ = try await source.byteCount()
      let before = source.statistics
      let ranges = [1_000_000..<1_100_000, 1_110_000..<1_500_000]
      let read = try await source.place(ranges)
      #expect(read == ranges.map { Array(object.bytes[$0]) })
      var after = source.statistics
      after.requests -= before.requests
      after.bytes -= before.bytes
      return after
    }

    @Test("A connection that breaks is replaced", arguments: [true, false])
    func broken(_ isReset: Bool) async throws {
      let taken = try await recover { _, _ in isReset ? .reset : .close }
      #expect(taken.retries <= 1)
      #expect(taken.bytes == 500_000)
    }

    @Test("Only what is missing of a short answer is asked for again", arguments: [true, false])
    func short(_ isReset: Bool) async throws {
      let taken = try await recover { object, request in
        var response = object.response(request)
        response.cutAfter = 300_000
        response.ending = isReset ? .reset : .close
        return .respond(response)
      }
      #expect(taken.requests == 2)
      #expect(taken.retries == 1)
      // A reset may throw away what was under way.
      if !isReset { #expect(taken.bytes == 500_000) }
    }

    @Test("An answer with fewer bytes than asked for is completed") func fewer() async throws {
      let taken = try await recover { object, _ in
        .respond(
          TestServer.Response(
            status: 206,
            headers: [
              ("ETag", "\"v1\""), ("Content-Range", "bytes 1000000-1000999/2000000"),
            ], body: object.bytes[1_000_000..<1_001_000]))
      }
      #expect(taken.requests == 2)
      #expect(taken.bytes == 500_000)
    }

    @Test(
      "Statuses of passing failures are tried again",
      arguments: [408, 425, 429, 500, 502, 503, 504])
    func statuses(_ status: Int) async throws {
      let taken = try await recover { _, _ in .respond(TestServer.Response(status: status)) }
      #expect(taken.requests == 2)
      #expect(taken.retries == 1)
    }

    @Test("The server's wish to be left alone is respected") func retryAfter() async throws {
      let start = ContinuousClock.now
      _ = try await recover { _, _ in
        .respond(TestServer.Response(status: 503, headers: [("Retry-After", "1")]))
      }
      #expect(ContinuousClock.now - start >= .seconds(1))
      #expect(ContinuousClock.now - start < .seconds(600))
    }

    @Test("A wish to wait too long is an error at once") func retryAfterLong() async throws {
      let server = try TestServer { _ in
        .respond(TestServer.Response(status: 429, headers: [("Retry-After", "3600")]))
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let start = ContinuousClock.now
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("HTTP 429") == true)
      #expect(ContinuousClock.now - start < .seconds(600))
    }

    @Test("A stalled answer is given up and continued") func stall() async throws {
      var options = RemoteOptions.quick
      options.stallSeconds = 0.4
      let taken = try await recover(options) { object, request in
        var response = object.response(request)
        response.pause = (after: 200_000, seconds: 3)
        return .respond(response)
      }
      #expect(taken.retries >= 1)
      #expect(taken.bytes == 500_000)
    }

    @Test("A server that says nothing is an error within its time") func silent() async throws {
      let server = try TestServer { _ in .hang }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.firstByteSeconds = 0.5
      let source = try RemoteSource(server.url(), options: options)
      let start = ContinuousClock.now
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .io)
      #expect(error?.message.contains("no answer within 0.5 s") == true)
      #expect(ContinuousClock.now - start < .seconds(600))
    }

    @Test("A server that is not there is an error soon") func dead() async throws {
      let server = try TestServer { _ in .hang }
      server.stop()
      var options = RemoteOptions.quick
      options.maxRetries = 2
      let source = try RemoteSource(server.url(), options: options)
      let start = ContinuousClock.now
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("cannot be reached") == true)
      #expect(error?.message.contains("3 attempts") == true)
      #expect(ContinuousClock.now - start < .seconds(600))
    }

    @Test("A file that changes is an error, never a mix", arguments: [true, false])
    func changedTag(_ checksCondition: Bool) async throws {
      let first = ServedObject(2_000_000)
      var second = ServedObject(2_000_000, seed: 9)
      second.entityTag = "\"v2\""
      let later = second
      let isChanged = Atomic(false)
      let server = try TestServer { request in
        guard isChanged.load(ordering: .relaxed) else { return .respond(first.response(request)) }
        var request = request
        // Some servers know no conditions.
        if !checksCondition { request.headers.removeAll { $0.name.lowercased() == "if-match" } }
        return .respond(later.response(request))
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.byteCount()
      isChanged.store(true, ordering: .relaxed)
      let error = await failure { _ = try await source.place([1_000_000..<1_000_100]) }
      #expect(error?.code == .changedWhileReading)
      #expect(server.requests.last?.header("if-match") == "\"v1\"")
    }

    @Test("A file whose size or date changes is an error") func changedSize() async throws {
      for change in [0, 1] {
        var first = ServedObject(2_000_000)
        first.entityTag = nil
        first.lastModified = "Sun, 06 Nov 1994 08:49:37 GMT"
        var second = first
        if change == 0 { second.bytes += [1, 2, 3] }
        if change == 1 { second.lastModified = "Sun, 06 Nov 1994 08:49:38 GMT" }
        let (before, after) = (first, second)
        let isChanged = Atomic(false)
        let server = try TestServer { request in
          .respond((isChanged.load(ordering: .relaxed) ? after : before).response(request))
        }
        defer { server.stop() }
        let source = try RemoteSource(server.url(), options: .quick)
        _ = try await source.byteCount()
        isChanged.store(true, ordering: .relaxed)
        let error = await failure { _ = try await source.place([1_000_000..<1_000_100]) }
        #expect(error?.code == .changedWhileReading)
        #expect(
          server.requests.last?.header("if-unmodified-since") == "Sun, 06 Nov 1994 08:49:37 GMT")
      }
    }

    @Test("A server that forgets ranges is read whole when the file is small") func forgets()
      async throws
    {
      let object = ServedObject(2_000_000)
      let server = try TestServer { request in
        .respond(request.ordinal < 2 ? object.response(request) : object.whole)
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      _ = try await source.byteCount()
      #expect(
        try await source.place([1_000_000..<1_000_100])[0]
          == Array(object.bytes[1_000_000..<1_000_100]))
      let requests = source.statistics.requests
      #expect(
        try await source.place([500_000..<600_000])[0] == Array(object.bytes[500_000..<600_000]))
      #expect(source.statistics.requests == requests)
    }

    @Test("With one failure in twenty everything is read and right") func randomFaults()
      async throws
    {
      let object = ServedObject(8_000_000)
      let server = try TestServer { request in
        var response = object.response(request)
        guard request.ordinal >= 2 else { return .respond(response) }
        let dice = ServedObject.pattern(2, seed: UInt64(request.ordinal) &* 7919 &+ 17)
        guard dice[0] < 13 else { return .respond(response) }
        switch dice[1] % 4 {
        case 0: return .reset
        case 1: return .respond(TestServer.Response(status: 503))
        case 2:
          response.cutAfter = response.body.count / 2
          response.ending = .close
          return .respond(response)
        default:
          response.cutAfter = response.body.count / 3
          response.ending = .reset
          return .respond(response)
        }
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.coalescingGap = 0
      let source = try RemoteSource(server.url(), options: options)
      _ = try await source.byteCount()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<16 {
          group.addTask {
            var places = ServedObject.pattern(600, seed: UInt64(task)).makeIterator()
            for _ in 0..<20 {
              let ranges = (0..<10).map { _ in
                let high = Int(places.next() ?? 0) << 14 | Int(places.next() ?? 0) << 6
                let start = min(7_900_000, high + 70_000)
                return start..<(start + 1 + Int(places.next() ?? 0) * 50)
              }
              let read = try await source.place(ranges)
              #expect(read == ranges.map { Array(object.bytes[$0]) })
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(server.requests.count > 2500)
      #expect(source.statistics.retries > 50)
    }

    @Test("There are fewer requests at once when the server has too many") func adaptation()
      async throws
    {
      let object = ServedObject(4_000_000)
      let now = Atomic(0)
      let server = try TestServer { request in
        let count = now.add(1, ordering: .relaxed).newValue
        defer { now.subtract(1, ordering: .relaxed) }
        if request.ordinal >= 2, count > 4 { return .respond(TestServer.Response(status: 503)) }
        // Within the handler, so that it counts.
        _ = ServedObject.pattern(20_000)
        return .respond(object.response(request))
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxConcurrency = 32
      options.coalescingGap = 0
      options.maxRetries = 12
      let source = try RemoteSource(server.url(), options: options)
      let ranges = (0..<300).map { index in
        let start = 100_000 + index * 10_000
        return start..<(start + 1000)
      }
      let read = try await source.place(ranges)
      #expect(read == ranges.map { Array(object.bytes[$0]) })
    }

    @Test("A cancelled read ends at once, and its connections with it") func cancellation()
      async throws
    {
      let object = ServedObject(2_000_000)
      let server = try TestServer { request in
        request.ordinal < 2 ? .respond(object.response(request)) : .hang
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.firstByteSeconds = 60
      options.coalescingGap = 0
      options.maxConcurrency = 4
      let source = try RemoteSource(server.url(), options: options)
      _ = try await source.byteCount()
      let task = Task {
        try await source.place((0..<10).map { (100_000 + $0 * 1000)..<(100_100 + $0 * 1000) })
      }
      while server.requests.count < 6 { try await Task.sleep(for: .milliseconds(5)) }
      let start = ContinuousClock.now
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(ContinuousClock.now - start < .seconds(30))
      for _ in 0..<2000 where server.openCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(server.openCount == 0)
      // The source is still of use.
      #expect(try await source.bytes(0..<10) == Array(object.bytes[..<10]))
    }
  }
#endif
