import ND2
import ND2Codecs
import ND2Format

/// Sees to it that a saved file has image attributes that are right.
struct AttributesRescue {
  /// Names of the chunks that are written anew.
  private(set) var rebuilt: [String] = []
  /// What is to be said about it.
  private(set) var notes: [String] = []
  /// Attributes for a file that has none: name and data.
  private(set) var addition: (name: String, data: [UInt8])?

  private let source: any ByteSource
  private let isXML: Bool
  private let options: FileRescue.Options
  /// The decoded chunk.
  private var stored: (name: String, root: MetadataValue)?
  private let attributes: ImageAttributes
  private var replacements: [String: [UInt8]] = [:]

  /// Reads the attributes, or finds out what they were.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when nothing tells the size of frames.
  init(
    source: any ByteSource, chunks: [ScannedChunk.Identity: ScannedChunk], isXML: Bool,
    options: FileRescue.Options
  ) throws {
    self.source = source
    self.isXML = isXML
    self.options = options
    func tree(_ names: [String]) throws -> (name: String, root: MetadataValue)? {
      for name in names {
        guard let chunk = chunks[.named(name)], !chunk.isTorn,
          chunk.dataByteCount <= UInt64(options.limits.chunkByteCount)
        else { continue }
        let bytes = try source.read(chunk.dataOffset..<chunk.end)
        if let decoded = try? MetadataDecoder.decode(bytes, limits: options.limits) {
          return (name, decoded.root)
        }
      }
      return nil
    }
    var log = DiagnosticLog()
    let picture = try tree(ChunkName.pictureMetadata).map { PictureMetadata($0.root) }
    if let known = try tree(ChunkName.attributes),
      let decoded = try? ImageAttributesDecoder.decode(
        known.root, channelCount: picture?.declaredPlaneCount, limits: options.limits, log: &log)
    {
      stored = known
      attributes = decoded
      return
    }
    attributes = try Self.guess(
      source, chunks.values.filter { $0.frame != nil && !$0.isTorn && !$0.isDoubtful }, picture,
      options)
  }

  /// The attributes from what the caller says, or from the camera's settings.
  private static func guess(
    _ source: any ByteSource, _ frames: [ScannedChunk], _ picture: PictureMetadata?,
    _ options: FileRescue.Options
  ) throws -> ImageAttributes {
    let missing = "the image attributes are gone"
    guard let frame = frames.min(by: { $0.offset < $1.offset }), frame.dataByteCount > 8 else {
      throw ND2Error(.malformed, "\(missing), and no whole frame was found; nothing was saved")
    }
    var payload = Int(clamping: frame.dataByteCount - 8)
    var compression: ImageAttributes.Compression?
    if payload <= options.limits.chunkByteCount {
      let bytes = try source.read((frame.dataOffset + 8)..<frame.end)
      if let inflated = InflatedSize.measure(bytes) {
        payload = inflated
        compression = .lossless
      }
    }
    let channelCount = picture?.declaredPlaneCount
    if let shape = options.frameShape {
      guard
        let given = shape.attributes(
          compression: compression, sequenceCount: 0, channelCount: channelCount,
          limits: options.limits),
        let rows = Checked.product(given.rowByteCount, given.heightPx),
        rows <= payload
          || Checked.product(
            given.widthPx, given.heightPx, given.componentCount, given.sampleType.byteCount)
            == payload
      else {
        throw ND2Error.invalidRequest(
          "frames of the given shape are larger than the \(payload) bytes that frames have")
      }
      return given
    }
    var log = DiagnosticLog()
    if let picture,
      let inferred = ImageAttributesInference.infer(
        from: picture, payloadByteCount: payload, compression: compression, sequenceCount: 0,
        limits: options.limits, log: &log)
    {
      return inferred
    }
    throw ND2Error.invalidRequest(
      "\(missing), and nothing else tells the size of the frames, which have \(payload) bytes; "
        + "give their shape")
  }

  /// Decides what is written, now that the number of frames is known.
  mutating func count(frames: Int) throws {
    if let (name, root) = stored {
      let tree = root.content(named: "SLxImageAttributes")
      let said = tree["uiSequenceCount"]?.int ?? 0
      guard said < frames else { return }
      var changed = tree
      changed.set("uiSequenceCount", .count(frames))
      replacements[name] = encode(changed, isXML: name == ChunkName.attributes[1])
      rebuilt.append(name)
      notes.append("the attributes said \(said) frames; they say \(frames) now")
      return
    }
    let name = ChunkName.attributes[isXML ? 1 : 0]
    let data = encode(tree(sequenceCount: frames), isXML: isXML)
    rebuilt.append(name)
    addition = (name, data)
    notes.append(
      "the image attributes were gone; \(attributes.widthPx) × \(attributes.heightPx) pixels of "
        + "\(attributes.componentCount) × \(attributes.sampleType) were written")
  }

  /// The data that takes the place of a chunk's; nil for chunks that are copied.
  func replacement(for name: String) -> [UInt8]? { replacements[name] }

  private func encode(_ tree: MetadataValue, isXML: Bool) -> [UInt8] {
    isXML
      ? XMLVariantEncoder.encode(tree)
      : LiteVariantEncoder.encode(MetadataField("SLxImageAttributes", tree))
  }

  /// The fields of nd2-format §3.1.
  private func tree(sequenceCount: Int) -> MetadataValue {
    let bits = attributes.bitsPerComponentInMemory
    func bitCount(_ value: Int) -> MetadataValue {
      isXML ? .count(value) : .int32(Int32(clamping: value))
    }
    let type: Int32 =
      switch attributes.pixelDataType {
      case .signed: 0
      case .unsigned: 1
      case .float: 2
      }
    return .object([
      "uiWidth": .count(attributes.widthPx),
      "uiWidthBytes": .count(attributes.rowByteCount),
      "uiHeight": .count(attributes.heightPx),
      "uiComp": .count(attributes.componentCount),
      "uiBpcInMemory": bitCount(bits),
      "uiBpcSignificant": bitCount(attributes.bitsPerComponentSignificant),
      "uiSequenceCount": .count(sequenceCount),
      "uiTileWidth": .count(attributes.widthPx),
      "uiTileHeight": .count(attributes.heightPx),
      "eCompression": .int32(attributes.compressionType == .lossless ? 0 : 2),
      "dCompressionParam": .double(0),
      "ePixelType": .int32(type),
      "uiVirtualComponents": .count(attributes.componentCount),
    ])
  }

  // MARK: - Parts of frames

  /// Rows of a torn frame that are there; 0 for compressed frames, of which a part is worth nothing.
  func wholeRows(of chunk: ScannedChunk) -> Int {
    let row = UInt64(clamping: attributes.rowByteCount)
    guard attributes.compressionType != .lossless, row > 0,
      let frame = Checked.product(row, UInt64(clamping: attributes.heightPx)),
      chunk.dataByteCount >= 8, chunk.dataByteCount - 8 >= frame,
      chunk.dataByteCount - 8 <= frame + 65536, chunk.availableByteCount > 8
    else { return 0 }
    return Int(clamping: min((chunk.availableByteCount - 8) / row, frame / row))
  }

  /// Bytes of a chunk's data that hold so many rows.
  func byteCount(ofRows rows: Int) -> UInt64? {
    Checked.product(UInt64(clamping: rows), UInt64(clamping: attributes.rowByteCount))
      .flatMap { Checked.sum($0, 8) }
  }
}
