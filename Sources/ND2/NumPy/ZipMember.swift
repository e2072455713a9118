import ND2Codecs
import ND2Format

/// An array within an archive.
struct ZipMember {
  let entry: ZipDirectory.Entry
  let source: any ByteSource
  let archiveByteCount: UInt64

  /// Deflate makes at most 1032 bytes of one.
  private static let mostExpansion: UInt64 = 1032

  /// Reads the array and checks its checksum.
  func array(_ reader: NumPyReader) throws -> AnyNDArray {
    // Bit 0: encrypted; bit 6: strongly so; bit 13: the directory as well.
    guard entry.flags & 0x2041 == 0 else { throw ND2Error(.unsupported, "it is encrypted") }
    switch entry.method {
    case 0: return try storedArray(reader, try dataRange())
    case 8: return try deflatedArray(reader, try dataRange())
    default:
      throw ND2Error(
        .unsupported, "its compression method \(entry.method); known are 0 (none) and 8 (deflate)")
    }
  }

  /// Where the stored bytes lie.
  private func dataRange() throws -> Range<UInt64> {
    let headerCount = UInt64(ZipDirectory.localHeaderByteCount)
    guard entry.offset <= archiveByteCount, archiveByteCount - entry.offset >= headerCount else {
      throw damaged("its header lies beyond the end of the archive")
    }
    let header = try source.read(entry.offset..<(entry.offset + headerCount))
    let distance: UInt64
    do {
      distance = try ZipDirectory.distanceToData(header, at: entry.offset)
    } catch {
      throw ND2Error(error, in: "the archive")
    }
    let start = entry.offset + distance
    guard start <= archiveByteCount, entry.storedByteCount <= archiveByteCount - start else {
      throw damaged("its \(entry.storedByteCount) bytes reach beyond the end of the archive")
    }
    return start..<(start + entry.storedByteCount)
  }

  /// Where the numbers lie in the archive.
  func extent() throws -> NumPyExtent {
    guard entry.flags & 0x2041 == 0, entry.method == 0 else {
      throw ND2Error(.unsupported, "the array is compressed or encrypted")
    }
    let range = try dataRange()
    let (header, _) = try NumPyHeader.read(available: entry.byteCount) { part in
      try source.read((range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
    }
    try checkByteCount(header)
    return try NumPyExtent(header, from: range.lowerBound)
  }

  private func storedArray(
    _ reader: NumPyReader, _ range: Range<UInt64>
  ) throws -> AnyNDArray {
    guard entry.byteCount == entry.storedByteCount else {
      throw damaged("it is not compressed but has two sizes")
    }
    let (header, lead) = try NumPyHeader.read(available: entry.byteCount) { part in
      try source.read((range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
    }
    try checkByteCount(header)
    let sizes = try reader.sizes(for: header)
    let raw = try ArrayStorage(byteCount: header.dataByteCount, zeroed: false)
    if header.dataByteCount > 0 {
      try source.read(at: range.lowerBound + UInt64(header.byteCount), into: raw.bytes)
    }
    try check(CRC32.of(UnsafeRawBufferPointer(raw.bytes), after: CRC32.of(lead)))
    return try reader.array(in: raw, header, sizes)
  }

  private func deflatedArray(
    _ reader: NumPyReader, _ range: Range<UInt64>
  ) throws -> AnyNDArray {
    // So much cannot come out, whatever the directory says; no memory is taken for it.
    let most = Checked.product(entry.storedByteCount, Self.mostExpansion) ?? .max
    guard entry.byteCount <= most, let byteCount = Int(exactly: entry.byteCount) else {
      throw damaged(
        "\(entry.storedByteCount) compressed bytes cannot hold \(entry.byteCount) bytes")
    }
    let inflated = try ArrayStorage(byteCount: byteCount, zeroed: false)
    let stream = try source.read(range)
    do {
      let inflater = try Inflater()
      try stream.withUnsafeBytes { try inflater.inflateBare($0, into: inflated.bytes) }
    } catch {
      throw ND2Error(.malformed, "its compressed bytes are damaged (\(error))")
    }
    let content = UnsafeRawBufferPointer(inflated.bytes)
    try check(CRC32.of(content))
    let (header, _) = try NumPyHeader.read(available: entry.byteCount) { part in
      Array(content[Int(part.lowerBound)..<Int(part.upperBound)])
    }
    try checkByteCount(header)
    let sizes = try reader.sizes(for: header)
    return try reader.array(in: inflated, from: header.byteCount, header, sizes)
  }

  // MARK: - Checks

  private func checkByteCount(_ header: NumPyHeader) throws {
    let expected = UInt64(header.byteCount) + UInt64(header.dataByteCount)
    guard entry.byteCount == expected else {
      throw damaged("it has \(entry.byteCount) bytes where its header tells of \(expected)")
    }
  }

  private func check(_ checksum: UInt32) throws {
    guard checksum == entry.checksum else { throw damaged("its checksum is wrong") }
  }

  private func damaged(_ message: String) -> ND2Error {
    ND2Error(.malformed, message, at: .init(offset: entry.offset))
  }
}
