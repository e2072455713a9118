import ND2
import ND2Codecs
import ND2Format

enum EncodingTargets {
  /// Limits that make a target meet them with small inputs.
  static let tight = ParsingLimits(
    depth: 12, itemCount: 2000, inflatedByteCount: 1 << 20, chunkByteCount: 1 << 20,
    frameCount: 5000, sideLength: 4096)

  static func liteVariant(_ bytes: [UInt8]) {
    if let decoded = try? MetadataDecoder.decode(bytes, limits: tight) { show(decoded.root) }
    if let decoded = try? LiteVariantDecoder.decode(bytes) { show(decoded.root) }
    consume(NestedVariant.decode(bytes, limits: tight))
    // The same bytes inside a compressed chunk, which random bytes rarely make up.
    guard let deflater = try? Deflater(level: 1), let stream = try? deflater.deflate(bytes) else {
      return
    }
    let mark: [UInt8] = [LiteVariantDecoder.compressedMark, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let nested = LiteVariantField.bytes(named: "Data", mark + stream)
    if let decoded = try? LiteVariantDecoder.decode(nested, limits: tight) { show(decoded.root) }
  }

  static func xmlVariant(_ bytes: [UInt8]) {
    for keepsAttributes in [false, true] {
      let decoded = try? XMLVariantDecoder.decode(
        bytes, keepsAttributes: keepsAttributes, limits: tight)
      guard let root = decoded?.root else { continue }
      consume(root.json(isXML: true).text())
    }
  }

  static func indexFilter(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let record = IndexRecord(path: text, failure: ND2Error(.io, text))
    consume(try? IndexFilter(text).matches(record))
    consume((try? FilePattern(text))?.matches(String(text.reversed())))
  }

  static func json(_ bytes: [UInt8]) {
    var log = DiagnosticLog()
    if let value = try? JSONParser.parse(bytes, limits: tight) {
      consume(value.text())
      consume(try? JSONParser.parse(Array(value.text().utf8)))
    }
    let document = BinaryLayerList.rasterDocument(bytes, limits: tight, log: &log)
    consume(BinaryLayerList.layers(runLength: nil, raster: document, log: &log))
    var parts = Parts(bytes)
    let description = parts.chunk()
    let frames = parts.remainder()
    for chunks in [
      WellPlateDecoder.Chunks(description: nil, descriptionJSON: bytes, frames: nil),
      WellPlateDecoder.Chunks(description: nil, descriptionJSON: nil, frames: bytes),
      WellPlateDecoder.Chunks(description: nil, descriptionJSON: description, frames: frames),
      WellPlateDecoder.Chunks(description: description, descriptionJSON: nil, frames: frames),
    ] {
      let plate = WellPlateDecoder.decode(chunks, limits: tight, log: &log)
      consume(plate?.frames.map(\.frameIndex))
    }
  }

  private static func show(_ root: MetadataValue) {
    var expansion = NestedExpansion(.all, limits: tight)
    let expanded = expansion.expand(root)
    consume(expanded.json())
    consume(expanded.json(strippingPrefixes: false).text())
  }
}

/// Items of the binary encoding, put together by hand.
enum LiteVariantField {
  /// An item of opaque bytes.
  static func bytes(named name: String, _ bytes: [UInt8]) -> [UInt8] {
    let units = Array(name.utf16) + [0]
    var item: [UInt8] = [9, UInt8(truncatingIfNeeded: units.count)]
    for unit in units { item += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    for shift in 0..<8 { item.append(UInt8(truncatingIfNeeded: bytes.count >> (8 * shift))) }
    return item + bytes
  }
}
