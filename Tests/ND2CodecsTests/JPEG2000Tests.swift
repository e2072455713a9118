import ND2Codecs
import ND2TestSupport
import Testing

@Suite("JPEG 2000", .enabled(if: JPEG2000Decoder.isAvailable, "built without JPEG 2000"))
struct JPEG2000Tests {
  typealias Placement = JPEG2000Decoder.Placement

  /// A gradient with some noise, samples of 1 or 2 bytes side by side.
  static func samples(
    _ width: Int, _ height: Int, components: Int = 1, bytes: Int = 2
  ) -> [UInt8] {
    var random = Randomness(seed: 7)
    return (0..<(width * height * components)).flatMap { index -> [UInt8] in
      let value = UInt16(truncatingIfNeeded: index &* 37 &+ random.int(0..<50))
      return bytes == 1
        ? [UInt8(truncatingIfNeeded: value)]
        : [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
  }

  static func encoder(_ width: Int, _ height: Int, bytes: Int = 2) -> JPEG2000Encoder {
    JPEG2000Encoder(width: width, height: height, sampleByteCount: bytes, bitCount: bytes * 8)
  }

  /// Decodes all of an image with its components side by side.
  static func decode(
    _ stream: [UInt8], _ width: Int, _ height: Int, components: Int = 1, bytes: Int = 2,
    _ change: (inout JPEG2000Decoder.Request) -> Void = { _ in }
  ) throws -> [UInt8] {
    var request = JPEG2000Decoder.Request(
      width: width, height: height, sampleByteCount: bytes,
      placements: (0..<components).map {
        Placement(
          component: $0, offset: $0, columnStride: components, rowStride: width * components)
      })
    change(&request)
    var output = [UInt8](repeating: 0, count: width * height * components * bytes)
    try output.withUnsafeMutableBytes { target in
      try stream.withUnsafeBytes { try JPEG2000Decoder.decode($0, request, into: target) }
    }
    return output
  }

  @Test("Lossless images come back as they were", arguments: [1, 3, 4], [1, 2])
  func lossless(components: Int, bytes: Int) throws {
    let samples = Self.samples(33, 21, components: components, bytes: bytes)
    var encoder = Self.encoder(33, 21, bytes: bytes)
    encoder.componentCount = components
    let stream = try encoder.encode(samples)
    #expect(try Self.decode(stream, 33, 21, components: components, bytes: bytes) == samples)
    let header = try #require(JPEG2000Header(stream))
    #expect(header.isReversible == true)
    #expect(header.components.count == components)
    #expect(header.components.allSatisfy { $0.bitCount == bytes * 8 && !$0.isSigned })
  }

  @Test("Signed samples keep their sign", arguments: [1, 2])
  func signed(bytes: Int) throws {
    let samples = Self.samples(16, 9, bytes: bytes)
    var encoder = Self.encoder(16, 9, bytes: bytes)
    encoder.isSigned = true
    let stream = try encoder.encode(samples)
    #expect(JPEG2000Header(stream)?.components.first?.isSigned == true)
    #expect(try Self.decode(stream, 16, 9, bytes: bytes) { $0.isSigned = true } == samples)
    // Read as unsigned, what is below zero becomes zero.
    let clamped = try Self.decode(stream, 16, 9, bytes: bytes)
    for index in stride(from: bytes - 1, to: samples.count, by: bytes) {
      if samples[index] >= 0x80 { #expect(clamped[index] == 0) }
    }
  }

  @Test("Components can be put into planes, and left out")
  func planes() throws {
    let samples = Self.samples(20, 10, components: 3, bytes: 1)
    var encoder = Self.encoder(20, 10, bytes: 1)
    encoder.componentCount = 3
    let stream = try encoder.encode(samples)
    let output = try Self.decode(stream, 20, 10, components: 3, bytes: 1) { request in
      request.placements = [
        Placement(component: 2, offset: 0, columnStride: 1, rowStride: 20),
        Placement(component: 0, offset: 200, columnStride: 1, rowStride: 20),
      ]
    }
    for pixel in 0..<200 {
      #expect(output[pixel] == samples[pixel * 3 + 2])
      #expect(output[200 + pixel] == samples[pixel * 3])
    }
    #expect(output[400...].allSatisfy { $0 == 0 })
  }

  @Test("A part of an image is that part of the whole", arguments: [nil, 16, 50] as [Int?])
  func crops(tileSide: Int?) throws {
    let samples = Self.samples(70, 45)
    var encoder = Self.encoder(70, 45)
    encoder.tileSide = tileSide
    let stream = try encoder.encode(samples)
    let header = try #require(JPEG2000Header(stream))
    let side = tileSide ?? 100
    let across = (69 + side) / side
    let down = (44 + side) / side
    #expect(header.tileCount == across * down)
    for (columns, rows) in [
      (3..<9, 20..<21), (0..<70, 40..<45), (63..<70, 0..<45), (0..<70, 0..<45),
    ] {
      // What lies in fewer than all tiles.
      let isPart = columns.count < 70 || rows.count < 45
      let isCheaper = header.isCheaper(columns: columns, rows: rows)
      #expect(isCheaper == (tileSide != nil && isPart && (tileSide == 16 || columns.count < 70)))
      let output = try Self.decode(stream, 70, 45) { request in
        (request.columns, request.rows) = (columns, rows)
        request.placements = [
          Placement(component: 0, offset: 0, columnStride: 1, rowStride: columns.count)
        ]
      }
      let expected = rows.flatMap { y in
        samples[((y * 70 + columns.lowerBound) * 2)..<((y * 70 + columns.upperBound) * 2)]
      }
      #expect(Array(output.prefix(expected.count)) == expected, "\(columns) \(rows)")
    }
  }

  @Test("Lossy images are close to what they were, and smaller")
  func lossy() throws {
    var samples: [UInt8] = []
    for index in 0..<4096 { samples += [UInt8(index % 64 * 2 + index / 64), 4] }
    var encoder = Self.encoder(64, 64)
    encoder.ratio = 20
    let stream = try encoder.encode(samples)
    #expect(stream.count < samples.count / 15)
    #expect(JPEG2000Header(stream)?.isReversible == false)
    let output = try Self.decode(stream, 64, 64)
    for index in stride(from: 0, to: samples.count, by: 2) {
      #expect(abs(Int(output[index]) - Int(samples[index])) < 20 || output[index + 1] != 4)
    }
  }

  @Test("Several threads give the same pixels")
  func threads() throws {
    let samples = Self.samples(200, 150)
    let stream = try Self.encoder(200, 150).encode(samples)
    #expect(try Self.decode(stream, 200, 150) { $0.threadCount = 3 } == samples)
  }

  @Test("What is cut off is refused when strict, and else decoded as far as it goes")
  func cut() throws {
    let samples = Self.samples(128, 128)
    let stream = try Self.encoder(128, 128).encode(samples)
    let cut = Array(stream.prefix(stream.count * 2 / 3))
    #expect(throws: CodecError.corrupt) { try Self.decode(cut, 128, 128) }
    let output = try Self.decode(cut, 128, 128) { $0.isStrict = false }
    #expect(output.contains { $0 != 0 })
    for length in 0..<140 {
      _ = try? Self.decode(Array(stream.prefix(length)), 128, 128) { $0.isStrict = false }
    }
  }

  @Test("Another image than the one that was asked for is refused before it is decoded")
  func unexpected() throws {
    let stream = try Self.encoder(16, 8).encode(Self.samples(16, 8))
    func isRefused(_ body: () throws -> Void) -> Bool {
      do {
        try body()
      } catch CodecError.unsupported {
        return true
      } catch {}
      return false
    }
    #expect(isRefused { _ = try Self.decode(stream, 8, 16) })
    #expect(isRefused { _ = try Self.decode(stream, 16, 8, bytes: 1) })
    #expect(isRefused { _ = try Self.decode(stream, 16, 8, components: 2) })
    #expect(throws: CodecError.limitExceeded(limit: 100)) {
      try Self.decode(stream, 16, 8) { $0.memoryLimit = 100 }
    }
    #expect(throws: CodecError.corrupt) { try Self.decode(Array("no image".utf8), 16, 8) }
    // Places outside the output.
    #expect(throws: CodecError.wrongByteCount(expected: 256)) {
      try Self.decode(stream, 16, 8) { $0.placements[0].offset = 1 }
    }
  }

  @Test("An image that claims many tiles or precincts is refused before memory is given out")
  func greedy() throws {
    var stream = try Self.encoder(64, 64).encode(Self.samples(64, 64))
    // Tiles of one pixel.
    stream.replaceSubrange(24..<32, with: [0, 0, 0, 1, 0, 0, 0, 1])
    let header = try #require(JPEG2000Header(stream))
    #expect(header.tileCount == 4096)
    #expect(header.decodingByteCount > 32 << 20)
    #expect(throws: CodecError.limitExceeded(limit: 32 << 20)) {
      try Self.decode(stream, 64, 64) { $0.memoryLimit = 32 << 20 }
    }
  }

