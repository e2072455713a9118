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

  @Test("Bare streams decode to the same bytes, and are given up beyond a size")
  func bareStreams() throws {
    let deflater = try Deflater(level: 6)
    let inflater = try Inflater()
    try Randomness.repeated(20) { random in
      let data = random.bytes(random.int(0..<300)) + [UInt8](repeating: 1, count: 3000)
      let stream = try #require(data.withUnsafeBytes { deflater.deflateBare($0, most: .max) })
      var output = [UInt8](repeating: 0xEE, count: data.count)
      try output.withUnsafeMutableBytes { target in
        try (stream + [1, 2]).withUnsafeBytes { try inflater.inflateBare($0, into: target) }
      }
      #expect(output == data)
      for most in [-1, 0, stream.count - 1] {
        #expect(data.withUnsafeBytes { deflater.deflateBare($0, most: most) } == nil)
      }
      #expect(data.withUnsafeBytes { deflater.deflateBare($0, most: stream.count) } == stream)
    }
  }

  @Test("A bare stream of nothing is a stream")
  func bareEmptyStream() throws {
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    let stream = try #require(try Deflater().deflateBare(nothing, most: 100))
    let inflater = try Inflater()
    try stream.withUnsafeBytes {
      try inflater.inflateBare($0, into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
  }

  @Test("A bare stream that is damaged, or of another size, is an error")
  func damagedBareStream() throws {
    let data = [UInt8](repeating: 7, count: 100)
    let stream = try #require(
      data.withUnsafeBytes { try? Deflater().deflateBare($0, most: .max) })
    let inflater = try Inflater()
    func inflate(_ stream: [UInt8], _ count: Int) throws {
      var output = [UInt8](repeating: 0, count: count)
      try output.withUnsafeMutableBytes { target in
        try stream.withUnsafeBytes { try inflater.inflateBare($0, into: target) }
      }
    }
    #expect(throws: CodecError.wrongByteCount(expected: 99)) { try inflate(stream, 99) }
    #expect(throws: CodecError.wrongByteCount(expected: 101)) { try inflate(stream, 101) }
    for prefix in HostileBytes.prefixes(of: stream) {
      #expect(throws: CodecError.self) { try inflate(prefix, 100) }
    }
  }
}
