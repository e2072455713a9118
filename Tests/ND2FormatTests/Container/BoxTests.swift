import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Format

@Suite("Boxes of version 1.0")
struct BoxTests {
  @Test("Lengths of 32 and of 64 bits, and to the end of the file")
  func lengths() throws {
    let kind = Array("xml ".utf8)
    let short = try BoxHeader([0, 0, 0, 20] + kind, at: 0)
    #expect(short.kind == .xml)
    #expect(short.dataOffset == 8)
    #expect(short.dataByteCount == 12)
    let long = try BoxHeader([0, 0, 0, 1] + kind + [0, 0, 0, 2, 0, 0, 0, 16], at: 0)
    #expect(long.dataOffset == 16)
    #expect(long.dataByteCount == 1 << 33)
    #expect(try BoxHeader([0, 0, 0, 0] + kind, at: 0).dataByteCount == nil)
    #expect(try BoxHeader([0, 0, 0, 9] + Array("jP2C".utf8), at: 0).kind == .codestream)
  }

  @Test("What cannot be a box is an error with its place")
  func malformed() {
    #expect(throws: Malformed(.truncated(needed: 8, available: 3), at: 5)) {
      try BoxHeader([0, 0, 0], at: 5)
    }
    for bytes in [
      [0, 0, 0, 7] + Array("xml ".utf8), [0, 0, 0, 20, 1, 2, 3, 4],
      [0, 0, 0, 1] + Array("xml ".utf8) + [0, 0, 0, 0, 0, 0, 0, 15],
      [0, 0, 0, 1] + Array("xml ".utf8),
    ] as [[UInt8]] {
      #expect(throws: Malformed.self) { try BoxHeader(bytes, at: 0) }
    }
  }

  @Test("Names")
  func names() {
    #expect(BoxName.codestreamIndex("LUNK|12!") == 12)
    for name in ["LUNK|!", "LUNK!", "LUNK|x!", "LUNK|1", "VIMD|1!", "LUNK|99999999999!"] {
      #expect(BoxName.codestreamIndex(name) == nil, "\(name)")
    }
    #expect(BoxName.isXML("VIMD|3!"))
    #expect(!BoxName.isXML("LUNK|3!"))
    #expect(BoxName.matches("LUNK|3!", kind: .codestream))
    #expect(!BoxName.matches("LUNK|3!", kind: .xml))
    #expect(BoxName.matches("TINF!", kind: .xml))
  }

  // MARK: - The map

  /// A list of boxes with the bytes behind it.
  static func map(
    _ lines: [(kind: String, tag: String, offset: UInt64)], stride: Int = 16, count: Int? = nil
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: UInt32(count ?? lines.count))
    for line in lines {
      bytes += Array(line.kind.utf8) + Array(line.tag.utf8)
      if stride == 16 {
        bytes.append(littleEndian: line.offset)
      } else {
        bytes.append(littleEndian: UInt32(line.offset))
      }
    }
    let distance = UInt64(bytes.count + 40)
    bytes += Array("LABORATORY IMAGING ND BOX MAP 00".utf8)
    bytes.append(littleEndian: distance)
    return bytes
  }

  static let lines: [(kind: String, tag: String, offset: UInt64)] = [
    ("jP  ", "LUNK", 0), ("ftyp", "LUNK", 12), ("jp2h", "LUNK", 32), ("jp2c", "LUNK", 77),
    ("jp2c", "LUNK", 200), ("xml ", "VIMD", 300), ("xml ", "VCAL", 340), ("xml ", "VIMD", 400),
    ("xml ", "TINF", 460),
  ]

  @Test("Lines of 16 bytes, and of 12", arguments: [16, 12])
  func strides(stride: Int) {
    let parsed = BoxMapParser.parse(Self.map(Self.lines, stride: stride), at: 1000)
    #expect(parsed.problem == nil)
    #expect(
      parsed.map.inFileOrder.map(\.name) == [
        "jP!", "ftyp!", "jp2h!", "LUNK|0!", "LUNK|1!", "VIMD|0!", "VCAL|0!", "VIMD|1!", "TINF!",
      ])
    #expect(parsed.map["LUNK|1!"] == ChunkEntry(offset: 200, byteCount: 92))
    #expect(parsed.map["TINF!"] == ChunkEntry(offset: 460, byteCount: 532))
    #expect(parsed.map.frames.storedCount == 2)
  }

  @Test("Offsets beyond 4 GB are whole")
  func wideOffsets() {
    let parsed = BoxMapParser.parse(
      Self.map([("jp2c", "LUNK", 5 << 32), ("jp2c", "LUNK", 6 << 32)]), at: 7 << 32)
    #expect(parsed.map.frames[1]?.offset == 6 << 32)
    #expect(parsed.problem == nil)
  }

  @Test("The distance of the map from the end")
  func distance() {
    let bytes = Self.map(Self.lines)
    #expect(BoxMapParser.distance(tail: bytes) == UInt64(bytes.count))
    #expect(BoxMapParser.distance(tail: Array(bytes.dropLast())) == nil)
    #expect(BoxMapParser.distance(tail: []) == nil)
  }

  @Test("A number of lines that does not fit is reported, and what is there is read")
  func wrongCount() {
    let parsed = BoxMapParser.parse(Self.map(Self.lines, count: 1 << 30), at: 1000)
    #expect(parsed.problem != nil)
    #expect(parsed.map.frames.storedCount == 2)
  }

  @Test("A codestream whose place is impossible keeps its number")
  func impossiblePlace() {
    var lines = Self.lines
    lines[3].offset = .max
    let parsed = BoxMapParser.parse(Self.map(lines), at: 1000)
    #expect(parsed.problem != nil)
    #expect(parsed.map.frames[0] == nil)
    #expect(parsed.map.frames[1]?.offset == 200)
  }

  @Test("Damaged maps do no harm")
  func hostileMaps() {
    let bytes = Self.map(Self.lines)
    for damaged in HostileBytes.numbers(of: bytes) { _ = BoxMapParser.parse(damaged, at: 1000) }
    for damaged in HostileBytes.prefixes(of: bytes) { _ = BoxMapParser.parse(damaged, at: 1000) }
  }
}

