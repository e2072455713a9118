import ND2Codecs
import ND2Format

// The form of a saved index: little-endian numbers, a header, a zlib stream, a checksum.
//
//     8 bytes  89 'N' 'D' '2' 'i' 0D 0A 1A
//     u32      version of the form: 1
//     u32      flags: 1 when all but the pixels is in it
//     u64      size of the file
//     u32 …    name of the file in UTF-8, in front its size
//     u32 …    entity tag likewise; FFFFFFFF when there is none
//     u64      size of the stream when it is inflated
//     u64      size of the stream
//     …        the stream: u64 number of ranges; for each u64 offset and u64 size; their bytes
//     u32      CRC-32C of all bytes before
extension SavedIndex {
  private static let mark: [UInt8] = [0x89, 0x4E, 0x44, 0x32, 0x69, 0x0D, 0x0A, 0x1A]
  private static let version: UInt32 = 1
  private static let noTag = UInt32.max
  private static let mostTextByteCount: UInt32 = 1 << 16
  /// Largest file that is read as an index.
  private static let mostFileByteCount: UInt64 = UInt64(largestByteCount) * 2
  /// Deflate makes nothing smaller than about 1:1032.
  private static let mostRatio: UInt64 = 1040

  /// The index as bytes.
  ///
  /// - Throws: ``ND2Error/Code/io`` when there is not enough memory.
  public func encoded() throws -> [UInt8] {
    var stream: [UInt8] = []
    stream.reserveCapacity(8 + kept.ranges.count * 16 + kept.bytes.count)
    stream.append(UInt64(kept.ranges.count))
    for range in kept.ranges {
      stream.append(range.lowerBound)
      stream.append(range.upperBound - range.lowerBound)
    }
    stream += kept.bytes
    return try Self.encode(stream, name: name, identity: identity, isComplete: isComplete)
  }

  /// An index whose stream holds any bytes.
  package static func encode(
    _ stream: [UInt8], name: String, identity: SourceIdentity, isComplete: Bool
  ) throws -> [UInt8] {
    let packed: [UInt8]
    do { packed = try Deflater(level: 6).deflate(stream) } catch {
      throw ND2Error(.io, "the index cannot be compressed", cause: error)
    }
    var bytes = mark
    bytes.append(version)
    bytes.append(UInt32(isComplete ? 1 : 0))
    bytes.append(identity.byteCount)
    let name = Array(name.utf8.prefix(Int(mostTextByteCount)))
    bytes.append(UInt32(name.count))
    bytes += name
    // A tag that is cut would be another one.
    if let tag = identity.entityTag, tag.utf8.count <= Int(mostTextByteCount) {
      bytes.append(UInt32(tag.utf8.count))
      bytes += Array(tag.utf8)
    } else {
      bytes.append(noTag)
    }
    bytes.append(UInt64(stream.count))
    bytes.append(UInt64(packed.count))
    bytes += packed
    bytes.append(CRC32C.checksum(bytes))
    return bytes
  }

  /// Reads an index from bytes.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when they are none or damaged, ``ND2Error/Code/unsupported``
  ///   when they are of a later form, ``ND2Error/Code/limitExceeded``.
  public init(decoding bytes: [UInt8]) throws {
    do {
      self = try ByteReader.over(bytes) { (reader) throws(Malformed) in
        try SavedIndex(from: &reader, of: bytes)
      }
    } catch {
      throw ND2Error(error, in: "the saved index cannot be read")
    }
  }

  /// Reads an index from a local file.
  ///
  /// - Throws: as ``init(decoding:)``, and ``ND2Error/Code/io``.
  public init(contentsOf path: String) throws { try self.init(reading: FileSource(path: path)) }

