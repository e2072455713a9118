import ND2
import ND2Codecs
import ND2Format

enum MaskTargets {
  static func runLength(_ bytes: [UInt8]) {
    decode(bytes)
    // The stream alone, which is then sound.
    guard let deflater = try? Deflater(level: 0), let stream = try? deflater.deflate(bytes) else {
      return
    }
    decode(Array(bytes.prefix(4)) + Array(repeating: 0, count: max(0, 4 - bytes.count)) + stream)
  }

  private static func decode(_ chunk: [UInt8]) {
    let result = try? RunLengthMaskDecoder.decode(
      chunk, imagePixelCount: 4096, limits: EncodingTargets.tight)
    guard let mask = result?.mask else { return }
    consume(mask.objects)
    if let pixels = Checked.product(mask.width, mask.height), pixels <= 1 << 18 {
      consume(try? mask.labelImage())
    }
  }

  static func raster(_ bytes: [UInt8]) {
    var parts = Parts(bytes)
    let geometry = BinaryLayer.RasterGeometry(
      width: parts.short() % 512, height: parts.short() % 512, tileWidth: parts.short() % 300,
      tileHeight: parts.short() % 300, bitDepth: [8, 16, 32, 7][Int(parts.byte()) % 4],
      compression: ["zlib", "none", "", "other"][Int(parts.byte()) % 4])
    let level = Int(parts.byte()) % 8
    var log = DiagnosticLog()
    guard
      let mask = try? RasterMask(
        layer: 1, geometry: geometry, frame: 0, level: level, imagePixelCount: 1 << 16,
        limits: EncodingTargets.tight), mask.tiles.count <= 1024
    else { return }
    let deflater = try? Deflater(level: 1)
    let image = mask.assemble(log: &log, limits: EncodingTargets.tight) { _ in
      let isPacked = parts.byte() & 1 == 0
      let tile = parts.chunk()
      return isPacked && !tile.isEmpty ? try? deflater?.deflate(tile) : tile
    }
    consume(image)
  }
}
