import ND2Format

/// The directory of a ZIP archive, as it stands at the archive's end: pure parsing of bytes.
///
/// After PKWARE's APPNOTE 6.3.10, sections 4.3.12 (entries), 4.3.14 to 4.3.16 (end records) and
/// 4.5.3 (64-bit numbers).
enum ZipDirectory {
  /// A file of the archive.
  struct Entry: Hashable {
    var name: String
    var method: UInt16
    var flags: UInt16
    var checksum: UInt32
    /// Size as it is stored.
    var storedByteCount: UInt64
    /// Size of the content.
    var byteCount: UInt64
    /// Where the header before the stored bytes begins.
    var offset: UInt64
  }

  /// Where the directory may begin, and what has to be added to all offsets for that.
  struct Place: Hashable {
    var start: UInt64
    var base: UInt64
  }

  /// What the end records tell.
  struct End: Hashable {
    var byteCount: UInt64
    /// Number of entries, of which only the last 16 bits may be known.
    var entryCount: UInt64
    var is64Bit: Bool
    /// Where the directory may begin, the likeliest first.
    var places: [Place]
  }

  /// Number of bytes at the end of an archive in which its end records are looked for: the longest
  /// comment, the records, and something to spare.
  static let tailByteCount: UInt64 = 1 << 17

  private static let entrySignature: UInt32 = 0x0201_4B50
  private static let endSignature: UInt32 = 0x0605_4B50
  private static let locatorSignature: UInt32 = 0x0706_4B50
  private static let end64Signature: UInt32 = 0x0606_4B50
  /// What stands in a 32-bit field when its number is elsewhere.
  private static let elsewhere: UInt32 = .max

  // MARK: - End

  /// Finds the end records in the last bytes of an archive.
  ///
  /// - Parameters:
  ///   - tail: the last bytes, at most ``tailByteCount``.
  ///   - start: where in the archive they begin.
  static func end(in tail: [UInt8], at start: UInt64) throws(Malformed) -> End {
    guard let position = endPosition(in: tail) else {
      throw Malformed(.unexpected(expected: "the end record of a ZIP archive"), at: start)
    }
    return try ByteReader.over(tail, at: start) { (reader) throws(Malformed) -> End in
      try reader.seek(to: position + 4)
      let disks = [try reader.read(UInt16.self), try reader.read(UInt16.self)]
      _ = try reader.read(UInt16.self)
      let entryCount = try reader.read(UInt16.self)
      let byteCount = try reader.read(UInt32.self)
      let offset = try reader.read(UInt32.self)
      if let wide = try end64(in: tail, at: start, before: position) { return wide }
      guard disks.allSatisfy({ $0 == 0 || $0 == .max }) else {
        throw reader.malformed(.unsupported("archive of several parts"))
      }
      return End(
        byteCount: UInt64(byteCount), entryCount: UInt64(entryCount), is64Bit: false,
        places: try places(
          byteCount: UInt64(byteCount), offset: UInt64(offset), end: start + UInt64(position)))
    }
  }

  /// The last end record whose comment reaches to the end of the archive, or else the last one.
  private static func endPosition(in tail: [UInt8]) -> Int? {
    var other: Int?
    var position = tail.count - 22
    while position >= 0 {
      if tail[position] == 0x50, tail[position + 1] == 0x4B, tail[position + 2] == 5,
        tail[position + 3] == 6
      {
        let comment = Int(tail[position + 20]) | Int(tail[position + 21]) << 8
        if position + 22 + comment == tail.count { return position }
        if other == nil, position + 22 + comment < tail.count { other = position }
      }
      position -= 1
    }
    return other
  }

  /// The 64-bit end record, if there is one.
  private static func end64(
    in tail: [UInt8], at start: UInt64, before position: Int
  ) throws(Malformed) -> End? {
    try ByteReader.over(tail, at: start) { (reader) throws(Malformed) -> End? in
      guard position >= 20, let at = try locator(&reader, at: position - 20) else { return nil }
      // Bytes before the archive move the record, which then stands just before its locator.
      let claimed = at >= start ? Int(exactly: at - start) : nil
      for candidate in [claimed, position - 76].compactMap(\.self) {
        guard candidate >= 0, candidate <= position - 76 else { continue }
        try reader.seek(to: candidate)
        guard try reader.read(UInt32.self) == end64Signature else { continue }
        try reader.skip(8 + 4)
        let disks = [try reader.read(UInt32.self), try reader.read(UInt32.self)]
        guard disks.allSatisfy({ $0 == 0 }) else {
          throw reader.malformed(.unsupported("archive of several parts"))
        }
        try reader.skip(8)
        let entryCount = try reader.read(UInt64.self)
        let byteCount = try reader.read(UInt64.self)
        let offset = try reader.read(UInt64.self)
        return End(
          byteCount: byteCount, entryCount: entryCount, is64Bit: true,
          places: try places(
            byteCount: byteCount, offset: offset, end: start + UInt64(candidate)))
      }
      throw reader.malformed(.unexpected(expected: "the 64-bit end record"))
    }
  }

