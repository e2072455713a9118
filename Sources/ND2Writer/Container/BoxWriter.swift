import ND2Format

/// Writes boxes of JPEG 2000 and the list of them that ends a file of version 1.0 (nd2-format §5.1).
struct BoxWriter {
  private struct Line {
    var kind: BoxHeader.Kind
    var tag: String
    var offset: UInt64
  }

  private let sink: any ByteSink
  private var lines: [Line] = []

  init(_ sink: any ByteSink) { self.sink = sink }

  /// Appends a box.
  mutating func append(_ kind: BoxHeader.Kind, tag: String, _ data: [UInt8]) throws {
    lines.append(Line(kind: kind, tag: tag, offset: sink.position))
    try sink.append(Self.box(kind, data))
  }

  /// Appends a box whose data is written piece by piece.
  mutating func append(
    _ kind: BoxHeader.Kind, tag: String, dataByteCount: UInt64,
    _ write: (any ByteSink) throws -> Void
  ) throws {
    lines.append(Line(kind: kind, tag: tag, offset: sink.position))
    try sink.append(Self.header(kind, dataByteCount: dataByteCount))
    try write(sink)
  }

  /// Appends bytes that belong to no box.
  mutating func appendGap(_ bytes: [UInt8]) throws { try sink.append(bytes) }

  /// A box as bytes.
  static func box(_ kind: BoxHeader.Kind, _ data: [UInt8]) -> [UInt8] {
    header(kind, dataByteCount: UInt64(data.count)) + data
  }

  private static func header(_ kind: BoxHeader.Kind, dataByteCount: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    let short = dataByteCount + UInt64(BoxHeader.byteCount)
    if short > UInt64(UInt32.max) {
      bytes.append(bigEndian: UInt32(1))
      bytes.append(bigEndian: kind.code)
      bytes.append(bigEndian: dataByteCount + UInt64(BoxHeader.longByteCount))
    } else {
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: short))
      bytes.append(bigEndian: kind.code)
    }
    return bytes
  }

  /// Writes the list of the boxes.
  ///
  /// - Parameter stride: size of a line: 16 as in real files, or 12.
  func writeMap(stride: Int) throws {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: UInt32(clamping: lines.count))
    for line in lines {
      bytes.append(bigEndian: line.kind.code)
      bytes += line.tag.utf8
      if stride == 16 {
        bytes.append(littleEndian: line.offset)
      } else {
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: line.offset))
      }
    }
    let distance = UInt64(bytes.count + BoxMapParser.tailByteCount)
    bytes += "LABORATORY IMAGING ND BOX MAP 00".utf8
    bytes.append(littleEndian: distance)
    try sink.append(bytes)
  }
}

extension [UInt8] {
  /// Appends an integer, highest byte first.
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
