import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Saved indices")
struct SavedIndexTests {
  private static func index(_ file: ND2File, most: Int = 64 << 20) throws -> SavedIndex {
    try SavedIndex(of: file, mostByteCount: most)
  }

  private static func array(_ file: ND2File) throws -> AnyNDArray { try file.read() }

  private static func open(
    _ source: some ByteSource, _ index: SavedIndex, _ options: ReadingOptions = .init()
  ) throws -> ND2File {
    try ND2File(reading: source, index: index, options: options)
  }

  @Test("A file of every kind says all it says, and nothing is read but its pixels")
  func gallery() throws {
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let source = MemorySource(try sample.bytes(), name: "test.nd2")
      let plain = try ND2File(reading: source)
      let index = try SavedIndex(decoding: try Self.index(plain).encoded())
      #expect(index.isComplete, "\(name)")
      let guarded = PixelsOnlySource(source, of: plain)
      let file = try Self.open(guarded, index)
      #expect(try file.everythingButPixels() == plain.everythingButPixels(), "\(name)")
      #expect(guarded.requestCount == 0, "\(name)")
      #expect(try Self.array(file) == Self.array(plain), "\(name)")
    }
  }

  @Test("The same holds for asynchronous sources, waited for or not")
  func asynchronous() async throws {
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let bytes = try sample.bytes()
      let plain = try ND2File(reading: MemorySource(bytes, name: "counting"))
      let source = CountingAsyncSource(bytes)
      let far = try await ND2File(reading: source)
      let index = try await SavedIndex(of: far)
      #expect(index == (try Self.index(plain)), "\(name)")
      let expected: AnyNDArray = try await plain.read()

      let asked = CountingAsyncSource(bytes)
      let file = try await ND2File(reading: asked, index: index)
      #expect(file.isRemote && file.sizes == plain.sizes, "\(name)")
      #expect(try await file.framesTable() == plain.framesTable(), "\(name)")
      #expect(try await file.unstructuredMetadata() == plain.unstructuredMetadata(), "\(name)")
      #expect(await asked.roundCount == 0, "\(name)")
      #expect(try await file.read() == expected, "\(name)")

      let waited = CountingAsyncSource(bytes)
      let blocking = try Self.open(BlockingSource(waited), index)
      #expect(blocking.isRemote, "\(name)")
      #expect(try blocking.everythingButPixels() == plain.everythingButPixels(), "\(name)")
      #expect(await waited.roundCount == 0, "\(name)")
      #expect(try Self.array(blocking) == expected, "\(name)")
    }
  }

  @Test("Frames take one request each, as without the index")
  func directReads() async throws {
    let sample = SampleFile(width: 64, height: 100, loops: [.zStack(count: 5)])
    let bytes = try sample.bytes()
    let index = try Self.index(try ND2File(reading: MemorySource(bytes)))
    let source = CountingAsyncSource(bytes)
    let file = try await ND2File(reading: source, index: index)
    let part: AnyNDArray = try await file.read(ArraySelection(.z, 1..<4).with(.y, 10..<30))
    #expect(part.shape == [3, 20, 64])
    #expect(await source.roundCount == 3)
    #expect(await source.byteTotal <= 3 * (20 * 128 + 64))
    let plan = try await file.plan(.all)
    #expect(plan.identity == index.identity)
  }

  @Test("An index is written whole and read again")
  func files() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.nd2")
    try SampleFile(width: 20, height: 10, loops: [.time(count: 4)]).write(to: path)
    let index = try Self.index(try ND2File(path: path))
    try index.write(to: directory.file("a.nd2.index"))
    #expect(throws: ND2Error.self) { try index.write(to: directory.file("a.nd2.index")) }
    try index.write(to: directory.file("a.nd2.index"), overwriting: true)
    #expect(directory.fileNames == ["a.nd2", "a.nd2.index"])
    let loaded = try SavedIndex(contentsOf: directory.file("a.nd2.index"))
    #expect(loaded == index && loaded.name == path)
    let file = try ND2File(path: path, index: loaded)
    #expect(try Self.array(file) == Self.array(try ND2File(path: path)))
    #expect(loaded.byteCount == loaded.byteRanges.reduce(0) { $0 + $1.count })
  }

  @Test("A file that has changed since is an error at once where that is cheap to know")
  func changed() async throws {
    let bytes = try SampleFile(width: 20, height: 10, loops: [.time(count: 4)]).bytes()
    let index = try Self.index(try ND2File(reading: MemorySource(bytes)))
    let longer = MemorySource(bytes + [0], name: "longer.nd2")
    let error = #expect(throws: ND2Error.self) { try Self.open(longer, index) }
    #expect(error?.code == .changedWhileReading && error?.location.file == "longer.nd2")
    let far = await #expect(throws: ND2Error.self) {
      try await ND2File(reading: CountingAsyncSource(bytes + [0]), index: index)
    }
    #expect(far?.code == .changedWhileReading)
  }

  @Test("A small index leaves the largest chunks out, which are then read")
  func bounded() throws {
    var sample = SampleFile(width: 200, height: 160, loops: [.time(count: 3)])
    sample.maskLayers = [
      .init(
        id: 2, name: "noise",
        masks: [0: .init(width: 200, height: 160) { x, y in UInt32((x * 7 + y * 13) % 5) }])
    ]
    let source = MemorySource(try sample.bytes(), name: "masks.nd2")
    let plain = try ND2File(reading: source)
    let whole = try Self.index(plain)
    let small = try Self.index(plain, most: whole.byteCount - 4000)
    #expect(whole.isComplete && !small.isComplete)
    #expect(small.byteCount < whole.byteCount)
    let file = try Self.open(source, try SavedIndex(decoding: small.encoded()))
    #expect(try file.everythingButPixels() == plain.everythingButPixels())
    let error = #expect(throws: ND2Error.self) { try Self.index(plain, most: 5000) }
    #expect(error?.code == .limitExceeded)
    #expect(throws: ND2Error.self) { try Self.index(plain, most: 0) }
  }

  @Test("Times that only the frames say are in the index")
  func frameTimes() throws {
    var sample = SampleFile(width: 30, height: 20, loops: [.time(count: 20)])
    sample.frameTimes = .unknown
    let source = MemorySource(try sample.bytes(), name: "times.nd2")
    let plain = try ND2File(reading: source)
    let guarded = PixelsOnlySource(source, of: plain)
    let file = try Self.open(guarded, try Self.index(plain))
    #expect(try file.framesTable() == plain.framesTable())
    #expect(guarded.requestCount == 0)
  }

  @Test("Damaged files open from their index as they open themselves", arguments: 0..<3)
  func damaged(_ kind: Int) throws {
    let sample = SampleFile(width: 40, height: 30, loops: [.time(count: 12)])
    var bytes = try sample.bytes()
    switch kind {
    case 0: bytes.removeLast(bytes.count / 4)
    case 1: bytes.replaceSubrange((bytes.count - 40)..., with: [UInt8](repeating: 0, count: 40))
    default: bytes.removeSubrange(20_000..<23_333)
    }
    let source = MemorySource(bytes, name: "damaged.nd2")
    var options = ReadingOptions()
    options.frameShape = FrameShape(
      width: 40, height: 30, componentCount: 1, sampleType: .uint16)
    let plain = try ND2File(reading: source, options: options)
    #expect(!plain.diagnostics.isEmpty)
    let index = try SavedIndex(decoding: Self.index(plain).encoded())
    let file = try Self.open(source, index, options)
    #expect(try file.everythingButPixels() == plain.everythingButPixels())
    #expect(try Self.array(file) == Self.array(plain))
    #expect(file.diagnostics.map(\.description) == plain.diagnostics.map(\.description))
  }

  @Test("A file that has grown is refreshed without its index")
  func grown() async throws {
    let directory = try TemporaryDirectory()
    let sample = SampleFile(width: 16, height: 8, loops: [.time(count: 6)])
    let bytes = try sample.bytes()
    let path = try directory.write(Array(bytes.prefix(bytes.count / 2)), as: "grows.nd2")
    var options = ReadingOptions()
    options.isBeingWritten = true
    options.frameShape = FrameShape(width: 16, height: 8, componentCount: 1, sampleType: .uint16)
    let index = try Self.index(try ND2File(path: path, options: options))
    let file = try ND2File(path: path, index: index, options: options)
    let early = file.storedFrameCount
    _ = try directory.write(bytes, as: "grows.nd2")
    #expect(early < 6)
    #expect(try Self.refreshed(file).storedFrameCount == 6)
    #expect(try await file.refreshed().storedFrameCount == 6)

    let waiting = CountingAsyncSource(bytes)
    let whole = try Self.index(try ND2File(reading: MemorySource(bytes)))
    let far = try await ND2File(reading: waiting, index: whole)
    #expect(try await far.refreshed().storedFrameCount == 6)
    #expect(await waiting.roundCount > 0)
    let blocking = try Self.open(BlockingSource(waiting), whole)
    #expect(try Self.refreshed(blocking).storedFrameCount == 6)
  }

  private static func refreshed(_ file: ND2File) throws -> ND2File { try file.refreshed() }
}
