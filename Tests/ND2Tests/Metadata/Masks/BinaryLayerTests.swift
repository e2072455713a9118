import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Layers of masks")
struct BinaryLayerTests {
  private let xml = """
    <BinaryMetadata_v1 runtype="CLxListVariant">
    <BinaryItem runtype="CLxListVariant"><uiBinLayerID runtype="lx_uint32" value="2"/>
    <uiState runtype="lx_uint32" value="524305"/><uiColor runtype="lx_uint32" value="65280"/>
    <uiCompOrder runtype="lx_uint32" value="1"/><strName runtype="CLxStringW" value="cells ž"/>
    <strFileTag runtype="CLxStringW" value="RleZipBinarySequence_1_v1"/>
    <strCompName runtype="CLxStringW" value="TD"/><strUuid runtype="CLxStringW" value=""/>
    <uiColorMode runtype="lx_uint32" value="8"/></BinaryItem>
    <BinaryItem runtype="CLxListVariant"><strName runtype="CLxStringW" value="bare"/>
    <strFileTag runtype="CLxStringW" value="Rle_2"/></BinaryItem>
    <BinaryItem runtype="CLxListVariant"><strName runtype="CLxStringW" value="x"/></BinaryItem>
    </BinaryMetadata_v1>
    """

  @Test("Layers are listed in stored order; those without file tag are reported")
  func list() throws {
    var log = DiagnosticLog()
    let layers = BinaryLayerList.layers(runLength: try xmlTree(xml), raster: nil, log: &log)
    #expect(layers.map(\.name) == ["cells ž", "bare"])
    let layer = layers[0]
    #expect(layer.id == 2 && layer.componentName == "TD" && layer.componentOrder == 1)
    #expect(layer.state == [.boundToComponent, .working, .tracked])
    #expect(layer.colorMode == .objects3D)
    #expect(layers[1].id == nil && layers[1].state == nil)
    #expect(log.entries.count == 1)
    #expect(
      RunLengthMaskDecoder.chunkName(fileTag: layer.fileTag, frame: 12)
        == "CustomDataSeq|RleZipBinarySequence_1_v1|12!")
  }

  @Test("JSON has the names that other readers use")
  func json() throws {
    var log = DiagnosticLog()
    let layers = BinaryLayerList.layers(runLength: try xmlTree(xml), raster: nil, log: &log)
    let json = try JSONValue(encoding: layers)
    #expect(
      json.elements[0].text() == """
        {"name":"cells ž","comp_name":"TD","comp_order":1,"color":65280,"color_mode":8,\
        "state":524305,"file_tag":"RleZipBinarySequence_1_v1","layer_id":2}
        """)
    #expect(json.elements[1]["comp_name"] == .null)
    #expect(try json.decode() == layers)
  }

  @Test("A layer that both lists describe is listed once")
  func bothLists() throws {
    var log = DiagnosticLog()
    let raster: JSONValue = [
      ["binLayerId": 2, "binName": "cells ž", "binUuid": "", "binWidth": 4, "binHeight": 3],
      ["binLayerId": 5, "binName": "other", "binUuid": "{5}", "binWidth": 4, "binHeight": 3],
      ["binLayerId": 6, "binName": "no size"],
    ]
    let layers = BinaryLayerList.layers(runLength: try xmlTree(xml), raster: raster, log: &log)
    #expect(layers.map(\.id) == [2, nil, 5])
    #expect(
      layers[2].storage
        == .raster(.init(width: 4, height: 3, tileWidth: 4, tileHeight: 3)))
    #expect(try JSONValue(encoding: layers).decode() == layers)
  }

  @Test("Layers of a file are read with their masks")
  func wholeFile() throws {
    let file = try #require(Gallery.all["masks"])
    let chunks = try ChunkBox(file)
    var log = DiagnosticLog()
    let layers = BinaryLayerList.layers(
      runLength: try chunks.tree(ChunkName.binaryLayers), raster: nil, log: &log)
    let layer = try #require(layers.first)
    let images = try (0..<3).map { frame -> LabelImage? in
      let name = RunLengthMaskDecoder.chunkName(fileTag: layer.fileTag, frame: frame)
      guard let bytes = chunks[name] else { return nil }
      return try RunLengthMaskDecoder.decode(bytes, imagePixelCount: 336)?.mask.labelImage()
    }
    #expect(images[0]?.labels == file.maskLayers[0].masks[0]?.objects)
    #expect(images[1] == nil)
    #expect(images[2]?.labels == [UInt32](repeating: 0, count: 336))
  }

  @Test("Regions of pixels have box, size, centre and first pixel")
  func regions() throws {
    let image = LabelImage(
      width: 4, height: 3,
      labels: [
        0, 2, 2, 0,
        0, 2, 0, 7,
        7, 0, 0, 7,
      ])
    let regions = image.regions
    #expect(regions.map(\.id) == [2, 7])
    #expect(regions.map(\.pixelCount) == [3, 3])
    #expect(regions[0].bounds == PixelBox(left: 1, top: 0, right: 3, bottom: 2))
    #expect(regions[1].bounds == PixelBox(left: 0, top: 1, right: 4, bottom: 3))
    #expect(regions.map(\.centerX) == [4.0 / 3, 2])
    #expect(regions.map(\.centerY) == [1.0 / 3, 5.0 / 3])
    #expect(regions.map(\.seedX) == [1, 3])
    #expect(regions.map(\.seedY) == [0, 1])
  }
}
