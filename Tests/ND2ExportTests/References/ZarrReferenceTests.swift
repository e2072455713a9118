import ND2
import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Virtual Zarr references")
struct ZarrReferenceTests {
  private static let address = "s3://bucket/a file.nd2"

  private func open(_ bytes: [UInt8]) throws -> ND2File {
    try ND2File(reading: MemorySource(bytes, name: "memory.nd2"))
  }

  private func waitingFile(_ source: some AsyncByteSource) throws -> ND2File {
    try ND2File(reading: BlockingSource(source))
  }

  private func references(
    _ file: ND2File, _ change: (inout ZarrReferenceOptions) -> Void = { _ in }
  ) throws -> ZarrReferences {
    var options = ZarrReferenceOptions()
    options.address = Self.address
    change(&options)
    return try file.zarrReferences(options: options)
  }

  /// Compares every frame of a file with what the references lead to.
  ///
  /// - Returns: what the references are, or nil when there cannot be any.
  @discardableResult
  private func check(
    _ sample: SampleFile, bytes: [UInt8], readable: [(index: Int, packed: [UInt8])],
    _ name: String, layout: ZarrReferenceOptions.Layout = .positions
  ) throws -> ReferencedStore? {
    let file = try open(bytes)
    let made: ZarrReferences
    do {
      made = try references(file) { $0.layout = layout }
    } catch let error as ND2Error where error.code == .unsupported {
      return nil
    }
    let store = try ReferencedStore(made, to: bytes)
    #expect(store.ranges.count == made.rangeCount, "\(name)")
    #expect(store.members.count == made.keyCount, "\(name)")
    let axes = made.axes.prefix { $0 != .y }
    let known = Dictionary(uniqueKeysWithValues: readable.map { ($0.index, $0.packed) })
    let empty = [UInt8](repeating: 0, count: file.frameLayout.packedFrameByteCount)
    let zeros = Set(0..<file.frameCount).subtracting(sample.storedFrames)
    for frame in 0..<file.frameCount {
      let indices = Dictionary(
        uniqueKeysWithValues: try #require(file.loopLayout.indices(ofFrame: frame)).map {
          ($0.axis, $0.index)
        })
      let group = made.arrayCount > 1 ? "\(indices[.position] ?? 0)/" : ""
      let found = try store.frame("\(group)0", axes.map { indices[$0] ?? -1 })
      if let packed = known[frame] {
        #expect(found == packed, "\(name), frame \(frame)")
      } else if zeros.contains(frame) {
        #expect(found == empty, "\(name), frame \(frame)")
      }
    }
    return store
  }

  @Test(
    "Files of every kind are read in place, or refused",
    arguments: ZarrReferenceOptions.Layout.allCases)
  func gallery(layout: ZarrReferenceOptions.Layout) throws {
    var refused: [String] = []
    for (name, sample) in Gallery.all.sorted(by: { $0.key < $1.key }) {
      let readable = sample.storedFrames.map { (index: $0, packed: sample.packedFrame($0)) }
      if try check(sample, bytes: sample.bytes(), readable: readable, name, layout: layout) == nil {
        refused.append(name)
      }
    }
    #expect(refused.allSatisfy { $0.hasPrefix("v1_") })
    #expect(Gallery.all.keys.filter { $0.hasPrefix("v1_") }.count == refused.count)
  }

  @Test("Odd and damaged files are read in place as far as they are sound")
  func crafted() throws {
    for crafted in try CraftedFile.all() {
      let store = try check(
        crafted.sample, bytes: try crafted.bytes(), readable: crafted.readableFrames, crafted.name)
      #expect(store != nil, "\(crafted.name)")
    }
  }

  @Test("Files at random are read in place")
  func random() throws {
    var random = Randomness(seed: 4711)
    var count = 0
    for number in 0..<150 {
      let sample = random.sampleFile()
      let readable = sample.storedFrames.map { (index: $0, packed: sample.packedFrame($0)) }
      if try check(sample, bytes: sample.bytes(), readable: readable, "random \(number)") != nil {
        count += 1
      }
    }
    #expect(count > 100)
  }

  @Test("A plain frame is one range, whatever fill its rows have in whole pixels")
  func wholeFrames() throws {
    for width in 5...9 {
      for type in [SampleType.uint8, .uint16] {
        let sample = SampleFile(
          width: width, height: 7, sampleType: type, loops: [.time(count: 3)])
        let made = try references(try open(sample.bytes()))
        #expect(made.rangeCount == 3)
        #expect(made.axes == [.time, .y, .x])
        #expect(made.shape == [3, 7, width])
      }
    }
  }

  @Test("Rows with other fill are chunks of their own, up to the limit")
  func rows() throws {
    let sample = SampleFile(
      width: 5, height: 9, sampleType: .uint8, channels: [.rgb()], loops: [.zStack(count: 2)])
    let file = try open(sample.bytes())
    let made = try references(file)
    #expect(made.rangeCount == 18)
    #expect(try references(file) { $0.keyLimit = 23 }.keyCount == 23)
    let error = #expect(throws: ND2Error.self) { try references(file) { $0.keyLimit = 22 } }
    #expect(error?.code == .limitExceeded)
    #expect(error?.message.contains("18 references, one for each row") == true)
  }

  @Test("Compressed frames are referred to unless their rows have a fill of broken pixels")
  func compressed() throws {
    var sample = SampleFile(width: 9, height: 6, loops: [.time(count: 2)])
    sample.storage.compression = .lossless
    let store = try ReferencedStore(try references(open(sample.bytes())), to: sample.bytes())
    #expect(try store.array("0").isCompressed)
    #expect(try store.array("0").chunk == [1, 6, 10])
    sample.channels = [.rgb()]
    let error = #expect(throws: ND2Error.self) { try references(open(sample.bytes())) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("2 bytes of fill") == true)
  }

  @Test("Compressed and plain frames in one file are refused")
  func mixed() throws {
    var sample = SampleFile(width: 8, height: 6, loops: [.time(count: 3)])
    sample.storage.compression = .lossless
    sample.flaws.framePayloads = [1: sample.packedFrame(1)]
    let error = #expect(throws: ND2Error.self) { try references(open(sample.bytes())) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("frame 0 is compressed and frame 1 is not") == true)
  }

  @Test("A stream as large as plain rows is told from them")
  func incompressible() throws {
    var random = Randomness(seed: 5)
    let frames = (0..<3).map { _ in random.bytes(16 * 16 * 2) }
    var sample = SampleFile(width: 16, height: 16, loops: [.time(count: 3)])
    sample.pixels = .packed(frames)
    sample.storage.compression = .lossless
    let store = try #require(
      try check(
        sample, bytes: sample.bytes(),
        readable: frames.enumerated().map { (index: $0.offset, packed: $0.element) }, "noise"))
    #expect(try store.array("0").isCompressed)
  }

  @Test("Damaged frames are left out and told, or an error")
  func damage() throws {
    var sample = SampleFile(width: 8, height: 6, loops: [.time(count: 3)])
    sample.storage.compression = .lossless
    sample.flaws.framePayloads = [2: [0x78, 0x01] + [UInt8](repeating: 0xAA, count: 20)]
    let file = try open(sample.bytes())
    let made = try references(file)
    #expect(made.incompleteFrames == [2])
    #expect(made.rangeCount == 2)
    let error = #expect(throws: ND2Error.self) { try references(file) { $0.isStrict = true } }
    #expect(error?.code == .missingFrame)
  }

  @Test("There is a value for what is missing only if something is")
  func fill() throws {
    var sample = SampleFile(width: 8, height: 6, loops: [.time(count: 3)])
    func hasFill() throws -> Bool {
      let bytes = try sample.bytes()
      return try ReferencedStore(try references(open(bytes)), to: bytes).array("0").hasFill
    }
    #expect(try !hasFill())
    sample.missingFrames = [1]
    #expect(try hasFill())
    #expect(try references(open(sample.bytes())).missingFrameCount == 1)
  }

  @Test("Images that OME-NGFF allows have its metadata, others say why not")
  func metadata() throws {
    let places = SampleFile.Loop.positions(count: 3)
    var sample = SampleFile(
      width: 8, height: 6, loops: [.time(count: 2), places, .zStack(count: 4)])
    func store(_ layout: ZarrReferenceOptions.Layout = .positions) throws -> ReferencedStore {
      let bytes = try sample.bytes()
      return try ReferencedStore(try references(open(bytes)) { $0.layout = layout }, to: bytes)
    }
    let plain = try store()
    #expect(try plain.json(".zattrs")["bioformats2raw.layout"]?.int == 3)
    #expect(try plain.json("OME/.zattrs")["series"]?.elements.count == 3)
    let scales = try #require(try plain.json("2/.zattrs")["multiscales"]?.elements.first)
    #expect(scales["version"]?.string == "0.4")
    #expect(scales["axes"]?.elements.compactMap { $0["name"]?.string } == ["t", "z", "y", "x"])
    #expect(scales["datasets"]?.elements.first?["path"]?.string == "0")
    #expect(try plain.json("2/.zattrs")["omero"]?["channels"]?.elements.count == 1)
    #expect(try plain.array("1/0").axes == "TZYX")
    for (group, count) in [("", 16), ("2/", 4)] {
      let gathered = try plain.json("\(group).zmetadata")
      #expect(gathered["zarr_consolidated_format"]?.int == 1)
      let members = try #require(gathered["metadata"]?.members)
      #expect(members.count == count)
      for member in members { #expect(try plain.json(group + member.name) == member.value) }
    }

    let whole = try store(.array)
    #expect(try whole.array("0").axes == "PTZYX")
    #expect(
      try whole.json(".zattrs")["nd2"]?["no_multiscales"]?.string == "OME-NGFF has no axis P")

    sample.channels = [.init("DAPI"), .init("GFP")]
    let several = try store()
    #expect(try several.array("0/0").axes == "TZYXC")
    #expect(try several.json("0/.zattrs")["multiscales"] == nil)
    #expect(try several.json("0/.zattrs")["nd2"]?["no_multiscales"]?.string != nil)
    #expect(try several.json(".zattrs")["bioformats2raw.layout"] == nil)
    #expect(several.members["OME/.zgroup"] == nil)
    func names(_ store: ReferencedStore) throws -> [String]? {
      try store.json("0/0/.zattrs")["channel_names"]?.elements.compactMap(\.string)
    }
    #expect(try names(several) == ["DAPI", "GFP"])
    sample.channels = [.rgb()]
    #expect(try names(store()) == ["Blue", "Green", "Red"])
  }

  @Test("The address is that of the file, or the one that is wanted, and holds no credentials")
  func addresses() throws {
    func resolve(_ wanted: String?, _ path: String = "/a/b c.nd2") throws -> String {
      try ReferenceAddress.resolve(wanted: wanted, path: path)
    }
    #expect(try resolve(nil) == "file:///a/b c.nd2")
    #expect(try resolve(nil, "https://example.org/a.nd2") == "https://example.org/a.nd2")
    for sound in [
      "https://example.org/a%20b.nd2", "s3://bucket/me@home.nd2", "../a.nd2",
      "abfs://container@account.dfs.core.windows.net/a.nd2", "https://example.org/a?version=3",
      "sftp://me@example.org/a.nd2",
    ] {
      #expect(try resolve(sound) == sound)
    }
    for unsound in [
      "", "https://me:word@example.org/a.nd2", "https://me@example.org/a.nd2",
      "ftp://me:word@example.org/a.nd2", "https://example.org/a?x=1&X-Amz-Signature=ab",
      "https://a.blob.core.windows.net/c/a.nd2?sv=1&sig=secret",
      "abfs://container:word@account.dfs.core.windows.net/a.nd2",
    ] {
      let error = #expect(throws: ND2Error.self) { try resolve(unsound) }
      #expect(error?.code == .invalidRequest)
      #expect(error?.description.contains("word@") == false)
      #expect(error?.description.contains("secret") == false)
    }
    for path in ["", "memory.nd2", "https://example.org/a.nd2?…", "https://a:b@example.org/a.nd2"] {
      #expect(throws: ND2Error.self) { try resolve(nil, path) }
    }
  }

  @Test("The address can be written once")
  func template() throws {
    let sample = SampleFile(width: 8, height: 6, loops: [.time(count: 2)])
    let bytes = try sample.bytes()
    let plain = try ReferencedStore(try references(open(bytes)), to: bytes)
    #expect(plain.addresses == [Self.address])
    #expect(plain.document["version"]?.int == 1)
    #expect(plain.document["templates"] == nil)
    let short = try ReferencedStore(
      try references(open(bytes)) { $0.usesTemplate = true }, to: bytes)
    #expect(short.addresses == ["{{u}}"])
    #expect(short.document["templates"]?["u"]?.string == Self.address)
  }

  @Test("The file of references appears whole or not at all")
  func output() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.nd2")
    try SampleFile(width: 8, height: 6).write(to: path)
    let made = try ND2File(path: path).zarrReferences()
    #expect(made.address == "file://\(path)")
    let target = directory.file("refs.json")
    try made.write(to: target)
    #expect(throws: ND2Error.self) { try made.write(to: target) }
    #expect(throws: ND2Error.self) { try made.write(to: path, overwrites: true) }
    try made.write(to: target, overwrites: true)
    #expect(directory.fileNames == ["a.nd2", "refs.json"])
    let store = try ReferencedStore(directory.read("refs.json"), to: directory.read("a.nd2"))
    #expect(store.addresses == [made.address])
  }

  @Test("The asynchronous form gives the same, and work can be cancelled")
  func asynchronous() async throws {
    var sample = SampleFile(
      width: 9, height: 6, channels: [.init("a"), .init("b")],
      loops: [.time(count: 40), .positions(count: 3)])
    sample.missingFrames = [7]
    sample.storage.compression = .lossless
    let bytes = try sample.bytes()
    var options = ZarrReferenceOptions()
    options.address = Self.address
    func text(_ references: ZarrReferences) -> [UInt8] {
      var text: [UInt8] = []
      references.write { text += $0 }
      return text
    }
    let expected = text(try references(open(bytes)))
    let file = try open(bytes)
    #expect(text(try await file.zarrReferences(options: options)) == expected)
    let source = BareAsyncSource(bytes: bytes)
    let remote = try await ND2File(reading: source)
    let shares = Lock([Double]())
    let made = try await remote.zarrReferences(options: options) { share in
      shares.withLock { $0.append(share) }
    }
    #expect(text(made) == expected)
    #expect(shares.withLock { $0.max() } == 1)
    #expect(text(try references(waitingFile(source))) == expected)
    #expect(throws: CancellationError.self) {
      try file.zarrReferences(options: options, isCancelled: { true })
    }
  }
}

/// Bytes in memory, behind the asynchronous form only.
private struct BareAsyncSource: AsyncByteSource {
  let bytes: [UInt8]
  let name = "bare.nd2"

  func byteCount() async throws -> UInt64 { UInt64(bytes.count) }

  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    ranges.map { Array(bytes[Int($0.lowerBound)..<Int($0.upperBound)]) }
  }
}
