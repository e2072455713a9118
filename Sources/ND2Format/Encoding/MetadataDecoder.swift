import ND2Codecs

/// A decoded tree and what was wrong on the way to it.
package struct DecodedMetadata: Sendable {
  /// The tree, or what could be read of it.
  package var root: MetadataValue
  /// Defects that did not stop decoding, in order of their discovery.
  package var problems: [Malformed] = []
  /// Number of items in the tree, or a few more.
  package var itemCount = 0
  /// Size of the stream after inflation; 0 when it was not compressed.
  package var inflatedByteCount = 0

  package init(root: MetadataValue, problems: [Malformed] = [], itemCount: Int = 0) {
    self.root = root
    self.problems = problems
    self.itemCount = itemCount
  }
}

/// Decodes a metadata chunk, whichever of the format's encodings it is in.
///
/// The encoding is told by the payload, never by the version of the file: version 3.0 files hold
/// both, and files exist whose version and chunk names disagree.
package enum MetadataDecoder {
  /// Decodes XML, the binary variant, or a compressed binary variant.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, at offset: UInt64 = 0
  ) throws(Malformed) -> DecodedMetadata {
    if looksLikeXML(bytes) {
      return try XMLVariantDecoder.decode(bytes, limits: limits, at: offset)
    }
    if bytes.first == LiteVariantDecoder.compressedMark {
      let inflated = try CompressedVariant.inflate(bytes, limits: limits, at: offset)
      // Offsets of defects are then those of the inflated stream.
      var decoded = try MetadataDecoder.decodeInflated(inflated, limits: limits)
      decoded.inflatedByteCount = inflated.count
      return decoded
    }
    return try LiteVariantDecoder.decode(bytes, limits: limits, at: offset)
  }

  private static func decodeInflated(
    _ bytes: [UInt8], limits: ParsingLimits
  ) throws(Malformed) -> DecodedMetadata {
    if looksLikeXML(bytes) {
      return try XMLVariantDecoder.decode(bytes, limits: limits, at: 0)
    }
    return try LiteVariantDecoder.decode(bytes, limits: limits, at: 0)
  }

  /// Whether bytes begin like XML: `<`, possibly behind a byte order mark and white space.
  package static func looksLikeXML(_ bytes: [UInt8]) -> Bool {
    let lead = bytes.prefix(64)
    if lead.starts(with: [0xFF, 0xFE, 0x3C, 0x00]) || lead.starts(with: [0xFE, 0xFF, 0x00, 0x3C])
      || lead.starts(with: [0x3C, 0x00, 0x3F, 0x00])
    {
      return true
    }
    let body = lead.starts(with: [0xEF, 0xBB, 0xBF]) ? lead.dropFirst(3) : lead
    return body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == 0x3C
      && body.first != 0x09 && body.first != 0x0A
  }
}

/// The compressed form of the binary variant: a 12-byte header, then one zlib stream.
///
/// The header is `LV0Z` and the inflated size (u64); readers of the field skip it, and so the
/// size serves as a hint only (nd2-format §2.1).
package enum CompressedVariant {
  /// Inflates a compressed chunk.
  package static func inflate(
    _ bytes: [UInt8], limits: ParsingLimits, at offset: UInt64
  ) throws(Malformed) -> [UInt8] {
    guard bytes.count > 12 else {
      throw Malformed(.truncated(needed: 12, available: UInt64(bytes.count)), at: offset)
    }
    let hint = try ByteReader.over(bytes) { (reader) throws(Malformed) -> UInt64 in
      try reader.skip(4)
      return try reader.read(UInt64.self)
    }
    // The header is 12 bytes in all known files; 10 is tried for writers that differ.
    for skip in [12, 10] {
      guard skip + 1 < bytes.count, Inflater.looksLikeZlib(bytes[skip], bytes[skip + 1]) else {
        continue
      }
      do throws(CodecError) {
        let inflater = try Inflater()
        return try bytes[skip...].withUnsafeBufferPointer {
          (stream) throws(CodecError) -> [UInt8] in
          try inflater.inflate(
            UnsafeRawBufferPointer(stream),
            hint: hint <= UInt64(limits.inflatedByteCount) ? Int(hint) : 0,
            limit: limits.inflatedByteCount)
        }
      } catch {
        if case .limitExceeded(let limit) = error {
          throw Malformed(
            .limitExceeded(limit: "inflatedByteCount", value: UInt64(limit)), at: offset)
        }
      }
    }
    throw Malformed(.corruptStream("zlib"), at: offset)
  }
}

/// Trees inside byte arrays.
package enum NestedVariant {
  /// The tree, when the bytes are exactly one well-formed tree; nil otherwise.
  ///
  /// A looser test takes flag arrays such as `01 01 00` for trees (nd2-format §2.1).
  package static func decode(_ bytes: [UInt8], limits: ParsingLimits) -> MetadataValue? {
    guard bytes.count >= 4 else { return nil }
    if bytes[0] == LiteVariantDecoder.compressedMark {
      guard let inflated = try? CompressedVariant.inflate(bytes, limits: limits, at: 0) else {
        return nil
      }
      return decodeInflated(inflated, limits: limits)
    }
    return decodeInflated(bytes, limits: limits)
  }

  /// Streams are compressed once at most: one that inflates to itself would never end.
  private static func decodeInflated(_ bytes: [UInt8], limits: ParsingLimits) -> MetadataValue? {
    guard bytes.count >= 4, (1...11).contains(bytes[0]), bytes[1] >= 1 else { return nil }
    return LiteVariantDecoder.decodeExactly(bytes, limits: limits)
  }
}
