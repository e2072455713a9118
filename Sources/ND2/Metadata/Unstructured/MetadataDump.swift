import ND2Codecs
package import ND2Format

/// Chunks as JSON, for those who want to see everything that a file holds.
package enum MetadataDump {
  /// Names of the chunks that belong to the unstructured metadata, in order of their code points.
  ///
  /// These are all but image data, custom data and the signature. `names` and the result are names
  /// as stored, with their `!`.
  package static func unstructuredNames(_ names: some Sequence<String>) -> [String] {
    names.filter { name in
      !name.hasPrefix("ImageDataSeq") && !name.hasPrefix("CustomData")
        && !name.hasPrefix("ND2 FILE") && !name.hasPrefix("ND2 CHUNK")
    }
    .ordered { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Names of the chunks with custom data in the form of a metadata tree, in the given order.
  package static func customNames(_ names: some Sequence<String>) -> [String] {
    names.filter { $0.hasPrefix(ChunkName.customVariantPrefix) }
  }

  /// The key of a chunk: its name without `!` and without the prefix of custom data.
  package static func key(_ name: String) -> String {
    var key = name[...]
    if key.hasSuffix("!") { key = key.dropLast() }
    if key.hasPrefix(ChunkName.customVariantPrefix) {
      key = key.dropFirst(ChunkName.customVariantPrefix.count)
    }
    return String(key)
  }

  /// A chunk as JSON, whatever it holds.
  ///
  /// A metadata tree in either encoding, a JSON document, or a compressed one. Anything else is
  /// given as `{"hex": "0102…"}`. Byte arrays that hold trees are shown as such.
  package static func json(
    of bytes: [UInt8], chunk: String, strippingPrefixes: Bool = true,
    nestedTrees: NestedExpansion.Extent = .first, limits: ParsingLimits = .standard,
    log: inout DiagnosticLog
  ) -> JSONValue {
    var limits = limits
    return json(
      of: bytes, chunk: chunk, strippingPrefixes: strippingPrefixes, nestedTrees: nestedTrees,
      spending: &limits, log: &log)
  }

  /// The same for one of several chunks, which share the limits.
  static func json(
    of bytes: [UInt8], chunk: String, strippingPrefixes: Bool,
    nestedTrees: NestedExpansion.Extent = .first, spending limits: inout ParsingLimits,
    log: inout DiagnosticLog
  ) -> JSONValue {
    do throws(Malformed) {
      let decoded = try MetadataDecoder.decode(bytes, limits: limits)
      limits.spend(items: decoded.itemCount, inflatedBytes: decoded.inflatedByteCount)
      log.damage(decoded.problems, in: chunk)
      if MetadataDecoder.looksLikeXML(bytes) {
        return decoded.root.json(strippingPrefixes: strippingPrefixes, isXML: true)
      }
      var expansion = NestedExpansion(nestedTrees, limits: limits)
      let tree = expansion.expand(decoded.root)
      limits.spend(items: expansion.itemCount, inflatedBytes: expansion.byteCount)
      var shortening = ByteArrayShortening(limits: limits)
      let shown = shortening.shortened(tree)
      limits.spend(items: 0, inflatedBytes: shortening.byteCount)
      if shortening.count > 0 {
        log.note(
          "\(shortening.count) byte arrays are too large for lists of numbers; they are base64 text",
          chunk: chunk)
      }
      return shown.json(strippingPrefixes: strippingPrefixes)
    } catch {
      // What was tried in vain took time as well.
      if case .limitExceeded = error.reason {
        limits.spend(items: limits.itemCount / 2, inflatedBytes: limits.inflatedByteCount / 2)
      }
      if let document = document(bytes, limits: limits) {
        limits.spend(items: document.itemCount, inflatedBytes: 0)
        return document
      }
      // What chunks of unknown names hold need not be a tree.
      if chunk.hasPrefix("Image") || chunk.hasPrefix(ChunkName.customVariantPrefix) {
        log.damage("the chunk could not be decoded: \(error)", chunk: chunk, offset: error.offset)
      } else {
        log.note("the chunk holds data of an unknown kind", chunk: chunk)
      }
      return .object([.init("hex", .string(hex(bytes)))])
    }
  }

  /// The JSON document that bytes are, compressed or not.
  package static func document(_ bytes: [UInt8], limits: ParsingLimits) -> JSONValue? {
    guard bytes.count >= 2 else { return nil }
    var text = bytes
    if Inflater.looksLikeZlib(bytes[0], bytes[1]) {
      guard let inflated = try? ZlibText.inflate(bytes[...], limits: limits) else { return nil }
      text = inflated
    }
    guard let document = try? JSONParser.parse(text, limits: limits) else { return nil }
    switch document {
    // A lone number or word is more likely a coincidence.
    case .object, .array: return document
    default: return nil
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Zlib streams of metadata whose inflated size the file does not say, or is not trusted to say.
package enum ZlibText {
  /// Inflates a stream, giving up beyond `limits.inflatedByteCount` or the given limit.
  package static func inflate(
    _ bytes: ArraySlice<UInt8>, hint: Int = 0, limit: Int = .max, limits: ParsingLimits
  ) throws(Malformed) -> [UInt8] {
    // Deflate cannot expand by more than 1032 to 1.
    let most = Checked.product(bytes.count, 1032) ?? Int.max
    let limit = max(64, min(limit, limits.inflatedByteCount, most))
    do throws(CodecError) {
      let inflater = try Inflater()
      return try bytes.withUnsafeBufferPointer { (stream) throws(CodecError) -> [UInt8] in
        try inflater.inflate(
          UnsafeRawBufferPointer(stream), hint: max(0, min(hint, limit)), limit: limit)
      }
    } catch {
      if case .limitExceeded(let limit) = error {
        throw Malformed(.limitExceeded(limit: "inflatedByteCount", value: UInt64(limit)), at: 0)
      }
      throw Malformed(.corruptStream("zlib"), at: 0)
    }
  }
}

/// Replaces byte arrays by text where the lists of numbers that JSON has for them, 24 bytes of memory
/// for each byte, would be too large together.
struct ByteArrayShortening {
  /// Arrays that are always lists.
  private static let shortCount = 256

  private var bytesLeft: Int
  /// Bytes that are shown as numbers.
  private(set) var byteCount = 0
  /// Number of arrays that are text.
  private(set) var count = 0

  init(limits: ParsingLimits) { bytesLeft = limits.inflatedByteCount / 4 }

  mutating func shortened(_ value: MetadataValue) -> MetadataValue {
    switch value {
    case .level(let fields):
      return .level(fields.map { MetadataField($0.name, shortened($0.value)) })
    case .bytes(let bytes):
      guard bytes.count > Self.shortCount, bytes.count > bytesLeft else {
        bytesLeft = max(0, bytesLeft - bytes.count)
        byteCount += bytes.count
        return value
      }
      count += 1
      return .string(Base64.encode(bytes))
    default: return value
    }
  }
}

extension JSONValue {
  /// Number of values in the document.
  var itemCount: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.itemCount }
    case .object(let members): members.reduce(1) { $0 + $1.value.itemCount }
    default: 1
    }
  }
}