@Suite(
  "Boxes without a map", .enabled(if: JPEG2000Decoder.isAvailable, "built without JPEG 2000"))
struct BoxWalkTests {
  static func walk(_ file: [UInt8]) -> (map: ChunkMap, gaps: [UInt64], readCount: Int) {
    var walk = BoxWalk(fileByteCount: UInt64(file.count))
    var readCount = 0
    while let range = walk.needed, readCount < 100_000 {
      walk.supply(Array(file[Int(range.lowerBound)..<Int(range.upperBound)]))
      readCount += 1
    }
    let gaps = walk.gaps
    return (walk.finish(), gaps, readCount)
  }

  static func sample() -> SampleFile {
    SampleFile(
      version: .v1_0, width: 30, height: 20, channels: [.init("a"), .init("b")],
      loops: [.time(count: 3)])
  }

  /// What the map of the file says.
  static func listed(_ file: [UInt8]) throws -> ChunkMap {
    let distance = Int(try #require(BoxMapParser.distance(tail: file)))
    let start = file.count - distance
    return BoxMapParser.parse(Array(file[start...]), at: UInt64(start)).map
  }

  @Test("All boxes are found, under the names that the map gives them")
  func all() throws {
    for map in [true, false] {
      var sample = Self.sample()
      let listed = try Self.listed(try sample.bytes())
      sample.flaws.writesBoxMap = map
      let found = Self.walk(try sample.bytes())
      #expect(found.gaps.isEmpty)
      #expect(found.map.inFileOrder.map(\.name) == listed.inFileOrder.map(\.name))
      #expect(
        found.map.inFileOrder.map(\.entry.offset) == listed.inFileOrder.map(\.entry.offset))
      #expect(BoxWalk.isLegacy(found.map))
    }
  }

  @Test("Behind a damaged box the walk goes on")
  func damaged() throws {
    let bytes = try Self.sample().bytes()
    let listed = try Self.listed(bytes)
    for name in ["LUNK|1!", "VIMD|1!", "TINF!"] {
      let place = Int(try #require(listed[name]).offset)
      for length in [[0, 0, 0, 2], [0xFF, 0, 0, 0], [0, 0, 0, 0]] as [[UInt8]] {
        var damaged = bytes
        damaged.replaceSubrange(place..<(place + 4), with: length)
        let found = Self.walk(damaged)
        // The codestream without its header is found by its markers.
        #expect(found.map.frames.storedCount == 6, "\(name)")
        #expect(found.map["VIMD|2!"] == listed["VIMD|2!"] || name == "VIMD|1!")
        #expect(found.map["SROB!"]?.offset == listed["SROB!"]?.offset, "\(name)")
      }
    }
  }

  @Test("Bytes between boxes are passed over")
  func gap() throws {
    var sample = Self.sample()
    sample.flaws.gaps[1] = [UInt8](repeating: 0x6A, count: 5000)
    sample.flaws.writesBoxMap = false
    let found = Self.walk(try sample.bytes())
    #expect(found.gaps.count == 1)
    #expect(found.map.frames.storedCount == 6)
  }

  @Test("A cut file has the boxes in front of the cut")
  func cut() throws {
    let bytes = try Self.sample().bytes()
    let listed = try Self.listed(bytes)
    let place = Int(try #require(listed["LUNK|3!"]).offset)
    let found = Self.walk(Array(bytes.prefix(place + 100)))
    #expect(found.map.frames.storedCount == 4)
    #expect(BoxWalk.isLegacy(found.map))
  }

  @Test("An ordinary picture is no ND2 file")
  func ordinary() throws {
    var sample = SampleFile(version: .v1_0, width: 8, height: 8)
    sample.flaws.writesBoxMap = false
    let bytes = try sample.bytes()
    let place = Int(try #require(Self.walk(bytes).map["VIMD|0!"]).offset)
    #expect(!BoxWalk.isLegacy(Self.walk(Array(bytes.prefix(place))).map))
  }

  @Test("Any bytes end the walk, in few reads")
  func hostile() throws {
    let bytes = try Self.sample().bytes()
    try Randomness.repeated(300) { (random) throws in
      var damaged = bytes
      for _ in 0..<random.int(1..<6) {
        damaged[random.int(0..<damaged.count)] = UInt8(truncatingIfNeeded: random.bits())
      }
      #expect(Self.walk(damaged).readCount < 200, "seed \(random.seed)")
    }
    let zeros = [UInt8](repeating: 0xFF, count: 3 << 20)
    #expect(Self.walk(Array(bytes.prefix(12)) + zeros).readCount < 12)
  }
}

extension [UInt8] {
  fileprivate mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