  /// Reads an index from a source.
  ///
  /// - Throws: as ``init(decoding:)``, and ``ND2Error/Code/io``.
  public init(reading source: some ByteSource) throws {
    do {
      let count = try source.byteCount()
      try Self.check(count)
      try self.init(decoding: try source.read(0..<count))
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// Reads an index from a source.
  ///
  /// - Throws: as ``init(decoding:)``, and ``ND2Error/Code/io``.
  public init(reading source: some AsyncByteSource) async throws {
    do {
      let count = try await source.byteCount()
      try Self.check(count)
      try self.init(decoding: try await source.read([0..<count]).first ?? [])
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// Writes the index; the file appears whole or not at all, and an existing one is replaced only
  /// when asked.
  public func write(to path: String, overwriting: Bool = false) throws {
    let bytes = try encoded()
    let file = try WholeFile(path: path, options: .init(overwriting: overwriting))
    try file.write(bytes)
    try file.commit()
  }

  private static func check(_ byteCount: UInt64) throws {
    guard byteCount <= mostFileByteCount else {
      throw ND2Error(.limitExceeded, "a file of \(byteCount) bytes is too large for an index")
    }
  }

  // MARK: - Reading

  private init(from reader: inout ByteReader, of bytes: [UInt8]) throws(Malformed) {
    for byte in Self.mark {
      guard reader.peek() == byte else {
        throw Malformed(.unexpected(expected: "a saved index"), at: 0)
      }
      try reader.skip(1)
    }
    let version: UInt32 = try reader.read()
    guard version == Self.version else {
      throw Malformed(.unsupported("version \(version) of saved indices"), at: 8)
    }
    // First, so that damage is called damage wherever it is.
    guard bytes.count >= reader.position + 4,
      CRC32C.checksum(bytes.dropLast(4)) == Self.checksum(bytes.suffix(4))
    else { throw Malformed(.corruptStream("its checksum is wrong"), at: UInt64(bytes.count)) }
    let flags: UInt32 = try reader.read()
    let fileByteCount: UInt64 = try reader.read()
    guard fileByteCount <= UInt64(Int64.max) else { throw reader.malformed(.overflow) }
    let name = try Self.text(try reader.read(), &reader)
    let tagByteCount: UInt32 = try reader.read()
    let tag = tagByteCount == Self.noTag ? nil : try Self.text(tagByteCount, &reader)
    let inflated: UInt64 = try reader.read()
    let packed = try reader.readCount64()
    let start = reader.offset
    guard packed >= 0, reader.remaining >= 4, packed == reader.remaining - 4 else {
      throw Malformed(
        .truncated(needed: UInt64(clamping: packed), available: UInt64(reader.remaining)),
        at: start)
    }
    guard inflated <= Self.mostFileByteCount else {
      throw Malformed(.limitExceeded(limit: "size of an index", value: inflated), at: start)
    }
    guard inflated / Self.mostRatio <= UInt64(packed) + 64 else {
      throw Malformed(.corruptStream("it is too short for what it holds"), at: start)
    }
    let stream = try Self.inflate(
      UnsafeRawBufferPointer(rebasing: reader.remainingBytes[..<packed]), to: Int(inflated),
      at: start)
    let kept = try ByteReader.over(stream) { (reader) throws(Malformed) in
      try Self.ranges(from: &reader, fileByteCount: fileByteCount)
    }
    self.init(
      name: name, identity: SourceIdentity(byteCount: fileByteCount, entityTag: tag),
      isComplete: flags & 1 != 0, kept: kept)
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func text(
    _ count: UInt32, _ reader: inout ByteReader
  ) throws(Malformed) -> String {
    guard count <= mostTextByteCount else {
      throw reader.malformed(.limitExceeded(limit: "text of an index", value: UInt64(count)))
    }
    return String(decoding: try reader.readBytes(Int(count)), as: UTF8.self)
  }

  private static func inflate(
    _ stream: UnsafeRawBufferPointer, to count: Int, at offset: UInt64
  ) throws(Malformed) -> [UInt8] {
    do {
      let inflater = try Inflater()
      return try inflater.inflate(stream, hint: max(1, count), limit: max(1, count))
    } catch {
      throw Malformed(.corruptStream("zlib"), at: offset)
    }
  }

  private static func ranges(
    from reader: inout ByteReader, fileByteCount: UInt64
  ) throws(Malformed) -> KeptRanges {
    let count = try reader.readCount64()
    guard count >= 0, count <= reader.remaining / 16 else {
      throw reader.malformed(
        .truncated(needed: UInt64(clamping: count), available: UInt64(reader.remaining / 16)))
    }
    var ranges: [Range<UInt64>] = []
    ranges.reserveCapacity(count)
    for _ in 0..<count {
      let start: UInt64 = try reader.read()
      let size: UInt64 = try reader.read()
      guard start <= fileByteCount, size <= fileByteCount - start else {
        throw reader.malformed(.unexpected(expected: "a range within the file"))
      }
      ranges.append(start..<(start + size))
    }
    let end = reader.offset
    guard let kept = KeptRanges(ranges, bytes: try reader.readBytes(reader.remaining)) else {
      throw Malformed(.unexpected(expected: "ascending ranges with their bytes"), at: end)
    }
    return kept
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
