import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("The form of saved indices")
struct SavedIndexEncodingTests {
  private static func sample() throws -> SavedIndex {
    var sample = SampleFile(width: 5, height: 4)
    sample.textInfo = [.author: "somebody"]
    let file = try ND2File(reading: MemorySource(try sample.bytes(), name: "é.nd2"))
    return try SavedIndex(of: file)
  }

  private static func code(_ bytes: [UInt8]) -> ND2Error.Code? {
    do {
      _ = try SavedIndex(decoding: bytes)
      return nil
    } catch {
      return (error as? ND2Error)?.code
    }
  }

  @Test("What was written is read, and small")
  func roundTrip() throws {
    let index = try Self.sample()
    let bytes = try index.encoded()
    #expect(try SavedIndex(decoding: bytes) == index)
    #expect(bytes.count < index.byteCount / 3)
    #expect(index.name == "é.nd2" && index.isComplete)
  }

  @Test("A changed byte is noticed wherever it is")
  func changed() throws {
    let bytes = try Self.sample().encoded()
    for place in bytes.indices {
      var other = bytes
      other[place] ^= 1 << (place % 8)
      let code = Self.code(other)
      #expect(code == .malformed || place / 4 == 2 && code == .unsupported, "\(place)")
    }
  }

  @Test("A cut one is noticed wherever it is cut, and bytes behind it too")
  func cut() throws {
    let bytes = try Self.sample().encoded()
    for count in bytes.indices {
      #expect(Self.code(Array(bytes.prefix(count))) == .malformed, "\(count)")
    }
    #expect(Self.code(bytes + [0]) == .malformed)
  }

  @Test("Other files are named as what they are not")
  func others() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Array("{\"format\":\"nd2-pixel-plan\"}".utf8), as: "plan.json")
    let error = #expect(throws: ND2Error.self) { try SavedIndex(contentsOf: path) }
    #expect(error?.code == .malformed && error?.location.file == path)
    #expect(error?.location.offset == 0)
    #expect(error?.message.contains("expected a saved index") ?? false)
    #expect(throws: ND2Error.self) { try SavedIndex(contentsOf: directory.file("absent")) }
  }

  private static func stream(_ numbers: [UInt64], _ bytes: [UInt8]) -> [UInt8] {
    numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
      + bytes
  }

  @Test(
    "Ranges that overlap, touch, go backwards, beyond the file or have no bytes are refused",
    arguments: [
      [2, 0, 4, 2, 4], [2, 0, 4, 4, 4], [2, 10, 4, 0, 4], [1, 98, 8], [1, 0, 9], [1, 0, 7],
      [1, 0, 0],
      [1, .max, 2], [1, 2, .max], [.max], [1 << 40], [3, 0, 8], [],
    ] as [[UInt64]])
  func ranges(_ numbers: [UInt64]) throws {
    let identity = SourceIdentity(byteCount: 100, entityTag: "\"t\"")
    func encoded(_ stream: [UInt8]) throws -> [UInt8] {
      try SavedIndex.encode(stream, name: "x", identity: identity, isComplete: true)
    }
    let payload = [UInt8](repeating: 7, count: 8)
    #expect(Self.code(try encoded(Self.stream(numbers, payload))) == .malformed)
    // As it should be.
    let sound = try SavedIndex(decoding: encoded(Self.stream([2, 0, 4, 6, 4], payload)))
    #expect(sound.byteRanges == [0..<4, 6..<10] && sound.identity == identity)
  }
}
