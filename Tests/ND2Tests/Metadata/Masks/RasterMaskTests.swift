import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Raster masks")
struct RasterMaskTests {
  private let source = SampleFile.Mask(width: 33, height: 22) { x, y in
    x > 20 ? 0 : UInt32((x / 4 + y) % 5) * 20_000
  }

  private func chunks(omittingEmptyTiles: Bool) throws -> ChunkBox {
    var file = SampleFile(width: 33, height: 22, loops: [.time(count: 2)])
    var layer = SampleFile.RasterLayer(
      id: 3, name: "raster", tileWidth: 16, tileHeight: 16, masks: [1: source])
    layer.omitsEmptyTiles = omittingEmptyTiles
    file.rasterLayers = [layer]
    return try ChunkBox(file)
  }

  private func layer(_ chunks: ChunkBox) throws -> (BinaryLayer, BinaryLayer.RasterGeometry) {
    var log = DiagnosticLog()
    let bytes = try #require(chunks[ChunkName.rasterLayers])
    let layers = BinaryLayerList.layers(
      runLength: nil, raster: BinaryLayerList.rasterDocument(bytes, log: &log), log: &log)
    let layer = try #require(layers.first)
    guard case .raster(let geometry) = layer.storage else {
      throw ND2Error(.malformed, "not a raster")
    }
    return (layer, geometry)
  }

  private func mask(
    _ geometry: BinaryLayer.RasterGeometry, frame: Int = 0, level: Int = 0
  ) throws -> RasterMask {
    try RasterMask(layer: 3, geometry: geometry, frame: frame, level: level, imagePixelCount: 726)
  }

  @Test("Tiles are put together; those that are absent are background", arguments: [false, true])
  func assembly(omittingEmptyTiles: Bool) throws {
    let chunks = try chunks(omittingEmptyTiles: omittingEmptyTiles)
    let (layer, geometry) = try layer(chunks)
    #expect(layer.id == 3 && layer.name == "raster")
    var log = DiagnosticLog()
    let mask = try mask(geometry, frame: 1)
    #expect(mask.tiles.count == 6)
    #expect(mask.tiles[4].chunkName == "CustomDataSeq|TiledRasterBinaryData_3_1_1|1!")
    let image = mask.assemble(log: &log) { chunks[$0.chunkName] }
    #expect(image?.labels == source.objects)
    #expect(image?.width == 33 && image?.height == 22)
    #expect(log.entries.isEmpty)
  }

  @Test("A frame without any tile has no mask")
  func noMask() throws {
    let chunks = try chunks(omittingEmptyTiles: false)
    let (_, geometry) = try layer(chunks)
    var log = DiagnosticLog()
    #expect(try mask(geometry).assemble(log: &log) { chunks[$0.chunkName] } == nil)
  }

  @Test("Reduced levels have half the size and names with their power of two")
  func levels() throws {
    let geometry = BinaryLayer.RasterGeometry(
      width: 3000, height: 2000, tileWidth: 512, tileHeight: 512)
    let reduced = try RasterMask(
      layer: 1, geometry: geometry, frame: 7, level: 2, imagePixelCount: 6_000_000)
    #expect(reduced.geometry.width == 750 && reduced.geometry.height == 500)
    #expect(
      reduced.tiles.map(\.chunkName) == [
        "CustomDataSeq|DownsampledTiledRasterBinaryData_1_1024_0_0|7!",
        "CustomDataSeq|DownsampledTiledRasterBinaryData_1_1024_0_1|7!",
      ])
    #expect(PyramidLevel.powerOfTwo(holding: 1500) == 2048)
    #expect(PyramidLevel.powerOfTwo(holding: 1) == 2)
  }

  @Test("Pixels of 8 and 16 bits are read, and tiles that are not padded", arguments: [8, 16])
  func bitDepths(bits: Int) throws {
    var geometry = BinaryLayer.RasterGeometry(width: 3, height: 1, tileWidth: 2, tileHeight: 2)
    geometry.bitDepth = bits
    var log = DiagnosticLog()
    let image = try mask(geometry).assemble(log: &log) { tile in
      let labels: [UInt16] = tile.column == 0 ? [1, 2, 0, 0] : [3]
      return try zlib(
        bits == 8 ? labels.map { UInt8($0) } : [UInt8](littleEndian: labels))
    }
    #expect(image?.labels == [1, 2, 3])
    #expect(log.entries.isEmpty)
  }

  @Test("A damaged tile is background, and reported")
  func damagedTile() throws {
    let geometry = BinaryLayer.RasterGeometry(width: 4, height: 1, tileWidth: 2, tileHeight: 1)
    var log = DiagnosticLog()
    let good = try zlib([UInt8](littleEndian: [5, 6] as [UInt32]))
    let image = try mask(geometry).assemble(log: &log) { tile in
      tile.column == 0 ? Array(good.dropLast(3)) : good
    }
    #expect(image?.labels == [0, 0, 5, 6])
    #expect(log.entries.map(\.severity) == [.damage])
  }

  @Test("Sizes that only damaged files have are refused")
  func refusals() {
    var geometries = [
      BinaryLayer.RasterGeometry(width: .max, height: 1, tileWidth: 1, tileHeight: 1),
      BinaryLayer.RasterGeometry(width: 4000, height: 4000, tileWidth: 1, tileHeight: 1),
      BinaryLayer.RasterGeometry(width: 10, height: 10, tileWidth: .max, tileHeight: 2),
      BinaryLayer.RasterGeometry(width: 10, height: 10, tileWidth: 0, tileHeight: 2),
      BinaryLayer.RasterGeometry(width: -1, height: 10, tileWidth: 1, tileHeight: 2),
    ]
    geometries.append(.init(width: 4, height: 4, tileWidth: 4, tileHeight: 4, bitDepth: 7))
    for geometry in geometries {
      #expect(throws: Malformed.self) { try mask(geometry) }
      #expect(throws: Malformed.self) { try mask(geometry, level: 1) }
    }
    let small = BinaryLayer.RasterGeometry(width: 4, height: 4, tileWidth: 4, tileHeight: 4)
    #expect(throws: Malformed.self) { try mask(small, level: 9) }
  }

  @Test("Hostile lists and tiles never trap")
  func hostile() throws {
    let text = """
      [{"binWidth":9,"binHeight":5,"binTileWidth":4,"binTileHeight":4,"binCompressionId":"zlib",\
      "binBitdepth":32,"binLayerId":1,"binName":"x","binUuid":"{x}","binComp":"","binState":0}]
      """
    func check(_ bytes: [UInt8]) {
      var log = DiagnosticLog()
      let document = BinaryLayerList.rasterDocument(bytes, log: &log)
      for layer in BinaryLayerList.layers(runLength: nil, raster: document, log: &log) {
        guard case .raster(let geometry) = layer.storage, let mask = try? mask(geometry) else {
          continue
        }
        _ = mask.assemble(log: &log) { _ in bytes }
      }
    }
    let bytes = Array(text.utf8)
    for damaged in HostileBytes.prefixes(of: bytes) { check(damaged) }
    for damaged in HostileBytes.flips(of: bytes) { check(damaged) }
    for digits in ["0", "-1", "99999999999", "9223372036854775807", "1e300", "null", "\"x\""] {
      for value in [":9,", ":5,", ":4,", ":32,", ":1,"] {
        check(Array(text.replacing(value, with: ":\(digits),").utf8))
      }
    }
  }
}
