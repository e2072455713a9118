/// What the first bytes of a file say that it is.
package enum FileSignature: Hashable, Sendable {
  /// A chunk container, generation 2 or later.
  case modern(major: Int, minor: Int)
  /// JPEG 2000 boxes: ND2 generation 1 if its trailer is there, else an ordinary JP2 file.
  case jpeg2000
  /// Something else; `looksLike` names it when it is known.
  case unknown(looksLike: String?)

  /// Magic number of every chunk, little-endian.
  package static let chunkMagic: UInt32 = 0x0ABE_CEDA
  /// Name of the first chunk.
  package static let firstChunkName: StaticString = "ND2 FILE SIGNATURE CHUNK NAME01!"
  /// Bytes that recognition needs.
  package static let byteCount = 112

  /// Recognises a file by its first bytes (nd2-format §1.1, §1.2).
  package init(_ head: [UInt8]) {
    let magic = head.prefix(4)
    if magic.elementsEqual([0xDA, 0xCE, 0xBE, 0x0A]) {
      let version = Self.version(head)
      self = .modern(major: version?.major ?? 3, minor: version?.minor ?? 0)
    } else if magic.elementsEqual([0x00, 0x00, 0x00, 0x0C]),
      head.dropFirst(4).starts(with: [0x6A, 0x50, 0x20, 0x20])
    {
      self = .jpeg2000
    } else {
      self = .unknown(looksLike: Self.lookalike(head))
    }
  }

  /// Whether the last bytes of a file of JPEG 2000 boxes are those of ND2 generation 1, which ends
  /// with the place of its box map (nd2-format §5.1).
  package static func isLegacy(tail: [UInt8]) -> Bool {
    tail.suffix(40).starts(with: "LABORATORY IMAGING ND BOX MAP 00".utf8)
  }

  /// The numbers of `Ver<major>.<minor>` in the data of the first chunk.
  package static func version(_ head: [UInt8]) -> (major: Int, minor: Int)? {
    guard head.count >= 52 else { return nil }
    let text = head[48..<min(head.count, 112)].prefix { $0 != 0 }
    guard text.starts(with: "Ver".utf8) else { return nil }
    let parts = text.dropFirst(3).split(separator: UInt8(ascii: "."), maxSplits: 1)
    func number(_ digits: ArraySlice<UInt8>) -> Int? {
      let leading = digits.prefix { (0x30...0x39).contains($0) }.prefix(4)
      return Int(String(decoding: leading, as: UTF8.self))
    }
    guard let first = parts.first, let major = number(first) else { return nil }
    return (major, parts.count > 1 ? number(parts[1]) ?? 0 : 0)
  }

  /// The name of a well-known kind of file that circulates under the name `.nd2`.
  private static func lookalike(_ head: [UInt8]) -> String? {
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    func begins(_ text: String) -> Bool {
      let start = head.drop { $0 <= 0x20 }.prefix(text.utf8.count)
      return start.elementsEqual(text.utf8) { ($0 | 0x20) == ($1 | 0x20) }
    }
    if head.isEmpty { return "an empty file" }
    if begins([0x49, 0x49, 0x2A, 0x00]) || begins([0x4D, 0x4D, 0x00, 0x2A]) {
      return "a TIFF file"
    }
    if begins([0x49, 0x49, 0x2B, 0x00]) || begins([0x4D, 0x4D, 0x00, 0x2B]) {
      return "a BigTIFF file"
    }
    if begins("version https://git-lfs") {
      return "a Git LFS pointer; fetch the real file with 'git lfs pull'"
    }
    if begins("<!doctype html") || begins("<html") {
      return "an HTML page, probably an error page saved by a download"
    }
    if begins("<?xml") { return "an XML document" }
    if begins([0x89, 0x50, 0x4E, 0x47]) { return "a PNG picture" }
    if begins([0xFF, 0xD8, 0xFF]) { return "a JPEG picture" }
    if begins([0x89, 0x48, 0x44, 0x46]) { return "an HDF5 file" }
    if begins([0x50, 0x4B, 0x03, 0x04]) { return "a ZIP archive" }
    if begins([0x1F, 0x8B]) { return "a gzip-compressed file" }
    if begins("ZISRAWFILE") { return "a Zeiss CZI file" }
    if begins([0x70, 0x00, 0x00, 0x00]) { return "a Leica LIF file" }
    if head.allSatisfy({ $0 == 0 }) { return "a file of zeros, probably an interrupted copy" }
    return nil
  }
}
