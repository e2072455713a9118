import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Binary variant limits and damage")
struct LiteVariantLimitsTests {
  /// Levels inside each other, the innermost of which holds a number.
  private func nested(_ depth: Int) -> MetadataValue {
    var value = MetadataValue.object(["end": .uint32(7)])
    for level in 1..<depth { value = .object(["l\(level)": value, "side": .uint32(1)]) }
    return .object(["top": value])
  }

  @Test("Nesting up to the limit is read; beyond it only what lies deeper is lost")
  func depth() throws {
    let limits = ParsingLimits(depth: 8)
    let sound = LiteVariantEncoder.encode(nested(8))
    #expect(try LiteVariantDecoder.decode(sound, limits: limits).problems.isEmpty)
    let deep = LiteVariantEncoder.encode(nested(9))
    let decoded = try LiteVariantDecoder.decode(deep, limits: limits)
    #expect(decoded.problems.map(\.reason) == [.limitExceeded(limit: "depth", value: 8)])
    #expect(decoded.root["top"]?["side"] == .uint32(1))
    #expect(decoded.root["top"]?["l8"]?["side"] == .uint32(1))
  }

  @Test("Nesting of thousands of levels neither traps nor takes long")
  func absurdDepth() throws {
    let decoded = try LiteVariantDecoder.decode(LiteVariantEncoder.encode(nested(4000)))
    #expect(!decoded.problems.isEmpty)
    #expect(decoded.root["top"]?["side"] == .uint32(1))
  }

  @Test("More items than the limit are an error")
  func itemCount() throws {
    let bytes = LiteVariantEncoder.encode(
      MetadataField("L", .list((0..<100).map { .int32($0) })))
    #expect(try LiteVariantDecoder.decode(bytes, limits: .init(itemCount: 101)).problems.isEmpty)
    let error = #expect(throws: Malformed.self) {
      try LiteVariantDecoder.decode(bytes, limits: .init(itemCount: 100))
    }
    #expect(error?.reason == .limitExceeded(limit: "itemCount", value: 100))
  }

  @Test("A count of four billion children reserves no memory and ends at once")
  func countLies() throws {
    let level = LiteVariantItems.level(
      "v", [LiteVariantItems.uint32("a", 1)], count: Int(UInt32.max))
    let decoded = try LiteVariantDecoder.decode(level)
    #expect(decoded.root["v"]?["a"] == .uint32(1))
    #expect(!decoded.problems.isEmpty)
  }

  @Test("A count above the number of children keeps them and what lies behind the level")
  func countTooHigh() throws {
    let inner = LiteVariantItems.level(
      "inner", [LiteVariantItems.uint32("a", 1), LiteVariantItems.uint32("b", 2)], count: 3)
    let level = LiteVariantItems.level("v", [inner, LiteVariantItems.uint32("c", 3)])
    let decoded = try LiteVariantDecoder.decode(level)
    #expect(
      decoded.root
        == .object([
          "v": .object([
            "inner": .object(["a": .uint32(1), "b": .uint32(2)]), "c": .uint32(3),
          ])
        ]))
    #expect(decoded.problems.count == 1)
  }

  @Test(
    "A wrong length of a level keeps its children and what lies behind it",
    arguments: [-1_000_000, -8, 1_000_000, Int.max - 1000])
  func wrongLength(change: Int) throws {
    let inner = LiteVariantItems.level(
      "inner", [LiteVariantItems.uint32("a", 1)], lengthChange: change)
    let level = LiteVariantItems.level("v", [inner, LiteVariantItems.uint32("c", 3)])
    let decoded = try LiteVariantDecoder.decode(level)
    #expect(decoded.root["v"]?["inner"]?["a"] == .uint32(1))
    #expect(decoded.root["v"]?["c"] == .uint32(3))
    #expect(!decoded.problems.isEmpty)
  }

  @Test("A tree cut at any length gives what is left of it, or an error; never a trap")
  func truncation() throws {
    let bytes = LiteVariantDecoderTests.vector
    var found = 0
    for prefix in HostileBytes.prefixes(of: bytes) {
      guard let decoded = try? LiteVariantDecoder.decode(prefix) else { continue }
      if !prefix.isEmpty { #expect(!decoded.problems.isEmpty, "\(prefix.count) bytes") }
      if decoded.root["Root"]?["bT"] == .bool(true) { found += 1 }
    }
    #expect(found > 200)
  }

  @Test("A changed byte anywhere never traps")
  func flips() throws {
    for changed in HostileBytes.flips(of: LiteVariantDecoderTests.vector) {
      _ = try? LiteVariantDecoder.decode(changed)
      _ = LiteVariantDecoder.decodeExactly(changed, limits: .standard)
    }
  }

  @Test("Numbers near the limits of integers anywhere never trap")
  func hostileNumbers() throws {
    for changed in HostileBytes.numbers(of: LiteVariantDecoderTests.vector) {
      _ = try? LiteVariantDecoder.decode(changed)
    }
  }

  @Test("Noise never traps")
  func noise() {
    Randomness.repeated(3000) { random in
      var bytes = random.bytes(random.int(1..<200))
      // Begin like a level, so that the noise is read as children.
      bytes[0] = 11
      _ = try? LiteVariantDecoder.decode(bytes)
    }
  }
}
