/// A bounds-checked cursor over little-endian bytes: the only way parsers touch file bytes.
///
/// A reader borrows memory from the closure that made it and must not outlive that closure.
package struct ByteReader {
  private let start: UnsafeRawPointer
  /// Number of bytes that the reader covers.
  package let byteCount: Int
  /// Offset in the file of the reader's first byte, so that every error names a file position.
  package let baseOffset: UInt64
  /// Bytes consumed so far.
  package private(set) var position = 0

  /// Covers `bytes`, which begin at `baseOffset` of the file.
  package init(_ bytes: UnsafeRawBufferPointer, at baseOffset: UInt64 = 0) {
    // An empty buffer may have no address; any address will do, as it is never read.
    start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    byteCount = bytes.count
    self.baseOffset = baseOffset
  }

  /// Runs `body` with a reader over an array.
  package static func over<Result>(
    _ bytes: [UInt8], at baseOffset: UInt64 = 0,
    _ body: (inout ByteReader) throws(Malformed) -> Result
  ) throws(Malformed) -> Result {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Malformed) -> Result in
      var reader = ByteReader(UnsafeRawBufferPointer(buffer), at: baseOffset)
      return try body(&reader)
    }
  }

  /// Bytes that are left.
  package var remaining: Int { byteCount - position }
  /// Whether nothing is left.
  package var isAtEnd: Bool { position == byteCount }
  /// Position in the file of the next byte.
  package var offset: UInt64 { baseOffset &+ UInt64(position) }

  /// The error for a defect at the current position.
  package func malformed(_ reason: Malformed.Reason) -> Malformed { Malformed(reason, at: offset) }

  @inline(__always)
  private mutating func take(_ count: Int) throws(Malformed) -> UnsafeRawPointer {
    guard count >= 0, count <= remaining else {
      throw malformed(
        .truncated(needed: UInt64(clamping: count), available: UInt64(remaining)))
    }
    let pointer = start + position
    position += count
    return pointer
  }

  /// Reads a little-endian integer.
  @inline(__always)
  package mutating func read<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self
  ) throws(Malformed) -> T {
    T(littleEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
  }

  /// Reads an IEEE 754 double, little-endian.
  package mutating func readDouble() throws(Malformed) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }

  /// Reads an IEEE 754 float, little-endian.
  package mutating func readFloat() throws(Malformed) -> Float {
    Float(bitPattern: try read(UInt32.self))
  }

  /// Reads a 64-bit count or size and gives it as an `Int`.
  package mutating func readCount64() throws(Malformed) -> Int {
    let at = offset
    guard let count = Int(exactly: try read(UInt64.self)) else {
      throw Malformed(.overflow, at: at)
    }
    return count
  }

  /// Reads `count` bytes into an array.
  package mutating func readBytes(_ count: Int) throws(Malformed) -> [UInt8] {
    let pointer = try take(count)
    return [UInt8](UnsafeRawBufferPointer(start: pointer, count: count))
  }

  /// Gives a reader over the next `count` bytes and moves past them.
  package mutating func readSlice(_ count: Int) throws(Malformed) -> ByteReader {
    let from = offset
    let pointer = try take(count)
    return ByteReader(UnsafeRawBufferPointer(start: pointer, count: count), at: from)
  }

  /// Moves past `count` bytes.
  package mutating func skip(_ count: Int) throws(Malformed) { _ = try take(count) }

  /// Moves to an absolute position within the reader.
  package mutating func seek(to position: Int) throws(Malformed) {
    guard position >= 0, position <= byteCount else {
      throw malformed(
        .truncated(needed: UInt64(clamping: position), available: UInt64(byteCount)))
    }
    self.position = position
  }

  /// Moves to the end.
  package mutating func skipToEnd() { position = byteCount }

  /// A second reader over the same bytes, at another position; nil beyond the end.
  package func copy(at position: Int) -> ByteReader? {
    var other = self
    guard (try? other.seek(to: position)) != nil else { return nil }
    return other
  }

  /// The byte `distance` bytes ahead, without moving, or nil beyond the end.
  package func peek(_ distance: Int = 0) -> UInt8? {
    guard distance >= 0, distance < remaining else { return nil }
    return (start + position + distance).load(as: UInt8.self)
  }

  /// The bytes that are left, valid only while the reader is.
  package var remainingBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start + position, count: remaining)
  }

  /// Whether the next bytes equal `text`, without moving.
  package func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard count <= remaining else { return false }
    return UnsafeRawBufferPointer(start: start + position, count: count)
      .elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: count))
  }

  /// Reads UTF-16LE code units up to a NUL unit, which is consumed.
  ///
  /// Invalid sequences become U+FFFD; a missing NUL is an error.
  package mutating func readUTF16() throws(Malformed) -> String {
    let bytes = remainingBytes
    var units = 0
    while true {
      guard units * 2 + 1 < bytes.count else {
        throw malformed(.truncated(needed: 2, available: 0))
      }
      if bytes[units * 2] == 0, bytes[units * 2 + 1] == 0 { break }
      units += 1
    }
    let text = UTF16Text.decode(UnsafeRawBufferPointer(rebasing: bytes[0..<(units * 2)]))
    position += units * 2 + 2
    return text
  }

  /// Reads `units` UTF-16LE code units; text ends at the first NUL among them.
  package mutating func readUTF16(units: Int) throws(Malformed) -> String {
    guard units >= 0, units <= remaining / 2 else {
      throw malformed(
        .truncated(needed: UInt64(clamping: units) &* 2, available: UInt64(remaining)))
    }
    let bytes = UnsafeRawBufferPointer(start: try take(units * 2), count: units * 2)
    return UTF16Text.decode(untilNUL: bytes)
  }
}