  /// The claimed offset of the 64-bit end record; nil when there is no locator.
  private static func locator(
    _ reader: inout ByteReader, at position: Int
  ) throws(Malformed) -> UInt64? {
    try reader.seek(to: position)
    guard try reader.read(UInt32.self) == locatorSignature else { return nil }
    try reader.skip(4)
    return try reader.read(UInt64.self)
  }

  /// Where a directory of that size lies that ends before `end`.
  private static func places(
    byteCount: UInt64, offset: UInt64, end: UInt64
  ) throws(Malformed) -> [Place] {
    guard byteCount <= end else {
      throw Malformed(.truncated(needed: byteCount, available: end), at: end)
    }
    var places: [Place] = []
    // Usually it ends where the end record begins; what is missing stands before the archive.
    let start = end - byteCount
    if offset <= start { places.append(Place(start: start, base: start - offset)) }
    if offset < start { places.append(Place(start: offset, base: 0)) }
    guard !places.isEmpty else {
      throw Malformed(.truncated(needed: byteCount, available: end), at: offset)
    }
    return places
  }

  // MARK: - Entries

  /// Whether bytes look like the beginning of a directory.
  static func isDirectory(_ bytes: [UInt8]) -> Bool {
    bytes.isEmpty || bytes.starts(with: [0x50, 0x4B, 1, 2])
  }

  /// The entries of a directory, in its order.
  static func entries(
    _ bytes: [UInt8], at place: Place, end: End
  ) throws(Malformed) -> [Entry] {
    try ByteReader.over(bytes, at: place.start) { (reader) throws(Malformed) -> [Entry] in
      var entries: [Entry] = []
      while !reader.isAtEnd, reader.starts(with: "PK\u{1}\u{2}") {
        entries.append(try entry(&reader, base: place.base))
      }
      let found = UInt64(entries.count)
      let matches =
        end.is64Bit ? found == end.entryCount : found & 0xFFFF == end.entryCount
      guard matches else {
        throw reader.malformed(.unexpected(expected: "\(end.entryCount) entries, not \(found)"))
      }
      return entries
    }
  }

  private static func entry(
    _ reader: inout ByteReader, base: UInt64
  ) throws(Malformed) -> Entry {
    // Signature and versions.
    try reader.skip(4 + 2 + 2)
    let flags = try reader.read(UInt16.self)
    let method = try reader.read(UInt16.self)
    try reader.skip(4)
    let checksum = try reader.read(UInt32.self)
    let storedByteCount = try reader.read(UInt32.self)
    let byteCount = try reader.read(UInt32.self)
    let nameCount = Int(try reader.read(UInt16.self))
    let extraCount = Int(try reader.read(UInt16.self))
    let commentCount = Int(try reader.read(UInt16.self))
    try reader.skip(2 + 2 + 4)
    let offset = try reader.read(UInt32.self)
    let name = try reader.readBytes(nameCount)
    var wide = try wideNumbers(try reader.readSlice(extraCount))
    try reader.skip(commentCount)
    // The 64-bit numbers stand in this order, but only those that are needed.
    let fullByteCount = try number(byteCount, &wide)
    let fullStoredByteCount = try number(storedByteCount, &wide)
    guard let fullOffset = Checked.sum(try number(offset, &wide), base) else {
      throw reader.malformed(.overflow)
    }
    return Entry(
      name: ZipName.decode(name, isUTF8: flags & 0x800 != 0), method: method, flags: flags,
      checksum: checksum, storedByteCount: fullStoredByteCount, byteCount: fullByteCount,
      offset: fullOffset)
  }

  /// The 64-bit numbers of an entry, if it has some.
  private static func wideNumbers(_ extra: ByteReader) throws(Malformed) -> ByteReader? {
    var reader = extra
    // A rest of less than four bytes is padding.
    while reader.remaining >= 4 {
      let kind = try reader.read(UInt16.self)
      let count = Int(try reader.read(UInt16.self))
      guard count <= reader.remaining else { return nil }
      let field = try reader.readSlice(count)
      if kind == 1 { return field }
    }
    return nil
  }

  private static func number(
    _ value: UInt32, _ wide: inout ByteReader?
  ) throws(Malformed) -> UInt64 {
    guard value == elsewhere, wide != nil else { return UInt64(value) }
    return try wide?.read(UInt64.self) ?? UInt64(value)
  }

  // MARK: - Local header

  /// Size of the fixed part of the header before the stored bytes.
  static let localHeaderByteCount = 30

  /// Number of bytes from the beginning of a local header to the stored bytes.
  static func distanceToData(_ header: [UInt8], at offset: UInt64) throws(Malformed) -> UInt64 {
    try ByteReader.over(header, at: offset) { (reader) throws(Malformed) -> UInt64 in
      guard reader.starts(with: "PK\u{3}\u{4}") else {
        throw reader.malformed(.unexpected(expected: "the header of a file in the archive"))
      }
      try reader.seek(to: 26)
      let nameCount = try reader.read(UInt16.self)
      let extraCount = try reader.read(UInt16.self)
      return UInt64(localHeaderByteCount) + UInt64(nameCount) + UInt64(extraCount)
    }
  }
}
