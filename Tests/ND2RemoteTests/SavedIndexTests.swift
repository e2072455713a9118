#if Remote
  import ND2
  import ND2TestSupport
  import ND2Writer
  import Testing

  @testable import ND2Commands
  @testable import ND2Remote

  @Suite("Saved indices of files across the network") struct SavedIndexTests {
    private static func sample() throws -> [UInt8] {
      var sample = SampleFile(width: 400, height: 300, loops: [.time(count: 6)])
      sample.textInfo = [.author: "somebody"]
      return try sample.bytes()
    }

    private static func index(_ file: ND2File) throws -> SavedIndex { try SavedIndex(of: file) }

    @Test("Opening sends nothing, and every frame is one request") func requests() async throws {
      let bytes = try Self.sample()
      let server = try ServedObject(bytes: bytes).server()
      defer { server.stop() }
      let first = try await ND2File(reading: RemoteSource(server.url(), options: .quick))
      let index = try await SavedIndex(of: first)
      #expect(index.identity.entityTag == "\"v1\"" && index.name == server.url())
      server.forget()

      let source = try RemoteSource(server.url(), options: .quick)
      let file = try await ND2File(reading: source, index: index)
      #expect(try await file.framesTable().rowCount == 6)
      #expect(try await file.events().rowCount == first.events().rowCount)
      #expect(source.statistics.requests == 0)
      let stack: AnyNDArray = try await file.read()
      let plain: AnyNDArray = try await ND2File(reading: MemorySource(bytes)).read()
      #expect(stack == plain)
      #expect(source.statistics.requests == 6 && server.requests.count == 6)
      #expect(server.requests.allSatisfy { $0.header("if-match") == "\"v1\"" })

      let waited = try RemoteSource(server.url(), options: .quick)
      let said = try await Offload.run {
        try ND2File(reading: BlockingSource(waited), index: index).everythingButPixels()
      }
      #expect(said.contains("somebody"))
      #expect(waited.statistics.requests == 0)
    }

    private static func failure(_ object: ServedObject, _ index: SavedIndex) async throws
      -> ND2Error?
    {
      let server = try object.server()
      defer { server.stop() }
      let file = try await ND2File(
        reading: RemoteSource(server.url(), options: .quick), index: index)
      do {
        let array: AnyNDArray = try await file.read()
        Issue.record("\(array.sizes) was read")
        return nil
      } catch {
        return error as? ND2Error
      }
    }

    @Test("A file that was replaced is an error when pixels are read") func changed() async throws {
      let bytes = try Self.sample()
      var object = ServedObject(bytes: bytes)
      let server = try object.server()
      defer { server.stop() }
      let tagged = try await SavedIndex(
        of: ND2File(reading: RemoteSource(server.url(), options: .quick)))
      object.entityTag = "\"v2\""
      #expect(try await Self.failure(object, tagged)?.code == .changedWhileReading)
      // An index of a local file knows the size only.
      let index = try Self.index(try ND2File(reading: MemorySource(bytes)))
      #expect(index.identity.entityTag == nil)
      let longer = ServedObject(bytes: bytes + [0])
      #expect(try await Self.failure(longer, index)?.code == .changedWhileReading)
    }

    @Test("Without a tail, a small file comes with the first request") func oneRequest()
      async throws
    {
      let bytes = try Self.sample()
      let index = try Self.index(try ND2File(reading: MemorySource(bytes)))
      let server = try ServedObject(bytes: try index.encoded()).server()
      defer { server.stop() }
      var options = RemoteOptions.quick
      options.headByteCount = 1 << 20
      options.tailByteCount = 0
      let source = try RemoteSource(server.url("/a.index"), options: options)
      #expect(try await SavedIndex(reading: source) == index)
      #expect(source.statistics.requests == 1)
    }

    private static func run(_ arguments: String...) async -> (
      status: Outcome, output: String, errors: String
    ) {
      // What waits must not do so on the few threads that tasks run on.
      let run = try? await Offload.run {
        let console = Console.memory()
        let status = CommandLineTool.run(arguments, console: console)
        return (status, console.output.text, console.errors.text)
      }
      return run ?? (.failed, "", "")
    }

    @Test("Verbs open with a saved index and send only what pixels take") func verbs() async throws
    {
      let bytes = try Self.sample()
      let directory = try TemporaryDirectory()
      let server = try ServedObject(bytes: bytes).server()
      defer { server.stop() }
      let (url, path) = (server.url("/cells.nd2"), directory.file("cells.nd2.index"))
      let saved = await Self.run("plan", url, "--index", "-o", path)
      #expect(saved.status == .done)
      let atServer = try ServedObject(bytes: directory.read("cells.nd2.index")).server()
      defer { atServer.stop() }
      for verb in ["info", "metadata", "frames", "events", "chunks", "rois", "positions"] {
        let plain = await Self.run(verb, url)
        server.forget()
        let indexed = await Self.run(verb, url, "--saved-index", path, "--stats")
        #expect(indexed.status == .done && indexed.output == plain.output, "\(verb)")
        #expect(indexed.errors.contains("\"requests\":0,"), "\(verb): \(indexed.errors)")
        #expect(server.requests.isEmpty, "\(verb)")
      }
      let read = await Self.run(
        "read", url, "--checksum", "--t", "1:4", "--saved-index", atServer.url(), "--stats")
      let plain = await Self.run("read", url, "--checksum", "--t", "1:4")
      #expect(read.output == plain.output)
      #expect(read.errors.contains("\"requests\":4,"), "\(read.errors)")
    }

    @Test("An index of files has rows of addresses, without what may be secret") func rows()
      async throws
    {
      let bytes = try Self.sample()
      let object = ServedObject(bytes: bytes)
      let server = try TestServer { request in
        request.target.hasPrefix("/absent")
          ? .respond(TestServer.Response(status: 404)) : .respond(object.response(request))
      }
      defer { server.stop() }
      let directory = try TemporaryDirectory()
      let local = try directory.write(bytes, as: "local.nd2")
      let result = await Self.run(
        "index", server.url("/a.nd2?token=secret"), local, server.url("/absent.nd2?sig=secret"),
        server.url("/b.nd2"), "--json", "--stats", "--retries", "0")
      let rows = try JSONParser.parse(Array(result.output.utf8)).elements
      #expect(
        rows.map { $0["name"]?.string } == ["a.nd2", "local.nd2", "absent.nd2", "b.nd2"])
      #expect(rows[0]["shape"] == rows[1]["shape"] && rows[0]["kb"] == rows[1]["kb"])
      #expect(rows[3]["path"]?.string == server.url("/b.nd2"))
      #expect(rows[2]["error"] != nil && rows[2]["kb"] == .null)
      #expect(result.status == .failed)
      #expect(!(result.output + result.errors).contains("secret"), "\(result.errors)")
    }
  }
#endif
