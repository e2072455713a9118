import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

/// What a file is exported as.
enum DistantExport: String, CaseIterable, Sendable {
  case strips, deflate, pyramid, hyperstack, zarr, npy, npz, raw

  /// Writes a file.
  ///
  /// - Returns: the frames that were not all there.
  func write(
    _ file: ND2File, to path: String, isStrict: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [Int] {
    var tiff = TIFFOptions()
    tiff.isStrict = isStrict
    tiff.isCancelled = isCancelled
    tiff.metadata = self == .hyperstack ? .imageJ : .none
    var array = ArrayExportOptions()
    array.isStrict = isStrict
    array.isCancelled = isCancelled
    switch self {
    case .strips, .hyperstack: break
    case .deflate:
      tiff.compression = .deflate(level: 1)
      tiff.tileSide = 16
    case .pyramid:
      tiff.compression = .lzw
      tiff.hasPyramid = true
    case .zarr:
      var options = OMEZarrOptions()
      // Chunks are in shards in the order in which threads were done with them.
      options.sharding = .none
      options.isStrict = isStrict
      return try file.writeOMEZarr(to: path, options: options, isCancelled: isCancelled)
        .incompleteFrames
    case .npy: array.form = .npy
    case .npz: array.form = .npz
    case .raw: array.form = .raw
    }
    if [.npy, .npz, .raw].contains(self) {
      return try file.writeArray(to: path, options: array).incompleteFrames
    }
    return try file.writeTIFF(to: path, options: tiff).incompleteFrames
  }
}

@Suite("Exports of files far away")
struct RemoteExportTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let sample = SampleFile(
    width: 64, height: 40, channels: [.init("a"), .init("b")],
    loops: [.time(count: 8), .zStack(count: 3)])

  private static func open(_ bytes: MemorySource) throws -> (DistantSource, ND2File) {
    let source = DistantSource(bytes)
    let file = try ND2File(reading: BlockingSource(source))
    source.begin()
    return (source, file)
  }

  /// All files beneath a path, by their names.
  private func contents(_ path: String) throws -> [String: [UInt8]] {
    guard FileTree.isFolder(path) else { return ["": try TemporaryDirectory.readFile(path)] }
    var all: [String: [UInt8]] = [:]
    // Every document of OME-XML has a number of its own.
    for name in TemporaryDirectory.names(in: path) where !name.hasSuffix(".ome.xml") {
      for (inner, bytes) in try contents("\(path)/\(name)") { all["/\(name)\(inner)"] = bytes }
    }
    return all
  }

  @Test(
    "Many frames are under way, every byte is fetched once, and the output is that of a local file",
    arguments: DistantExport.allCases)
  func equal(export: DistantExport) throws {
    let bytes = try Self.sample.source()
    let (source, file) = try Self.open(bytes)
    source.begin { $0.companions = 20 }
    _ = try export.write(file, to: directory.file("far"))
    #expect(source.mostAtOnce >= 20)
    // A store has metadata besides.
    let pixels = 24 * 64 * 40 * 4
    #expect(source.readsOnce && (pixels...(pixels + 20_000)).contains(source.byteCount))
    _ = try export.write(try ND2File(reading: bytes), to: directory.file("near"))
    #expect(try contents(directory.file("far")) == contents(directory.file("near")))
  }

  @Test(
    "Compressed frames and crops are under way many at a time too",
    arguments: [DistantExport.strips, .zarr, .npy])
  func compressed(export: DistantExport) throws {
    var sample = SampleFile(width: 64, height: 80, loops: [.time(count: 16)])
    sample.storage.compression = .lossless
    sample.pixels = .computed { sample in
      Double((sample.x &* 40_503 &+ sample.y &* 30_011 &+ sample.frame &* 977) & 0xFFFF)
    }
    let bytes = try sample.source()
    let (source, file) = try Self.open(bytes)
    source.begin { $0.companions = 12 }
    _ = try export.write(file, to: directory.file("far"))
    #expect(source.mostAtOnce >= 12)
    _ = try export.write(try ND2File(reading: bytes), to: directory.file("near"))
    #expect(try contents(directory.file("far")) == contents(directory.file("near")))
  }

  @Test(
    "Frames of which few fit into memory are read in bands",
    arguments: [
      DistantExport.hyperstack, .pyramid, .npy,
    ])
  func bands(export: DistantExport) throws {
    let bytes = try SampleFile(width: 4096, height: 2600).source()
    let (source, file) = try Self.open(bytes)
    source.begin { $0.companions = 2 }
    _ = try export.write(file, to: directory.file("far"))
    #expect(source.mostAtOnce >= 2 && source.readsOnce)
    _ = try export.write(try ND2File(reading: bytes), to: directory.file("near"))
    #expect(try contents(directory.file("far")) == contents(directory.file("near")))
  }

