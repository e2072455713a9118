import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Chunk map parser")
struct ChunkMapParserTests {
  private static let closing = Array("ND2 CHUNK MAP SIGNATURE 0000001!".utf8)

  private func entry(_ name: String, _ offset: UInt64, _ size: UInt64) -> [UInt8] {
    Array(name.utf8) + [UInt8](littleEndian: [offset, size])
  }

  private func end(_ offset: UInt64) -> [UInt8] {
    Self.closing + [UInt8](littleEndian: CollectionOfOne(offset))
  }

  private func parse(
    _ data: [UInt8], fileByteCount: UInt64 = 1 << 40
  ) -> ChunkMapParser.Result {
    data.withUnsafeBytes { ChunkMapParser.parse($0, at: 0, fileByteCount: fileByteCount) }
  }

  @Test("The first entry of a real map is read")
  func workedExample() {
    let data = Hex.bytes(
      """
      496d616765546578 74496e666f4c5621 0070060000000000 da1e000000000000
      """)
    let result = parse(data + end(552_960) + [UInt8](repeating: 0, count: 100) + end(552_960))
    #expect(result.problem == nil)
    #expect(result.map.count == 1)
    #expect(result.map["ImageTextInfoLV!"] == ChunkEntry(offset: 421_888, byteCount: 7898))
  }

