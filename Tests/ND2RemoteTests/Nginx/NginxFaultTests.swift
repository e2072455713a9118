#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import Testing

  @Suite(
    "A real web server that misbehaves", .enabled(if: NginxServer.isPresent),
    .timeLimit(.minutes(5)))
  struct NginxFaultTests {
    // MARK: - Without ranges

    @Test(
      "A small file of a server without ranges is read whole, once", arguments: NginxWay.present)
    func withoutRanges(_ way: NginxWay) async throws {
      let bytes = ServedObject.pattern(900_000)
      let server = try await way.server("max_ranges 0;", files: ["file.nd2": bytes])
      let ranges = [0..<10, 400_000..<500_000, 899_000..<900_000]
      let read = try await server.expect(bytes, ranges: ranges)
      #expect(read.isRight)
      #expect(try await read.source.bytes(0..<900_000) == bytes)
      #expect(read.source.statistics.requests == 2)
    }

    @Test("A large file of a server without ranges is an error that says so") func large()
      async throws
    {
      let server = try await NginxServer.start(
        "max_ranges 0;", files: ["file.nd2": ServedObject.pattern(3_000_000)])
      let source = try server.source { $0.maxWholeByteCount = 1_000_000 }
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("cannot send parts of a file") == true)
      #expect(error?.message.contains("3000000 bytes") == true)
      #expect(source.statistics.bytes < 1_000_000)
    }

    // MARK: - Changes

    /// Ways in which servers tell one version of a file from another.
    static let tags = ["", "etag off;", "etag off; add_header Last-Modified '';"]

    @Test("A file that is replaced between two reads is an error", arguments: tags)
    func replaced(_ tags: String) async throws {
      let server = try await NginxServer.start(
        tags, files: ["file.nd2": ServedObject.pattern(2_000_000)])
      let source = try server.source()
      _ = try await source.place([500_000..<600_000])
      // Without a tag and a date only its size can tell.
      let isNamed = !tags.contains("Last-Modified")
      try server.replace(
        "file.nd2", with: ServedObject.pattern(isNamed ? 2_000_000 : 2_000_001, seed: 2))
      let error = await failure { _ = try await source.place([800_000..<900_000]) }
      #expect(error?.code == .changedWhileReading)
      // Whoever opens it again gets the new one.
      let again = try server.source()
      #expect(
        try await again.bytes(800_000..<900_000)
          == Array(ServedObject.pattern(1_000_000, seed: 2)[800_000..<900_000]))
    }

    @Test("A file that is cut short between two reads is an error", arguments: tags)
    func truncated(_ tags: String) async throws {
      let server = try await NginxServer.start(
        tags, files: ["file.nd2": ServedObject.pattern(2_000_000)])
      let source = try server.source()
      _ = try await source.place([500_000..<600_000])
      server.truncate("file.nd2", to: 850_000)
      for range in [800_000..<900_000, 700_000..<710_000, 1_000_000..<1_000_100] {
        let error = await failure { _ = try await source.place([range]) }
        // Ranges that it still has may be right only where the server says nothing of versions.
        #expect(error?.code == .changedWhileReading, "\(range)")
      }
    }

    @Test("A file that is cut short while it is read is an error") func truncatedMeanwhile()
      async throws
    {
      let server = try await NginxServer.start(
        "limit_rate 500k;", files: ["file.nd2": ServedObject.pattern(4_000_000)])
      let source = try server.source()
      _ = try await source.byteCount()
      async let ending = failure { _ = try await source.place([100_000..<3_500_000]) }
      // Whether the requests are there by then makes no difference.
      try await Task.sleep(for: .milliseconds(300))
      server.truncate("file.nd2", to: 200_000)
      let error = await ending
      #expect(error?.code == .changedWhileReading, "\(error as Any)")
    }

    // MARK: - Redirects

    @Test("Redirects are followed over several places, and remembered") func chain() async throws {
      let bytes = ServedObject.pattern(900_000)
      let last = try await NginxServer.start(files: ["a b.nd2": bytes])
      let server = try await NginxServer.start(
        """
        absolute_redirect off;
        location = /1 { return 301 /2?x=1; }
        location = /2 { return 302 http://$http_host/3; }
        location = /3 { return 303 ../folder/4; }
        location = /folder/4 { return 307 //$http_host/5; }
        location = /5 { return 308 "\(last.url("/a b.nd2", host: "localhost"))"; }
        """)
      let read = try await server.expect(
        bytes, at: "/1", ranges: [200_000..<300_000, 500_000..<500_001])
      #expect(read.isRight)
      let count = read.source.statistics.requests
      // The two first requests take the whole way, all others go where it led.
      #expect(try await server.requests(10).count == 10)
      #expect(try await last.requests(count - 10).count == count - 10)
      #expect(count == 14)
    }

    @Test("Redirects in a circle are an error", arguments: [0, 3, 10])
    func circle(_ most: Int) async throws {
      let server = try await NginxServer.start(
        """
        location = /1 { return 302 /2; }
        location = /2 { return 302 /1; }
        """)
      let source = try server.source("/1") { $0.maxRedirects = most }
      let error = await failure { _ = try await source.byteCount() }
      #expect(error?.message.contains("redirects more than \(most) times") == true)
      #expect(try await server.requests().count <= 2 * (most + 1))
    }

    // MARK: - Servers that go away

    private func impatient(_ options: inout RemoteOptions) {
      options.maxRetries = 2
      options.connectSeconds = 0.5
      options.firstByteSeconds = 0.5
      options.stallSeconds = 0.5
    }

    @Test("A server that goes away is an error after the repetitions", arguments: NginxWay.present)
    func gone(_ way: NginxWay) async throws {
      let server = try await way.server(files: ["file.nd2": ServedObject.pattern(2_000_000)])
      let source = try server.source("/file.nd2") { $0.maxRetries = 2 }
      _ = try await source.byteCount()
      server.stop()
      let error = await failure { _ = try await source.place([500_000..<600_000]) }
      #expect(error?.code == .io)
      #expect(error?.message.contains("cannot be reached") == true, "\(error as Any)")
      #expect(error?.message.contains("3 attempts") == true)
    }

    @Test(
      "A server that goes away in the middle of its answers is an error",
      arguments: NginxWay.present)
    func goneMeanwhile(_ way: NginxWay) async throws {
      let server = try await way.server(
        "limit_rate 300k;", files: ["file.nd2": ServedObject.pattern(8_000_000)])
      let source = try server.source("/file.nd2") { $0.maxRetries = 2 }
      _ = try await source.byteCount()
      async let ending = failure { _ = try await source.place([500_000..<7_000_000]) }
      try await Task.sleep(for: .milliseconds(300))
      server.stop()
      let error = await ending
      #expect(error?.code == .io)
    }

    @Test(
      "A server that stands still is an error within the time-outs", arguments: NginxWay.present)
    func frozen(_ way: NginxWay) async throws {
      let server = try await way.server(
        "limit_rate 300k;", files: ["file.nd2": ServedObject.pattern(8_000_000)])
      let source = try server.source("/file.nd2", impatient)
      // Opening may take longer than these time-outs on a machine that is busy.
      let patient = try server.source()
      let identity = try await patient.identity()
      let reading = try await source.expecting(identity)
      async let ending = failure {
        _ = try await reading.read([500_000..<7_000_000 as Range<UInt64>])
      }
      try await Task.sleep(for: .milliseconds(300))
      server.freeze()
      let error = await ending
      #expect(error?.code == .io)
      let message = error?.message ?? ""
      #expect(
        ["no connection within 0.5 s", "no answer within 0.5 s", "nothing arrived for 0.5 s"]
          .contains { message.contains($0) }, "\(message)")
    }
  }
#endif
