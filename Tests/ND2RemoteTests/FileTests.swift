#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport
  import ND2Writer
  import Testing

  @Suite("ND2 files across the network") struct FileTests {
    /// What a file says and holds, as far as one can compare it.
    private func expectSame(_ remote: ND2File, _ local: ND2File, _ name: String) async throws {
      #expect(remote.version == local.version, "\(name)")
      #expect(remote.sizes == local.sizes, "\(name)")
      #expect("\(remote.attributes)" == "\(local.attributes)", "\(name)")
      #expect("\(remote.metadata)" == "\(local.metadata)", "\(name)")
      #expect("\(remote.experiment)" == "\(local.experiment)", "\(name)")
      #expect(remote.textInfo == local.textInfo, "\(name)")
      #expect(remote.frameCount == local.frameCount, "\(name)")
      for index in Set([0, local.frameCount / 2, local.frameCount - 1]) where index >= 0 {
        let expected = try? await local.readStoredFrame(index)
        let read = try? await remote.readStoredFrame(index)
        #expect(read == expected, "\(name), frame \(index)")
      }
    }

    @Test("Files of every kind are the same as local ones") func gallery() async throws {
      for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
        let bytes = try sample.bytes()
        let server = try ServedObject(bytes: bytes).server()
        defer { server.stop() }
        let source = try RemoteSource(server.url(), options: .quick)
        let remote = try await ND2File(reading: source)
        #expect(source.statistics.requests <= 4, "\(name)")
        try await expectSame(remote, try ND2File(reading: MemorySource(bytes)), name)
      }
    }

    @Test("Sample files are the same as local ones", .enabled(if: SampleCollection.isPresent))
    func samples() async throws {
      for name in SampleCollection.names {
        guard let path = SampleCollection.path(name), let local = try? ND2File(path: path),
          local.byteCount < 100 << 20
        else { continue }
        let server = try ServedObject(bytes: TemporaryDirectory.readFile(path)).server()
        defer { server.stop() }
        let source = try RemoteSource(server.url(), options: .quick)
        let remote = try await ND2File(reading: source)
        if !local.diagnostics.contains(where: { $0.severity == .damage }), local.version.major > 1 {
          #expect(source.statistics.requests <= 6, "\(name): \(source.statistics)")
        }
        try await expectSame(remote, local, name)
      }
    }

    @Test("A file with a large map and metadata before it opens in two waves") func waves()
      async throws
    {
      let sample = SampleFile(width: 2, height: 2, loops: [.time(count: 9000)])
      let object = ServedObject(bytes: try sample.bytes())
      let server = try object.server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let file = try await ND2File(reading: source)
      #expect(file.frameCount == 9000)
      // Both ends side by side, then the map with the metadata before it.
      #expect(source.statistics.requests == 3)
    }

    @Test("A crop fetches little more than its rows") func crop() async throws {
      let sample = SampleFile(width: 1000, height: 1000, loops: [.time(count: 3)])
      let server = try ServedObject(bytes: try sample.bytes()).server()
      defer { server.stop() }
      let source = try RemoteSource(server.url(), options: .quick)
      let file = try await ND2File(reading: source)
      let before = source.statistics
      let crop: AnyNDArray = try await file.read(ArraySelection(.time, 1).with(.y, 500..<510))
      #expect(crop.shape.contains(10))
      #expect(source.statistics.requests - before.requests <= 2)
      #expect(source.statistics.bytes - before.bytes < 10 * 2000 + 10_000)
    }
  }
#endif
