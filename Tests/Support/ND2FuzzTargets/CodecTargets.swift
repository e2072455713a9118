import ND2
import ND2Codecs
import ND2Format

enum CodecTargets {
  /// Most memory that decoding of one picture may take here.
  private static let mostDecodingBytes = 8 << 20

  static func jpeg2000(_ input: UnsafeRawBufferPointer) {
    guard let header = JPEG2000Header(input) else { return }
    consume(header.decodingByteCount)
    consume(header.isCheaper(columns: 0..<1, rows: 0..<max(1, header.height)))
    guard header.decodingByteCount <= mostDecodingBytes,
      let pixels = Checked.product(header.width, header.height), pixels <= 1 << 18
    else { return }
    let count = header.components.count
    let placements = (0..<min(count, 4)).map {
      JPEG2000Decoder.Placement(
        component: $0, offset: $0, columnStride: min(count, 4),
        rowStride: min(count, 4) * header.width)
    }
    for bytes in [1, 2] {
      var request = JPEG2000Decoder.Request(
        width: header.width, height: header.height, sampleByteCount: bytes,
        placements: placements)
      request.isStrict = bytes == 2
      request.isSigned = header.components[0].isSigned
      request.memoryLimit = mostDecodingBytes
      if bytes == 2 { request.rows = 0..<((header.height + 1) / 2) }
      var output = [UInt8](repeating: 0, count: pixels * bytes * min(count, 4))
      output.withUnsafeMutableBytes { try? JPEG2000Decoder.decode(input, request, into: $0) }
      consume(output)
    }
  }

  static func inflater(_ input: UnsafeRawBufferPointer) {
    guard let inflater = try? Inflater() else { return }
    let hint = input.count > 1 ? Int(input[1]) << 6 : 0
    consume(try? inflater.inflate(input, hint: hint, limit: 1 << 18))
    var output = [UInt8](repeating: 0, count: min(1 << 16, 64 + hint))
    output.withUnsafeMutableBytes { buffer in
      try? inflater.inflate(input, into: buffer)
      try? inflater.inflateBare(input, into: buffer)
    }
    consume(output)
    let bytes = Array(input)
    consume(try? ZlibText.inflate(bytes[...], limits: EncodingTargets.tight))
  }

  static func numPy(_ bytes: [UInt8]) {
    guard let array = try? AnyNDArray(npyBytes: bytes) else { return }
    if array.sizes.elementCount <= 1 << 20 { consume(array.npyBytes) }
  }

  static func numPyArchive(_ bytes: [UInt8]) {
    guard let archive = try? NumPyArchive(bytes: bytes) else { return }
    for name in archive.names.prefix(20) { consume(try? archive.array(named: name)) }
  }
}