  @Test("Masks that become labels are under way many at a time") func labels() throws {
    var sample = SampleFile(width: 100, height: 80, loops: [.time(count: 12)])
    let masks = (0..<12).map { frame in
      SampleFile.Mask(width: 100, height: 80) { x, y in
        UInt32((x &* 40_503 &+ y &* 30_011 &+ frame &* 977) >> 3 & 0xFF)
      }
    }
    sample.maskLayers = [
      .init(id: 1, name: "cells", masks: Dictionary(uniqueKeysWithValues: zip(0..., masks)))
    ]
    let bytes = try sample.source()
    let (source, file) = try Self.open(bytes)
    source.begin { $0.companions = 8 }
    _ = try DistantExport.zarr.write(file, to: directory.file("far"))
    #expect(source.mostAtOnce >= 8)
    _ = try DistantExport.zarr.write(try ND2File(reading: bytes), to: directory.file("near"))
    #expect(try contents(directory.file("far")) == contents(directory.file("near")))
  }

  @Test("Verification has many frames under way") func verification() throws {
    let bytes = try Self.sample.source()
    let (source, file) = try Self.open(bytes)
    try ND2File(reading: bytes).writeTIFF(to: directory.file("a.ome.tif"))
    source.begin { $0.companions = 20 }
    let outcome = try file.verifyExport(
      at: directory.file("a.ome.tif"), VerificationRequest(.omeTIFF))
    #expect(outcome.isEqual && outcome.planeCount == 48)
    #expect(source.mostAtOnce >= 20)
    #expect(source.readsOnce && source.byteCount == 24 * 64 * 40 * 4)
  }

  @Test(
    "Missing frames are zeros and reported, or an error, as of a local file",
    arguments: DistantExport.allCases)
  func missing(export: DistantExport) throws {
    var sample = Self.sample
    sample.missingFrames = [5, 6]
    let bytes = try sample.source()
    // The header of another frame is destroyed.
    let offset = Int(try #require(try ND2File(reading: bytes).frameOffset(9)))
    let damaged = try sample.source(with: .overwrite([UInt8](repeating: 0, count: 64), at: offset))
    for (index, bytes) in [bytes, damaged].enumerated() {
      let (_, file) = try Self.open(bytes)
      let near = try ND2File(reading: bytes)
      let lost = try export.write(file, to: directory.file("far\(index)"))
      #expect(lost == (index == 0 ? [5, 6] : [5, 6, 9]))
      #expect(try export.write(near, to: directory.file("near\(index)")) == lost)
      #expect(
        try contents(directory.file("far\(index)")) == contents(directory.file("near\(index)")))
      let error = #expect(throws: ND2Error.self) {
        try export.write(file, to: directory.file("strict"), isStrict: true)
      }
      #expect(error?.code == .missingFrame)
    }
    #expect(!directory.fileNames.contains("strict"))
  }

  @Test(
    "A frame that cannot be fetched is an error, and nothing stays",
    arguments: [
      DistantExport.strips, .deflate, .pyramid, .zarr, .npy, .npz,
    ])
  func failure(export: DistantExport) throws {
    let (source, file) = try Self.open(try Self.sample.source())
    let offset = try #require(file.frameOffset(11))
    source.begin { $0.failing = (offset + 5000)..<(offset + 5001) }
    let error = #expect(throws: ND2Error.self) {
      try export.write(file, to: directory.file("far"))
    }
    #expect(error?.code == .io)
    #expect(directory.fileNames.isEmpty)
  }

  @Test(
    "An export is cancelled while all it does is wait, and nothing stays",
    arguments: DistantExport.allCases)
  func cancelled(export: DistantExport) throws {
    let (source, file) = try Self.open(try Self.sample.source())
    source.begin { $0.isStuck = true }
    #expect(throws: CancellationError.self) {
      try export.write(file, to: directory.file("far")) { source.now >= 20 }
    }
    #expect(source.now == 0)
    #expect(directory.fileNames.isEmpty)
  }

  @Test("The memory that an export of a store may take bounds what is under way")
  func memoryLimit() throws {
    let sample = SampleFile(width: 512, height: 256, loops: [.time(count: 24)])
    let (source, file) = try Self.open(try sample.source())
    source.begin { $0.companions = 4 }
    var options = OMEZarrOptions()
    options.memoryLimit = 2 << 20
    options.threadCount = 2
    try file.writeOMEZarr(to: directory.file("far"), options: options)
    #expect(source.mostAtOnce >= 4 && source.mostBytesAtOnce <= 2 << 20)
    #expect(source.readsOnce)
  }

  @Test("A store is taken up where it was left without what it has being read again")
  func resumed() throws {
    let (source, file) = try Self.open(try Self.sample.source())
    var options = OMEZarrOptions()
    options.isResumable = true
    options.sharding = .none
    options.threadCount = 1
    let count = Lock(0)
    #expect(throws: CancellationError.self) {
      try file.writeOMEZarr(
        to: directory.file("far"), options: options,
        isCancelled: { count.withLock { $0 } > 7 }, progress: { _ in count.withLock { $0 += 1 } })
    }
    source.begin { $0.companions = 10 }
    try file.writeOMEZarr(to: directory.file("far"), options: options)
    #expect(source.mostAtOnce >= 10 && source.readCount <= 24 - 8 + 3)
  }
}
