package import ND2Format

/// Reads the lists of mask layers: run-length layers from XML, rasters from JSON.
package enum BinaryLayerList {
  /// The layers that either list describes, run-length layers first.
  ///
  /// - Parameters:
  ///   - runLength: the tree of `CustomDataVar|BinaryMetadata_v1!`, if the file has it.
  ///   - raster: the document of `CustomData|BinaryMetadata_v2!`, if the file has it.
  package static func layers(
    runLength: MetadataValue?, raster: JSONValue?, log: inout DiagnosticLog
  ) -> [BinaryLayer] {
    var layers = runLength.map { runLengthLayers($0, log: &log) } ?? []
    for layer in raster.map({ rasterLayers($0, log: &log) }) ?? [] {
      // A file may describe the same layer in both forms.
      let isKnown = layers.contains {
        layer.uuid.isEmpty ? $0.id == layer.id && $0.name == layer.name : $0.uuid == layer.uuid
      }
      if !isKnown { layers.append(layer) }
    }
    return layers
  }

  /// The document of `CustomData|BinaryMetadata_v2!`, which some writers compress.
  package static func rasterDocument(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) -> JSONValue? {
    let document = MetadataDump.document(bytes, limits: limits)
    if document == nil {
      log.damage("the list of masks is not a JSON document", chunk: ChunkName.rasterLayers)
    }
    return document
  }

  private static func runLengthLayers(
    _ root: MetadataValue, log: inout DiagnosticLog
  ) -> [BinaryLayer] {
    let list = root[stripped: "BinaryMetadata_v1"] ?? root
    var layers: [BinaryLayer] = []
    for item in list.fields {
      guard case .level = item.value else { continue }
      let fields = StrippedFields(item.value)
      guard let tag = fields["FileTag"]?.nonEmptyString else {
        log.warning("a layer of masks without file tag", chunk: ChunkName.binaryLayers)
        continue
      }
      layers.append(
        BinaryLayer(
          name: fields["Name"]?.string ?? "", componentName: fields["CompName"]?.string,
          componentOrder: fields["CompOrder"]?.int, color: fields["Color"]?.int,
          colorMode: fields["ColorMode"]?.int.map(BinaryLayer.ColorMode.init(rawValue:)),
          state: fields["State"]?.int.map(BinaryLayer.State.init(rawValue:)), fileTag: tag,
          id: fields["BinLayerID"]?.int, uuid: fields["Uuid"]?.string ?? ""))
    }
    return layers
  }

  private static func rasterLayers(
    _ document: JSONValue, log: inout DiagnosticLog
  ) -> [BinaryLayer] {
    // One object in place of a list of one does no harm.
    let items = document.members.isEmpty ? document.elements : [document]
    var layers: [BinaryLayer] = []
    for item in items {
      guard let id = item["binLayerId"]?.int, let geometry = geometry(item) else {
        log.warning("a raster layer without id or size", chunk: ChunkName.rasterLayers)
        continue
      }
      layers.append(
        BinaryLayer(
          name: item["binName"]?.string ?? "", componentName: item["binComp"]?.string,
          componentOrder: item["binCompOrder"]?.int, color: item["binColor"]?.int,
          colorMode: item["binColorMode"]?.int.map(BinaryLayer.ColorMode.init(rawValue:)),
          state: item["binState"]?.int.map(BinaryLayer.State.init(rawValue:)),
          fileTag: "TiledRasterBinaryData_\(id)", id: id, uuid: item["binUuid"]?.string ?? "",
          storage: .raster(geometry)))
    }
    return layers
  }

  private static func geometry(_ item: JSONValue) -> BinaryLayer.RasterGeometry? {
    guard let width = item["binWidth"]?.int, let height = item["binHeight"]?.int, width > 0,
      height > 0
    else { return nil }
    let tileWidth = item["binTileWidth"]?.int ?? width
    let tileHeight = item["binTileHeight"]?.int ?? height
    guard tileWidth > 0, tileHeight > 0 else { return nil }
    return BinaryLayer.RasterGeometry(
      width: width, height: height, tileWidth: tileWidth, tileHeight: tileHeight,
      bitDepth: item["binBitdepth"]?.int ?? 32,
      compression: item["binCompressionId"]?.string ?? "zlib")
  }
}
