import ND2Codecs
import ND2TestSupport
import Testing

@Suite("Deflater")
struct DeflaterTests {
  @Test("What is encoded at any level decodes to the same bytes")
  func roundTrips() throws {
    for level in [-5, 0, 1, 6, 12, 99] {
      let deflater = try Deflater(level: level)
      try Randomness.repeated(10) { random in
        let data =
          random.bytes(random.int(0..<2000))
          + [UInt8](repeating: 1, count: random.int(0..<5000))
        let stream = try deflater.deflate(data)
        #expect(Inflater.looksLikeZlib(stream[0], stream[1]), "seed \(random.seed)")
        let inflater = try Inflater()
        let back = try stream.withUnsafeBytes { try inflater.inflate($0, limit: 1 << 20) }
        #expect(back == data, "seed \(random.seed), level \(level)")
      }
    }
  }

  @Test("Equal bytes shrink")
  func shrinks() throws {
    let deflater = try Deflater()
    #expect(try deflater.deflate([UInt8](repeating: 0, count: 100_000)).count < 1000)
  }
}
