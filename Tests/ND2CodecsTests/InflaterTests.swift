import ND2Codecs
import ND2TestSupport
import Testing

@Suite("Inflater")
struct InflaterTests {
  private func inflated(_ stream: [UInt8], count: Int) throws -> [UInt8] {
    let inflater = try Inflater()
    var output = [UInt8](repeating: 0xEE, count: count)
    try output.withUnsafeMutableBytes { target in
      try stream.withUnsafeBytes { source in
        try inflater.inflate(source, into: target)
      }
    }
    return output
  }

  private func inflated(
    _ stream: [UInt8], hint: Int = 0, limit: Int
  ) throws -> [UInt8] {
    let inflater = try Inflater()
    return try stream.withUnsafeBytes { source in
      try inflater.inflate(source, hint: hint, limit: limit)
    }
  }

  @Test("A stream of known size fills the output exactly")
  func knownSize() throws {
    // The compressed level A{x:u32=1} of the format notes.
    let stream = Hex.bytes("78dae366726460606004621906086066aa808a08414500160200fc")
    let level = Hex.bytes(
      "0b0241000000010000001c00000000000000030278000000010000001200000000000000")
    #expect(try inflated(stream, count: 36) == level)
    #expect(try inflated(stream, limit: 1000) == level)
  }

  @Test("Bytes behind the end of the stream are ignored")
  func trailingBytes() throws {
    let data = [UInt8]("some bytes, some bytes".utf8)
    let stream = try Deflater().deflate(data) + [0, 1, 2, 3]
    #expect(try inflated(stream, count: data.count) == data)
    #expect(try inflated(stream, limit: 1000) == data)
  }

  @Test("A stream that holds fewer or more bytes than expected is an error")
  func wrongSize() throws {
    let data = [UInt8](repeating: 7, count: 100)
    let stream = try Deflater().deflate(data)
    #expect(throws: CodecError.wrongByteCount(expected: 99)) { try inflated(stream, count: 99) }
    #expect(throws: CodecError.wrongByteCount(expected: 101)) { try inflated(stream, count: 101) }
    #expect(throws: CodecError.wrongByteCount(expected: 0)) { try inflated(stream, count: 0) }
  }

  @Test("A stream of no bytes can be decoded")
  func emptyContent() throws {
    let stream = try Deflater().deflate([UInt8]())
    #expect(try inflated(stream, count: 0) == [])
    #expect(try inflated(stream, limit: 10) == [])
  }

  @Test("Every truncation of a stream is an error")
  func truncation() throws {
    var random = Randomness(seed: 3)
    let data = random.bytes(600) + [UInt8](repeating: 9, count: 3000)
    let stream = try Deflater().deflate(data)
    for prefix in HostileBytes.prefixes(of: stream) {
      #expect(throws: CodecError.self) { try inflated(prefix, count: data.count) }
      #expect(throws: CodecError.self) { try inflated(prefix, limit: 1 << 20) }
    }
  }

  @Test("A changed byte never gives the wrong bytes without an error")
  func flips() throws {
    let data = [UInt8]((0..<300).map { UInt8($0 % 13) })
    let stream = try Deflater().deflate(data)
    for changed in HostileBytes.flips(of: stream) where changed != stream {
      // A few bits of the header carry no data.
      if let result = try? inflated(changed, count: data.count) { #expect(result == data) }
    }
  }

  @Test("The limit on unknown sizes is kept, and exactly reached")
  func limit() throws {
    let data = [UInt8](repeating: 0, count: 1_000_000)
    let stream = try Deflater().deflate(data)
    #expect(stream.count < 10_000)
    #expect(throws: CodecError.limitExceeded(limit: 999_999)) {
      try inflated(stream, limit: 999_999)
    }
    #expect(try inflated(stream, limit: 1_000_000).count == 1_000_000)
    #expect(throws: CodecError.limitExceeded(limit: 0)) { try inflated(stream, limit: 0) }
  }

  @Test("A wrong hint of the size does no harm")
  func wrongHint() throws {
    let data = [UInt8](repeating: 5, count: 50_000)
    let stream = try Deflater().deflate(data)
    for hint in [-1, 1, 49_999, 50_000, 1 << 30, Int.max] {
      #expect(try inflated(stream, hint: hint, limit: 1 << 20) == data)
    }
  }

  @Test("Garbage is an error")
  func garbage() {
    #expect(throws: CodecError.corrupt) { try inflated([], count: 4) }
    #expect(throws: CodecError.corrupt) { try inflated([0x78], limit: 100) }
    Randomness.repeated(50) { random in
      let noise = random.bytes(random.int(0..<80))
      #expect(throws: CodecError.self) { try inflated(noise, count: 64) }
    }
  }

  @Test("The header of zlib streams is recognised by its check bits")
  func zlibHeader() {
    for second in [0x01, 0x5E, 0x9C, 0xDA] as [UInt8] {
      #expect(Inflater.looksLikeZlib(0x78, second))
    }
    #expect(!Inflater.looksLikeZlib(0x78, 0x00))
    #expect(!Inflater.looksLikeZlib(0x79, 0x9C))
    #expect(!Inflater.looksLikeZlib(0x88, 0x1C))
    #expect(!Inflater.looksLikeZlib(0x00, 0x00))
  }
}
