import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Binary variant round trips")
struct LiteVariantRoundTripTests {
  @Test("Any tree comes back exactly")
  func randomTrees() throws {
    try Randomness.repeated(400) { random in
      let tree = MetadataValue.object(["Root": random.tree(depth: 5)])
      let decoded = try LiteVariantDecoder.decode(LiteVariantEncoder.encode(tree))
      #expect(decoded.root == tree, "seed \(random.seed)")
      #expect(decoded.problems.isEmpty, "seed \(random.seed)")
    }
  }

  @Test("Any tree comes back exactly from its compressed form")
  func compressedTrees() throws {
    try Randomness.repeated(60) { random in
      let tree = MetadataValue.object(["Root": random.tree(depth: 4)])
      let stream = try LiteVariantEncoder.compress(LiteVariantEncoder.encode(tree))
      let decoded = try MetadataDecoder.decode(stream)
      #expect(decoded.root == tree, "seed \(random.seed)")
      #expect(decoded.problems.isEmpty, "seed \(random.seed)")
    }
  }

  @Test("Numbers that are special come back with their bits")
  func specialNumbers() throws {
    for bits in [Double.infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .nan].map(\.bitPattern)
    {
      let bytes = LiteVariantEncoder.encode(MetadataField("d", .double(.init(bitPattern: bits))))
      #expect(try LiteVariantDecoder.decode(bytes).root["d"]?.double?.bitPattern == bits)
    }
  }

  @Test("A level of 100 000 children comes back")
  func wideLevel() throws {
    let tree = MetadataValue.object(["L": .list((0..<100_000).map { .int32($0) })])
    let decoded = try LiteVariantDecoder.decode(LiteVariantEncoder.encode(tree))
    #expect(decoded.root["L"]?.elements.count == 100_000)
    #expect(decoded.root == tree)
  }
}