  @Test("The last 40 bytes of a file say where the map is")
  func tail() {
    let tail = Hex.bytes(
      """
      4e443220 4348554e 4b204d41 50205349 474e4154 55524520 30303030 30303121 0070080000000000
      """)
    #expect(ChunkMapParser.mapOffset(tail: tail) == 0x87000)
    #expect(ChunkMapParser.mapOffset(tail: [1, 2, 3] + tail) == 0x87000)
    #expect(ChunkMapParser.mapOffset(tail: tail.dropFirst()) == nil)
    #expect(ChunkMapParser.mapOffset(tail: [UInt8](repeating: 0, count: 40)) == nil)
    #expect(ChunkMapParser.mapOffset(tail: [UInt8]()) == nil)
    #expect(
      ChunkMapParser.mapOffset(tail: tail.dropLast(8) + [UInt8](repeating: 255, count: 8)) == .max)
  }

  @Test("An exclamation mark inside a number is not the end of a name")
  func exclamationInNumbers() {
    let offset: UInt64 = 0x2121_2121
    let data = entry("A!", offset, 0x21) + entry("B!", 0x2100, 0x2121) + end(1)
    let result = parse(data)
    #expect(result.problem == nil)
    #expect(result.map["A!"] == ChunkEntry(offset: offset, byteCount: 0x21))
    #expect(result.map["B!"] == ChunkEntry(offset: 0x2100, byteCount: 0x2121))
  }

  @Test("A size that equals the offset, or exceeds the file, is unknown")
  func unknownSizes() {
    let data =
      entry("ImageDataSeq|0!", 8192, 8192) + entry("A!", 4096, 4096) + entry("B!", 100, 1 << 41)
      + entry("C!", 100, 200) + end(1)
    let map = parse(data).map
    #expect(map["ImageDataSeq|0!"] == ChunkEntry(offset: 8192, byteCount: nil))
    #expect(map["A!"] == ChunkEntry(offset: 4096, byteCount: nil))
    #expect(map["B!"] == ChunkEntry(offset: 100, byteCount: nil))
    #expect(map["C!"] == ChunkEntry(offset: 100, byteCount: 200))
  }

  @Test("Of several entries of one name the one with the highest offset counts")
  func duplicates() {
    for order in [[1, 3, 2], [3, 2, 1], [1, 2, 3]] as [[UInt64]] {
      let data =
        order.flatMap { entry("ImageAttributesLV!", $0 * 4096, 10 + $0) }
        + order.flatMap { entry("ImageDataSeq|5!", $0 * 40960, 20 + $0) } + end(1)
      let map = parse(data).map
      #expect(map["ImageAttributesLV!"] == ChunkEntry(offset: 3 * 4096, byteCount: 13))
      #expect(map["ImageDataSeq|5!"] == ChunkEntry(offset: 3 * 40960, byteCount: 23))
      #expect(map.count == 2)
      #expect(map.duplicateCount == 4)
    }
  }

  @Test("An entry for the signature chunk is skipped")
  func signatureEntry() {
    let data = entry("ND2 FILE SIGNATURE CHUNK NAME01!", 0, 64) + entry("A!", 1, 2) + end(1)
    #expect(parse(data).map.count == 1)
  }

  @Test("Entries before a bad one are kept")
  func badEntry() {
    let good = entry("A!", 4096, 1) + entry("ImageDataSeq|0!", 8192, 2)
    for bad in [[1, 2, 3, 4], [UInt8](repeating: 0x41, count: 400), [0xFF, 0xFE]] as [[UInt8]] {
      let result = parse(good + bad + [UInt8](repeating: 1, count: 30))
      #expect(result.problem != nil)
      #expect(result.map["A!"] != nil)
      #expect(result.map["ImageDataSeq|0!"] != nil)
    }
  }

  @Test("A map cut at any length keeps the whole entries")
  func truncation() {
    let first = entry("A!", 4096, 1)
    let data = first + entry("ImageDataSeq|0!", 8192, 2) + end(1)
    for prefix in HostileBytes.prefixes(of: data) {
      let map = parse(prefix).map
      #expect((map["A!"] != nil) == (prefix.count >= first.count), "\(prefix.count)")
    }
  }

  @Test("A changed byte and absurd numbers never trap")
  func damage() {
    let data =
      entry("A!", 4096, 1) + entry("ImageDataSeq|0!", 8192, 2)
      + entry("ImageDataSeq|999999999!", .max, .max) + end(1)
    for changed in HostileBytes.flips(of: data) { _ = parse(changed).map.inFileOrder }
    for changed in HostileBytes.numbers(of: data) { _ = parse(changed).map.inFileOrder }
    Randomness.repeated(500) { random in
      _ = parse(random.bytes(random.int(0..<300))).map.inFileOrder
    }
    let result = data.withUnsafeBytes {
      ChunkMapParser.parse($0, at: .max - 3, fileByteCount: 100)
    }
    #expect(result.map["A!"] != nil)
  }

  @Test("A damaged map at an absurd offset is reported without a trap")
  func damageAtAbsurdOffset() {
    let data = entry("A!", 4096, 1) + [UInt8](repeating: 2, count: 40)
    let result = data.withUnsafeBytes {
      ChunkMapParser.parse($0, at: .max - 3, fileByteCount: 100)
    }
    #expect(result.problem != nil)
  }

  @Test("The map of 100 000 frames is read")
  func manyFrames() {
    var data: [UInt8] = []
    for index in 0..<100_000 {
      data += entry("ImageDataSeq|\(index)!", UInt64(index + 1) * 8192, 4720)
    }
    let result = parse(data + end(1))
    #expect(result.problem == nil)
    #expect(result.map.frames.storedCount == 100_000)
    #expect(result.map.frames.upperBound == 100_000)
    #expect(result.map["ImageDataSeq|99999!"] == ChunkEntry(offset: 819_200_000, byteCount: 4720))
  }

  @Test("A map that the writer wrote lists the chunks where they are")
  func writtenMap() throws {
    let bytes = try SampleFile(loops: [.time(count: 12)]).bytes()
    let places = try ChunkPlaces(of: bytes)
    for (name, place) in places.places {
      let header = try ChunkHeader(
        Array(bytes[place.headerOffset..<min(bytes.count, place.headerOffset + 300)]), at: 0)
      #expect(header.name == name)
    }
    #expect(places.places.count == 21)
  }
}
