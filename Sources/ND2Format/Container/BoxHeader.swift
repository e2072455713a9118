/// The header of a box of JPEG 2000: length and kind, big-endian (nd2-format §5.1).
package struct BoxHeader: Hashable, Sendable {
  /// The kind of a box: four letters.
  package struct Kind: Hashable, Sendable {
    /// The letters as a big-endian number.
    package var code: UInt32

    package init(_ code: UInt32) { self.code = code }

    /// `jP  `, the first box of every file.
    package static let signature = Kind(0x6A50_2020)
    package static let fileType = Kind(0x6674_7970)
    package static let imageHeader = Kind(0x6A70_3268)
    /// `jp2c`, a codestream.
    package static let codestream = Kind(0x6A70_3263)
    /// `jP2C`, which some writers use for the same.
    package static let otherCodestream = Kind(0x6A50_3243)
    package static let xml = Kind(0x786D_6C20)
    package static let uuid = Kind(0x7575_6964)

    /// The letters, without spaces at the end; other bytes are shown as `?`.
    package var name: String {
      var letters = (0..<4).map { UInt8(truncatingIfNeeded: code >> UInt32(24 - $0 * 8)) }
      while letters.last == 0x20 { letters.removeLast() }
      return String(decoding: letters.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }

    /// Whether all four are letters, digits or spaces, as in every kind that is defined.
    package var isPlausible: Bool {
      (0..<4).allSatisfy { index in
        let byte = UInt8(truncatingIfNeeded: code >> UInt32(index * 8))
        return (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == 0x20
      }
    }
  }

  /// Bytes of the ordinary header.
  package static let byteCount = 8
  /// Bytes of the header of a box of more than 4 GB.
  package static let longByteCount = 16

  /// The kind.
  package var kind: Kind
  /// Bytes from the start of the box to its data.
  package var dataOffset: UInt64
  /// Size of the data; nil when the box goes on to the end of the file.
  package var dataByteCount: UInt64?

  /// Parses the header at the start of `bytes`.
  ///
  /// - Throws: `Malformed` when bytes are missing or no kind can be so.
  package init(_ bytes: some Collection<UInt8>, at offset: UInt64) throws(Malformed) {
    let head = Array(bytes.prefix(Self.longByteCount))
    guard head.count >= Self.byteCount else {
      throw Malformed(
        .truncated(needed: UInt64(Self.byteCount), available: UInt64(head.count)), at: offset)
    }
    kind = Kind(head.bigEndian(at: 4))
    guard kind.isPlausible else { throw Malformed(.unexpected(expected: "a box"), at: offset) }
    if kind == .otherCodestream { kind = .codestream }
    let length = head.bigEndian(at: 0)
    dataOffset = UInt64(Self.byteCount)
    switch length {
    case 0: dataByteCount = nil
    case 1:
      guard head.count >= Self.longByteCount else {
        throw Malformed(
          .truncated(needed: UInt64(Self.longByteCount), available: UInt64(head.count)),
          at: offset)
      }
      let long = UInt64(head.bigEndian(at: 8)) << 32 | UInt64(head.bigEndian(at: 12))
      dataOffset = UInt64(Self.longByteCount)
      guard long >= dataOffset else {
        throw Malformed(.unexpected(expected: "the length of a box"), at: offset)
      }
      dataByteCount = long - dataOffset
    default:
      guard UInt64(length) >= dataOffset else {
        throw Malformed(.unexpected(expected: "the length of a box"), at: offset)
      }
      dataByteCount = UInt64(length) - dataOffset
    }
  }
}

extension [UInt8] {
  /// The big-endian 32-bit number at a place, which must be in range.
  func bigEndian(at place: Int) -> UInt32 {
    self[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The little-endian 64-bit number at a place, which must be in range.
  func littleEndian64(at place: Int) -> UInt64 {
    self[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
