package import ND2Format

/// Decodes `SLxImageAttributes` (nd2-format §3.1).
package enum ImageAttributesDecoder {
  /// Most samples a pixel may have; detectors of 43 channels are the most that are known.
  static let mostComponents = 4096
  /// Largest frame, in bytes.
  static let largestFrame = 1 << 46

  /// Decodes the attributes chunk.
  ///
  /// - Parameters:
  ///   - root: the decoded chunk.
  ///   - channelCount: number of channels that the picture metadata names.
  /// - Throws: ``ND2Error/Code/malformed`` or ``ND2Error/Code/limitExceeded`` when the sizes
  ///   cannot be those of an image.
  package static func decode(
    _ root: MetadataValue, channelCount: Int?, limits: ParsingLimits = .standard,
    log: inout DiagnosticLog
  ) throws(ND2Error) -> ImageAttributes {
    let tree = root.content(named: "SLxImageAttributes")
    let width = try size("uiWidth", of: tree, limit: limits.sideLength)
    let height = try size("uiHeight", of: tree, limit: limits.sideLength)
    let components =
      tree["uiComp"] == nil ? 1 : try size("uiComp", of: tree, limit: mostComponents)
    let (bits, significant) = try bits(of: tree, log: &log)
    var attributes = ImageAttributes(
      widthPx: width, heightPx: height, componentCount: components,
      bitsPerComponentInMemory: bits, bitsPerComponentSignificant: significant,
      pixelDataType: pixelDataType(tree.integer("ePixelType"), bits: bits, log: &log),
      sequenceCount: max(0, tree.integer("uiSequenceCount") ?? 0), channelCount: channelCount)
    setCompression(&attributes, tree, log: &log)
    setTiles(&attributes, tree)
    try setRowSize(&attributes, tree.integer("uiWidthBytes"), log: &log)
    return attributes
  }

  private static func size(
    _ name: String, of tree: MetadataValue, limit: Int
  ) throws(ND2Error) -> Int {
    let place = ND2Error.Location(chunk: ChunkName.attributes.first, path: name)
    guard let value = tree[name] else {
      throw ND2Error(.malformed, "the image attributes lack \(name)", at: place)
    }
    guard let number = value.int, number >= 1 else {
      throw ND2Error(
        .malformed, "\(name) of the image attributes is not a positive number", at: place)
    }
    guard number <= limit else {
      throw ND2Error(
        .limitExceeded, "\(name) of the image attributes is \(number), above the limit \(limit)",
        at: place)
    }
    return number
  }

  /// Bits in memory (8, 16, 32 or 64) and significant bits (1 to bits in memory).
  private static func bits(
    of tree: MetadataValue, log: inout DiagnosticLog
  ) throws(ND2Error) -> (inMemory: Int, significant: Int) {
    let chunk = ChunkName.attributes.first
    let stored = tree.integer("uiBpcInMemory")
    let significant = tree.integer("uiBpcSignificant")
    guard let claimed = stored.flatMap({ $0 > 0 ? $0 : nil }) ?? significant, claimed >= 1,
      claimed <= 64
    else {
      throw ND2Error(
        .malformed, "the image attributes name no usable number of bits per sample",
        at: .init(chunk: chunk, path: "uiBpcInMemory"))
    }
    let inMemory = claimed <= 8 ? 8 : claimed <= 16 ? 16 : claimed <= 32 ? 32 : 64
    if inMemory != stored {
      log.warning(
        "bits per sample rounded up to \(inMemory)", chunk: chunk, path: "uiBpcInMemory")
    }
    guard let significant, significant >= 1, significant <= inMemory else {
      return (inMemory, inMemory)
    }
    return (inMemory, significant)
  }

  /// The kind of number: what the file says, else float for 32 and 64 bits.
  static func pixelDataType(
    _ code: Int?, bits: Int, log: inout DiagnosticLog
  ) -> ImageAttributes.PixelDataType {
    let isWide = bits >= 32
    switch code {
    case 0 where bits <= 32: return .signed
    case 1 where bits <= 32: return .unsigned
    case 2 where isWide: return .float
    case nil: return isWide ? .float : .unsigned
    case .some(let code):
      log.warning(
        "pixel type \(code) of \(bits) bits is read as \(isWide ? "float" : "unsigned")",
        chunk: ChunkName.attributes.first, path: "ePixelType")
      return isWide ? .float : .unsigned
    }
  }

  private static func setCompression(
    _ attributes: inout ImageAttributes, _ tree: MetadataValue, log: inout DiagnosticLog
  ) {
    switch tree.integer("eCompression") {
    case 0: attributes.compressionType = .lossless
    case 1: attributes.compressionType = .lossy
    case 2, nil: return
    case .some(let code):
      log.warning(
        "unknown compression \(code); frames are taken for uncompressed",
        chunk: ChunkName.attributes.first, path: "eCompression")
      return
    }
    attributes.compressionLevel = tree.number("dCompressionParam")
  }

  /// Tiles are named only where they are smaller than the image.
  private static func setTiles(_ attributes: inout ImageAttributes, _ tree: MetadataValue) {
    guard let width = tree.integer("uiTileWidth"), let height = tree.integer("uiTileHeight"),
      width > 0, height > 0, width != attributes.widthPx || height != attributes.heightPx
    else { return }
    attributes.tileWidthPx = width
    attributes.tileHeightPx = height
  }

  /// Takes the stored distance of rows when a row fits into it, and checks the frame's size.
  static func setRowSize(
    _ attributes: inout ImageAttributes, _ stored: Int?, log: inout DiagnosticLog
  ) throws(ND2Error) {
    attributes.widthBytes = stored
    let row = attributes.rowByteCount
    if let stored, stored != row {
      log.warning(
        "rows of \(stored) bytes are too short for the image; \(row) are assumed",
        chunk: ChunkName.attributes.first, path: "uiWidthBytes")
    }
    attributes.widthBytes = row
    guard let frame = Checked.product(row, attributes.heightPx), frame <= largestFrame else {
      throw ND2Error(
        .limitExceeded, "a frame of this size fits into no file",
        at: .init(chunk: ChunkName.attributes.first))
    }
  }
}
