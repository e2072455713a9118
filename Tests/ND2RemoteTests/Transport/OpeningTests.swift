#if Remote
  import ND2
  import ND2Remote
  import Testing

  @Suite("The first requests for an object") struct RemoteOpeningTests {
    @Test("Size, head and tail are learnt with two requests at once") func firstWave() async throws
    {
      let object = ServedObject(2_000_000)
      let server = try TestServer { request in
        var response = object.response(request)
        response.companions = 2
        return .respond(response)
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      #expect(try await source.byteCount() == 2_000_000)
      #expect(server.mostAtOnce == 2)
      // Both ends are there.
      #expect(try await source.bytes(0..<65536) == Array(object.bytes[..<65536]))
      #expect(try await source.bytes(1_800_000..<2_000_000) == Array(object.bytes[1_800_000...]))
      #expect(source.statistics.requests == 2)
      #expect(source.statistics.bytes == 65536 + 262_144)
      #expect(
        Set(server.requests.compactMap { $0.header("range") })
          == ["bytes=0-65535", "bytes=-262144"])
    }

    @Test(
      "Files shorter than the first requests are read whole by them",
      arguments: [1, 100, 65536, 70_000, 300_000])
    func small(_ count: Int) async throws {
      let object = ServedObject(count)
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      #expect(try await source.byteCount() == UInt64(count))
      #expect(try await source.bytes(0..<count) == object.bytes)
      #expect(source.statistics.requests <= 2)
    }

    @Test("An empty file has no bytes") func empty() async throws {
      let server = try ServedObject(0).server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      #expect(try await source.byteCount() == 0)
      #expect(await failure { _ = try await source.bytes(0..<1) }?.code == .io)
    }

    @Test(
      "A server that does not know the end of a file is asked by offsets",
      arguments: [200, 416, 400, 501, 206])
    func noSuffixes(_ status: Int) async throws {
      let object = ServedObject(1_000_000)
      let server = try TestServer { request in
        guard request.header("range")?.hasPrefix("bytes=-") == true else {
          return .respond(object.response(request))
        }
        switch status {
        case 200: return .respond(object.whole)
        case 206:
          // Takes the minus for a range from the start.
          var response = object.response(request)
          response.headers = [("Content-Range", "bytes 0-9/1000000")]
          response.body = object.bytes[0..<10]
          return .respond(response)
        default: return .respond(TestServer.Response(status: status))
        }
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxRetries = 1
      let source = try RemoteSource(server.url(), options: options)
      #expect(try await source.byteCount() == 1_000_000)
      #expect(try await source.bytes(999_000..<1_000_000) == Array(object.bytes[999_000...]))
    }

    @Test("Many tasks that ask at the same time share the first requests") func shared()
      async throws
    {
      let server = try ServedObject(500_000).server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      try await withThrowingTaskGroup(of: UInt64.self) { group in
        for _ in 0..<20 { group.addTask { try await source.byteCount() } }
        for try await count in group { #expect(count == 500_000) }
      }
      #expect(source.statistics.requests == 2)
    }

    @Test("A small file of a server without ranges is read whole, once") func whole() async throws {
      let object = ServedObject(400_000)
      let server = try TestServer { _ in .respond(object.whole) }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      #expect(try await source.byteCount() == 400_000)
      #expect(
        try await source.place([5..<90, 300_000..<400_000])[1] == Array(object.bytes[300_000...]))
      #expect(server.requests.count <= 2)
    }

    @Test("A whole answer without a length is counted") func unknownLength() async throws {
      let object = ServedObject(100_000)
      let server = try TestServer { _ in
        var response = object.whole
        response.hidesLength = true
        return .respond(response)
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      #expect(try await source.byteCount() == 100_000)
      #expect(try await source.bytes(99_990..<100_000) == Array(object.bytes[99_990...]))
    }

    @Test(
      "A large file of a server without ranges is refused at the headers", arguments: [true, false])
    func tooLarge(_ hidesLength: Bool) async throws {
      let object = ServedObject(3_000_000)
      let server = try TestServer { _ in
        var response = object.whole
        response.hidesLength = hidesLength
        return .respond(response)
      }
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.maxWholeByteCount = 1_000_000
      let source = try RemoteSource(server.url(), options: options)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("parts of a file") == true)
      #expect(source.statistics.bytes < 2_500_000)
    }

    @Test("Compressed answers are refused") func compressed() async throws {
      let object = ServedObject(100_000)
      let server = try TestServer { request in
        #expect(request.header("accept-encoding") == "identity")
        var response = object.response(request)
        response.headers.append(("Content-Encoding", "gzip"))
        return .respond(response)
      }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("compresses") == true)
    }

    @Test(
      "Refusals are errors in words, and not repeated",
      arguments: [
        (401, "credentials"), (403, "denied"), (404, "no such file"), (400, "HTTP 400"),
      ])
    func refusals(_ status: Int, _ words: String) async throws {
      let server = try TestServer { _ in .respond(TestServer.Response(status: status)) }
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .io)
      #expect(error?.message.contains(words) == true)
      #expect(error?.location.file == server.url())
      #expect(source.statistics.retries == 0)
    }

    @Test("Addresses that mean nothing are refused at once") func addresses() {
      for address in ["", "image.nd2", "https://", "http:///x"] {
        let error = #expect(throws: ND2Error.self) { try RemoteSource(address) }
        #expect(error?.code == .invalidRequest)
      }
      for address in ["ftp://host/x", "gopher://h/x", "smb://server/share/x.nd2"] {
        let error = #expect(throws: ND2Error.self) { try RemoteSource(address) }
        #expect(error?.code == .unsupported)
      }
    }
  }
#endif