  @Test(
    "Lengths that tile-parts claim are counted, also behind markers that nobody knows",
    arguments: [[], [0xFF, 0xD9], [0xFF, 0x30, 0x00], [0x12, 0x34, 0x56]])
  func claims(unknown: [UInt8]) throws {
    var stream = try Self.encoder(16, 16).encode(Self.samples(16, 16))
    let tilePart = try #require(
      stream.indices.first { stream[$0...].starts(with: [0xFF, 0x90, 0x00, 0x0A]) })
    let sound = try #require(JPEG2000Header(stream)).decodingByteCount
    stream.replaceSubrange((tilePart + 6)..<(tilePart + 10), with: [0x7F, 0, 0, 0])
    stream.insert(contentsOf: unknown, at: tilePart)
    let header = try #require(JPEG2000Header(stream))
    #expect(header.decodingByteCount == sound + 0x7F00_0000)
    #expect(throws: CodecError.limitExceeded(limit: 64 << 20)) {
      try Self.decode(stream, 16, 16) { request in
        request.isStrict = false
        request.memoryLimit = 64 << 20
      }
    }
  }

  @Test("Damaged codestreams end in pixels or in an error")
  func hostile() throws {
    var encoder = Self.encoder(24, 17)
    encoder.tileSide = 16
    let stream = try encoder.encode(Self.samples(24, 17))
    for bytes in HostileBytes.flips(of: stream, step: 3) {
      for isStrict in [true, false] {
        _ = try? Self.decode(bytes, 24, 17) { request in
          request.isStrict = isStrict
          request.memoryLimit = 64 << 20
        }
      }
    }
  }

  @Test("Images that cannot be encoded are refused")
  func unencodable() {
    #expect(throws: CodecError.wrongByteCount(expected: 16 * 8 * 2)) {
      try Self.encoder(16, 8).encode([1, 2, 3])
    }
  }
}

@Suite("Headers of JPEG 2000")
struct JPEG2000HeaderTests {
  @Test("Other bytes and cut headers are no headers")
  func noHeader() {
    #expect(JPEG2000Header([UInt8]()) == nil)
    #expect(JPEG2000Header([0xFF, 0x4F, 0xFF, 0x51]) == nil)
    #expect(JPEG2000Header([UInt8](repeating: 0xFF, count: 200)) == nil)
  }

  @Test("Numbers at random behind a sound beginning do no harm")
  func random() {
    Randomness.repeated(2000) { random in
      let head: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51, 0, 47]
      let bytes = head + random.bytes(random.int(0..<300))
      let header = JPEG2000Header(bytes)
      _ = header?.decodingByteCount
      _ = header?.isCheaper(columns: 0..<1, rows: 0..<1)
    }
  }

  @Test("Without the codec every call says so", .enabled(if: !JPEG2000Decoder.isAvailable))
  func notBuilt() {
    let encoder = JPEG2000Encoder(width: 1, height: 1, sampleByteCount: 1, bitCount: 8)
    #expect(throws: CodecError.notBuilt) { try encoder.encode([1]) }
  }
}
