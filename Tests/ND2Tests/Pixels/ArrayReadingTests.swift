import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// Arrays against the packed frames that the builder says to have written.
struct ArrayReadingTests {
  /// Takes the packed frames of a file apart, one number at a time: the plain way to the truth.
  static func expectedArray(
    _ sample: SampleFile, planes: [[Int]], rows: Range<Int>? = nil, columns: Range<Int>? = nil,
    frames: [Int]? = nil
  ) -> [UInt8] {
    let size = sample.sampleType.byteCount
    var result: [UInt8] = []
    for frame in frames ?? Array(0..<sample.frameCount) {
      let packed = sample.packedFrame(frame)
      for plane in planes {
        for y in rows ?? 0..<sample.height {
          for x in columns ?? 0..<sample.width {
            for component in plane {
              let start =
                ((y * sample.width + x) * sample.componentCount + component) * size
              result += packed[start..<(start + size)]
            }
          }
        }
      }
    }
    return result
  }

  static func readBlocking(_ bytes: [UInt8], _ box: ArraySelection) throws -> AnyNDArray {
    try ND2File(reading: MemorySource(bytes)).read(box)
  }

  static func bytes(_ array: AnyNDArray) -> [UInt8] { array.withUnsafeBytes { Array($0) } }

  @Test(
    "channels come out as separate planes", arguments: SampleType.allCases, [1, 2, 3, 4, 5, 9])
  func channelsComeOutAsSeparatePlanes(type: SampleType, channels: Int) throws {
    let sample = SampleFile(
      width: 37, height: 11, sampleType: type,
      channels: (0..<channels).map { SampleFile.Channel("c\($0)") }, loops: [.time(count: 3)])
    let file = try ND2File(reading: try sample.source())
    let array = try file.read()
    #expect(array.sampleType == type)
    #expect(array.shape == (channels == 1 ? [3, 11, 37] : [3, channels, 11, 37]))
    #expect(Self.bytes(array) == Self.expectedArray(sample, planes: (0..<channels).map { [$0] }))
    #expect(file.diagnostics.isEmpty)
  }

  @Test("colour comes out as red, green, blue and is stored as blue, green, red")
  func colourComesOutAsRedGreenBlueAndIs() throws {
    let sample = SampleFile(
      width: 21, height: 9, sampleType: .uint8,
      channels: [SampleFile.Channel("RGB", componentCount: 3)])
    let file = try ND2File(reading: try sample.source())
    #expect(file.isRGB)
    #expect(file.shape == [9, 21, 3])
    #expect(Self.bytes(try file.read()) == Self.expectedArray(sample, planes: [[2, 1, 0]]))
    let stored = try file.read(ArraySelection().with(.stored))
    #expect(Self.bytes(stored) == sample.packedFrame(0))
  }

