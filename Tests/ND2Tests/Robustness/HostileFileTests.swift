import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

/// Damaged files end in an answer or in an `ND2Error`; never in a trap, a hang or another error.
struct HostileFileTests {
  /// A small file with a bit of everything.
  static func sample(_ version: SampleFile.Version) -> SampleFile {
    var sample = SampleFile(
      version: version, width: 6, height: 4,
      channels: [SampleFile.Channel("a"), SampleFile.Channel("b")],
      loops: [.time(count: 2), .zStack(count: 2)])
    sample.storage.compression = .lossless
    sample.recordedColumns = [
      SampleFile.RecordedColumn(
        id: "X", description: "X Coord", unit: "µm", values: .doubles([1, 2, 3, 4]))
    ]
    sample.events = [SampleFile.Event(timeMs: 50, meaning: 7, id: 1)]
    return sample
  }

  /// Opens a file and looks at everything; gives whether it opened.
  @discardableResult
  static func exercise(_ bytes: [UInt8]) throws -> Bool {
    let file: ND2File
    do {
      file = try ND2File(reading: MemorySource(bytes, name: "hostile.nd2"))
    } catch is ND2Error {
      return false
    }
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch is ND2Error {}
    }
    _ = (file.sizes, file.metadata, file.experiment, file.textInfo, file.voxelSize, file.chunks)
    try attempt { _ = try file.read() }
    try attempt { _ = try file.readFrame(0) }
    try attempt { _ = try file.frameMetadata(0) }
    try attempt { _ = try file.rois() }
    try attempt { _ = try file.binaryLayers() }
    try attempt { _ = try file.events() }
    try attempt { _ = try file.roisTable().text(.csv) }
    try attempt { _ = try file.positionsTable().text(.tsv) }
    try attempt { _ = try file.framesTable().json(.dict) }
    try attempt { _ = try file.customData() }
    try attempt { _ = try file.jobs() }
    try attempt { _ = try file.unstructuredMetadata() }
    return true
  }

  /// Positions that matter: all but the inside of runs of zeros, which are fill, and with a stride
  /// through the bulk of what is left, so that the test takes seconds.
  static func interesting(_ bytes: [UInt8], stride: Int) -> [Int] {
    var positions: [Int] = []
    var zeros = 0
    for (position, byte) in bytes.enumerated() {
      zeros = byte == 0 ? zeros + 1 : 0
      if zeros <= 3 ? position % stride == 0 : position % 1021 == 0 { positions.append(position) }
    }
    return positions
  }

  /// A file with the least that makes one: every byte of it can be tried.
  static func tinySample(_ version: SampleFile.Version) -> SampleFile {
    var sample = SampleFile(version: version, width: 3, height: 2, loops: [.time(count: 2)])
    sample.application = nil
    return sample
  }

  @Test("A file cut at any length", arguments: [SampleFile.Version.v3_0, .v2_1])
  func aFileCutAtAnyLength(version: SampleFile.Version) throws {
    let tiny = try Self.tinySample(version).bytes()
    for length in Self.interesting(tiny, stride: 1) { try Self.exercise(Array(tiny[..<length])) }
    let rich = try Self.sample(version).bytes()
    for length in Self.interesting(rich, stride: 29) { try Self.exercise(Array(rich[..<length])) }
  }

  @Test("A file with any byte changed", arguments: [SampleFile.Version.v3_0, .v2_1])
  func aFileWithAnyByteChanged(version: SampleFile.Version) throws {
    var random = Randomness(seed: 20_261_122)
    for (sample, stride) in [(Self.tinySample(version), 1), (Self.sample(version), 29)] {
      var bytes = try sample.bytes()
      var opened = 0
      for position in Self.interesting(bytes, stride: stride) {
        let sound = bytes[position]
        bytes[position] = random.oneIn(3) ? 0xFF : UInt8(truncatingIfNeeded: random.bits())
        if try Self.exercise(bytes) { opened += 1 }
        bytes[position] = sound
      }
      #expect(opened > 0)
    }
  }

  @Test("bytes at random behind a sound signature")
  func bytesAtRandomBehindASoundSignature() throws {
    let head = Array(try Self.sample(.v3_0).bytes().prefix(4096))
    try Randomness.repeated(50) { random in
      try Self.exercise(head + random.bytes(random.int(0..<20_000)))
    }
  }
}
