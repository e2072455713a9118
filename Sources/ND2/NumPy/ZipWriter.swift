import ND2Codecs

/// Writes a ZIP archive front to back, with the dates of 1980 so that equal content gives equal
/// bytes.
///
/// The layout is that of PKWARE's APPNOTE 6.3.10. Numbers that do not fit into 32 bits go into the
/// 64-bit fields, which are there only when they are needed.
struct ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var method: UInt16
    var checksum: UInt32
    var storedByteCount: UInt64
    var byteCount: UInt64
    var offset: UInt64
    /// Whether checksum and sizes stand behind the content, not in the header before it.
    var isStreamed = false
  }

  private let write: (UnsafeRawBufferPointer) throws -> Void
  /// The number from which the 64-bit fields are used.
  private let wideFrom: UInt64
  private var position: UInt64 = 0
  private var entries: [Entry] = []

  /// Begins an archive.
  ///
  /// - Parameters:
  ///   - wideFrom: the number from which the 64-bit fields are used; other than the default only
  ///     for tests.
  ///   - write: takes the bytes of the archive, in order.
  init(
    wideFrom: UInt64 = UInt64(UInt32.max), write: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.wideFrom = wideFrom
    self.write = write
  }

  /// Appends a file without compression.
  ///
  /// - Parameters:
  ///   - name: its name, at most 65535 bytes of UTF-8.
  ///   - byteCount: size of its content.
  ///   - content: hands over the content piece by piece; called twice.
  mutating func append(
    name: String, byteCount: UInt64,
    content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var checksum: UInt32 = 0
    try content { checksum = CRC32.of($0, after: checksum) }
    let entry = Entry(
      name: Array(name.utf8), method: 0, checksum: checksum, storedByteCount: byteCount,
      byteCount: byteCount, offset: position)
    try emit(localHeader(entry))
    try content { try emit($0) }
    entries.append(entry)
  }

  /// Appends a file without compression whose content can be had only once: its checksum follows it
  /// (bit 3 of the flags).
  ///
  /// - Parameters:
  ///   - name: its name, at most 65535 bytes of UTF-8.
  ///   - lead: the first bytes of its content.
  ///   - byteCount: number of the bytes of its content behind them.
  ///   - content: hands these over piece by piece.
  mutating func append(
    name: String, lead: [UInt8], byteCount: UInt64,
    streaming content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let byteCount = UInt64(lead.count) + byteCount
    var entry = Entry(
      name: Array(name.utf8), method: 0, checksum: 0, storedByteCount: byteCount,
      byteCount: byteCount, offset: position, isStreamed: true)
    try emit(localHeader(entry))
    let start = position
    var checksum = lead.withUnsafeBytes { CRC32.of($0) }
    try emit(lead)
    try content { piece in
      checksum = CRC32.of(piece, after: checksum)
      try emit(piece)
    }
    guard position - start == byteCount else {
      throw ND2Error.invalidRequest(
        "\(position - start) bytes for a file of \(byteCount) in an archive")
    }
    entry.checksum = checksum
    var descriptor = Bytes(signature: 0x0807_4B50)
    descriptor.append(checksum)
    for _ in 0..<2 {
      if byteCount >= wideFrom {
        descriptor.append(byteCount)
      } else {
        descriptor.append(UInt32(byteCount))
      }
    }
    try emit(descriptor.bytes)
    entries.append(entry)
  }

  /// Appends a file with compression, if that makes it smaller.
  ///
  /// - Parameters:
  ///   - name: its name, at most 65535 bytes of UTF-8.
  ///   - lead: the first bytes of its content.
  ///   - data: the bytes of its content behind them.
  /// - Returns: whether it was appended; otherwise nothing was done.
  mutating func append(
    name: String, deflating lead: [UInt8], _ data: UnsafeRawBufferPointer
  ) throws -> Bool {
    guard let (first, rest) = try Self.deflated(lead, data) else { return false }
    let entry = Entry(
      name: Array(name.utf8), method: 8, checksum: CRC32.of(data, after: CRC32.of(lead)),
      storedByteCount: UInt64(first.count + rest.count),
      byteCount: UInt64(lead.count + data.count), offset: position)
    for part in [localHeader(entry), first, rest] { try emit(part) }
    entries.append(entry)
    return true
  }

  /// Writes the directory; the archive is complete.
  mutating func finish() throws {
    let start = position
    for entry in entries { try emit(directoryEntry(entry)) }
    let byteCount = position - start
    let count = UInt64(entries.count)
    if count >= min(wideFrom, 0xFFFF) || start >= wideFrom || byteCount >= wideFrom {
      try emit(wideEnd(start: start, byteCount: byteCount))
    }
    var end = Bytes(signature: 0x0605_4B50)
    end.append(UInt32(0))
    for _ in 0..<2 { end.append(count >= min(wideFrom, 0xFFFF) ? .max : UInt16(count)) }
    end.append(short(byteCount))
    end.append(short(start))
    end.append(UInt16(0))
    try emit(end.bytes)
  }

  // MARK: - Compression

  /// The two parts of a deflate stream, or nil when it would not be smaller.
  ///
  /// The first bytes go into blocks without compression, which end at a whole byte, so that the
  /// elements of an array need not be copied behind their header.
  private static func deflated(
    _ lead: [UInt8], _ data: UnsafeRawBufferPointer
  ) throws -> ([UInt8], [UInt8])? {
    var blocks: [UInt8] = []
    for start in stride(from: 0, to: lead.count, by: 0xFFFF) {
      let block = lead[start..<min(start + 0xFFFF, lead.count)]
      let count = UInt16(block.count)
      blocks.append(0)
      blocks += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
      blocks += block
    }
    let most = lead.count + data.count - blocks.count - 1
    let deflater = try Deflater(level: 6)
    guard most > 0, let stream = deflater.deflateBare(data, most: most) else { return nil }
    return (blocks, stream)
  }

  // MARK: - Records

  private mutating func emit(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try emit($0) }
  }

  private mutating func emit(_ bytes: UnsafeRawBufferPointer) throws {
    try write(bytes)
    position += UInt64(bytes.count)
  }

  /// The number, or the sign that it stands elsewhere.
  private func short(_ value: UInt64) -> UInt32 { value >= wideFrom ? .max : UInt32(value) }

  private func localHeader(_ entry: Entry) -> [UInt8] {
    // Here both sizes are wide when one of them is.
    let isWide = max(entry.byteCount, entry.storedByteCount) >= wideFrom
    var bytes = Bytes(signature: 0x0403_4B50)
    bytes.append(isWide ? Self.wideVersion : Self.version)
    append(entry, to: &bytes)
    let sizes = entry.isStreamed ? [0, 0] : [entry.storedByteCount, entry.byteCount]
    for size in sizes { bytes.append(isWide ? .max : UInt32(size)) }
    bytes.append(UInt16(entry.name.count))
    let wide = isWide ? Self.wideField(sizes.reversed()) : []
    bytes.append(UInt16(wide.count))
    return bytes.bytes + entry.name + wide
  }

  private func directoryEntry(_ entry: Entry) -> [UInt8] {
    let numbers = [entry.byteCount, entry.storedByteCount, entry.offset]
    let wide = Self.wideField(numbers.filter { $0 >= wideFrom })
    var bytes = Bytes(signature: 0x0201_4B50)
    // Made on Unix, for the permissions below.
    bytes.append(Self.unix | Self.wideVersion)
    bytes.append(wide.isEmpty ? Self.version : Self.wideVersion)
    append(entry, to: &bytes)
    bytes.append(short(entry.storedByteCount))
    bytes.append(short(entry.byteCount))
    bytes.append(UInt16(entry.name.count))
    bytes.append(UInt16(wide.count))
    // Comment, part, kind of content.
    for _ in 0..<3 { bytes.append(UInt16(0)) }
    bytes.append(UInt32(0o100644) << 16)
    bytes.append(short(entry.offset))
    return bytes.bytes + entry.name + wide
  }

  /// What local header and directory have in common.
  private func append(_ entry: Entry, to bytes: inout Bytes) {
    let encoding: UInt16 = entry.name.allSatisfy { $0 < 0x80 } ? 0 : 0x800
    bytes.append(encoding | (entry.isStreamed ? 0x8 : 0))
    bytes.append(entry.method)
    bytes.append(UInt16(0))
    // The first of January 1980.
    bytes.append(UInt16(0x21))
    bytes.append(entry.checksum)
  }

  private func wideEnd(start: UInt64, byteCount: UInt64) -> [UInt8] {
    var bytes = Bytes(signature: 0x0606_4B50)
    // The size of what follows.
    bytes.append(UInt64(44))
    bytes.append(Self.unix | Self.wideVersion)
    bytes.append(Self.wideVersion)
    bytes.append(UInt64(0))
    bytes.append(UInt64(entries.count))
    bytes.append(UInt64(entries.count))
    bytes.append(byteCount)
    bytes.append(start)
    // Its locator.
    bytes.append(UInt32(0x0706_4B50))
    bytes.append(UInt32(0))
    bytes.append(start + byteCount)
    bytes.append(UInt32(1))
    return bytes.bytes
  }

  private static func wideField(_ numbers: [UInt64]) -> [UInt8] {
    if numbers.isEmpty { return [] }
    var bytes = Bytes()
    bytes.append(UInt16(1))
    bytes.append(UInt16(numbers.count * 8))
    for number in numbers { bytes.append(number) }
    return bytes.bytes
  }

  /// The version of the format that is needed: 2.0, and 4.5 for 64-bit numbers.
  private static let version: UInt16 = 20
  private static let wideVersion: UInt16 = 45
  private static let unix: UInt16 = 3 << 8
}

/// Little-endian bytes of a record.
private struct Bytes {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(signature: UInt32) { append(signature) }

  mutating func append<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