  @Test("colour and grey planes in one file become separate planes")
  func colourAndGreyPlanesInOneFileBecomeSeparate() throws {
    let sample = SampleFile(
      width: 10, height: 6, sampleType: .uint16,
      channels: [SampleFile.Channel("RGB", componentCount: 3), SampleFile.Channel("grey")],
      loops: [.time(count: 2)])
    let file = try ND2File(reading: try sample.source())
    #expect(file.shape == [2, 4, 6, 10])
    #expect(
      Self.bytes(try file.read()) == Self.expectedArray(sample, planes: [[2], [1], [0], [3]]))
  }

  @Test("several colour planes keep both axes")
  func severalColourPlanesKeepBothAxes() throws {
    let sample = SampleFile(
      width: 8, height: 5, sampleType: .uint8,
      channels: [
        SampleFile.Channel("a", componentCount: 3), SampleFile.Channel("b", componentCount: 3),
      ])
    let file = try ND2File(reading: try sample.source())
    #expect(file.sizes.axes == [.channel, .y, .x, .sample])
    #expect(
      Self.bytes(try file.read()) == Self.expectedArray(sample, planes: [[2, 1, 0], [5, 4, 3]]))
  }

  @Test(
    "row padding never shows", arguments: [nil, 200, 148],
    [SampleFile.Storage.Compression.none, .lossless])
  func rowPaddingNeverShows(
    rowBytes: Int?, compression: SampleFile.Storage.Compression
  ) throws {
    var sample = SampleFile(
      width: 35, height: 7, channels: [SampleFile.Channel("a"), SampleFile.Channel("b")],
      loops: [.time(count: 4)])
    sample.storage.rowByteCount = rowBytes
    sample.storage.compression = compression
    let file = try ND2File(reading: try sample.source())
    #expect(Self.bytes(try file.read()) == Self.expectedArray(sample, planes: [[0], [1]]))
  }

  @Test(
    "any box equals the same part of the whole",
    arguments: [SampleFile.Storage.Compression.none, .lossless])
  func anyBoxEqualsTheSamePartOfTheWhole(
    compression: SampleFile.Storage.Compression
  ) throws {
    var sample = SampleFile(
      width: 23, height: 17, sampleType: .uint16,
      channels: (0..<3).map { SampleFile.Channel("c\($0)") },
      loops: [.time(count: 3), .zStack(count: 4)])
    sample.storage.compression = compression
    let file = try ND2File(reading: try sample.source())
    try Randomness.repeated(60) { random in
      func range(_ count: Int) -> Range<Int> {
        let low = random.int(0..<count)
        return low..<random.int((low + 1)..<(count + 1))
      }
      let (t, z, c, y, x) = (range(3), range(4), range(3), range(17), range(23))
      let box = ArraySelection(.time, t).with(.z, z).with(.channel, c).with(.y, y).with(.x, x)
      let array = try file.read(box)
      let frames = t.flatMap { t in z.map { t * 4 + $0 } }
      #expect(array.shape == [t.count, z.count, c.count, y.count, x.count])
      #expect(
        Self.bytes(array)
          == Self.expectedArray(
            sample, planes: c.map { [$0] }, rows: y, columns: x, frames: frames),
        "seed \(random.seed)")
    }
  }

  @Test("reading into the caller's memory equals reading into new memory")
  func readingIntoTheCallersMemoryEqualsReadingIntoNew() throws {
    let sample = SampleFile(width: 12, height: 8, loops: [.time(count: 3)])
    let file = try ND2File(reading: try sample.source())
    let box = ArraySelection(.time, 1..<3).with(.y, 2..<5)
    var memory = [UInt8](repeating: 0xAA, count: try file.byteCount(of: box))
    try memory.withUnsafeMutableBytes { try file.read(box, into: $0) }
    #expect(memory == Self.bytes(try file.read(box)))
    #expect(throws: ND2Error.self) {
      try memory.withUnsafeMutableBytes { try file.read(into: $0) }
    }
  }

  @Test("a missing frame is zeros and a diagnostic, or an error when strict")
  func aMissingFrameIsZerosAndADiagnosticOr() throws {
    var sample = SampleFile(width: 12, height: 8, loops: [.time(count: 3)])
    sample.missingFrames = [1]
    let source = try sample.source()
    let file = try ND2File(reading: source)
    var memory = [UInt8](repeating: 0xAA, count: try file.byteCount(of: .all))
    try memory.withUnsafeMutableBytes { try file.read(into: $0) }
    let frame = 12 * 8 * 2
    #expect(memory[frame..<(2 * frame)].allSatisfy { $0 == 0 })
    #expect(Array(memory[(2 * frame)...]) == sample.packedFrame(2))
    #expect(file.isMissing(frame: 1))
    #expect(file.diagnostics.contains { $0.severity == .damage })
    var strict = ReadingOptions()
    strict.isStrict = true
    let error = #expect(throws: ND2Error.self) {
      try ND2File(reading: source, options: strict).read()
    }
    #expect(error?.code == .missingFrame)
  }

  @Test(
    "a range outside its axis is refused by name",
    arguments: [
      ArraySelection(.time, 0..<4), ArraySelection(.z, 1..<2), ArraySelection(.y, -1..<2),
      ArraySelection(.x, 3..<3), ArraySelection(.position, 0..<2),
    ])
  func aRangeOutsideItsAxisIsRefusedByName(selection: ArraySelection) throws {
    let file = try ND2File(
      reading: try SampleFile(width: 4, height: 4, loops: [.time(count: 3)]).source())
    let error = #expect(throws: ND2Error.self) { try file.read(selection) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("axis") == true)
  }

  @Test("asynchronous and blocking reads agree")
  func asynchronousAndBlockingReadsAgree() async throws {
    var sample = SampleFile(
      width: 30, height: 20, channels: [SampleFile.Channel("a"), SampleFile.Channel("b")],
      loops: [.time(count: 5)])
    for compression in [SampleFile.Storage.Compression.none, .lossless] {
      sample.storage.compression = compression
      let bytes = try sample.bytes()
      let box = ArraySelection(.y, 3..<11).with(.channel, 1)
      let expected = try Self.readBlocking(bytes, box)
      let offloaded = try await ND2File(reading: MemorySource(bytes)).read(box)
      let remote = CountingAsyncSource(bytes)
      let file = try await ND2File(reading: remote)
      #expect(offloaded == expected)
      #expect(try await file.read(box) == expected)
    }
  }
}

/// An asynchronous source that counts what it is asked for.
actor CountingAsyncSource: AsyncByteSource {
  private let bytes: [UInt8]
  nonisolated let name = "counting"
  private(set) var roundCount = 0
  private(set) var byteTotal: UInt64 = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func byteCount() -> UInt64 { UInt64(bytes.count) }

  func read(_ ranges: [Range<UInt64>]) -> [[UInt8]] {
    roundCount += 1
    return ranges.map { range in
      byteTotal += range.upperBound - range.lowerBound
      return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
  }
}
