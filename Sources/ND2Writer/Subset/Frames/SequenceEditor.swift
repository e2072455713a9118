import ND2
import ND2Format

/// Fits what is stored beside the frames, such as masks and reduced images, to a selection.
struct SequenceEditor {
  let file: ND2File
  let plan: SubsetPlan
  let isStrict: Bool
  private let runLength: [String: BinaryLayer]
  private let rasters: [(layer: BinaryLayer, raster: BinaryLayer.RasterGeometry)]
  private let cutter: MaskCutter

  init(file: ND2File, plan: SubsetPlan, isStrict: Bool) {
    self.file = file
    self.plan = plan
    self.isStrict = isStrict
    cutter = MaskCutter(columns: plan.columns, rows: plan.rows)
    var runLength: [String: BinaryLayer] = [:]
    var rasters: [(layer: BinaryLayer, raster: BinaryLayer.RasterGeometry)] = []
    for layer in (try? file.binaryLayers()) ?? [] {
      switch layer.storage {
      case .runLength: runLength[layer.fileTag] = layer
      case .raster(let raster): rasters.append((layer, raster))
      }
    }
    self.runLength = runLength
    self.rasters = rasters
  }

  /// What the chunk of a frame becomes: its new name and its new data, nil data for a copy.
  ///
  /// - Returns: nil when the chunk is left out.
  func edit(
    _ chunk: SequenceChunk, _ report: inout SubsetReport
  ) throws -> (name: String, bytes: [UInt8]?)? {
    guard let frame = plan.newNumbers[chunk.frame], let kind = chunk.kind else { return nil }
    let old = chunk.name(frame: chunk.frame)
    var new = chunk
    if kind.hasPrefix("DownsampledColorData_"), !plan.copiesFrames {
      report.note(.dropped, old, "reduced images are those of whole frames")
      return nil
    }
    if kind.hasPrefix("AUXIMAGE_") {
      if plan.isCropped {
        report.note(.dropped, old, "raw camera images are those of whole frames")
        return nil
      }
      if let components = plan.components, let mark = kind.lastIndex(of: "_"),
        let component = Int(kind[kind.index(after: mark)...])
      {
        guard let place = components.firstIndex(of: component) else { return nil }
        new.stem = "\(ChunkName.customSequencePrefix)\(kind[...mark])\(place)|"
      }
      return (new.name(frame: frame), nil)
    }
    guard plan.isCropped else { return (new.name(frame: frame), nil) }
    if kind.hasPrefix("DownsampledTiledRasterBinaryData_") {
      report.note(.dropped, old, "reduced masks are those of whole frames")
      return nil
    }
    if rasters.contains(where: { isCut($0.raster) && kind.hasPrefix("\($0.layer.fileTag)_") }) {
      // Written by tiles(_:).
      return nil
    }
    if let layer = runLength[String(kind)] {
      return try cutMask(layer, chunk.frame, &report).map { (new.name(frame: frame), $0) }
    }
    report.note(.kept, old, "data of unknown form beside the frames is not cropped")
    return (new.name(frame: frame), nil)
  }

  private func isCut(_ raster: BinaryLayer.RasterGeometry) -> Bool {
    raster.width == plan.width && raster.height == plan.height
  }

  private func cutMask(
    _ layer: BinaryLayer, _ frame: Int, _ report: inout SubsetReport
  ) throws -> [UInt8]? {
    let name = RunLengthMaskDecoder.chunkName(fileTag: layer.fileTag, frame: frame)
    do {
      guard let mask = try file.maskObjects(of: layer, frame: frame) else {
        return try file.chunk(name)
      }
      guard mask.width == plan.width, mask.height == plan.height else {
        report.note(.kept, name, "masks of another size than the frames are not cropped")
        return try file.chunk(name)
      }
      return try cutter.chunk(mask)
    } catch let error as ND2Error where error.code == .malformed && !isStrict {
      report.note(.dropped, name, "damaged masks are left out")
      return nil
    }
  }

  /// The tiles of the raster masks of a frame, when they are cut.
  func tiles(
    ofFrame frame: Int, _ report: inout SubsetReport
  ) throws -> [(name: String, bytes: [UInt8])] {
    guard plan.isCropped, let new = plan.newNumbers[frame] else { return [] }
    var chunks: [(name: String, bytes: [UInt8])] = []
    for (layer, raster) in rasters where isCut(raster) {
      do {
        guard let mask = try file.mask(of: layer, frame: frame) else { continue }
        chunks += try cutter.tiles(mask, layer: layer.id ?? 0, raster: raster, frame: new)
      } catch let error as ND2Error where error.code == .malformed && !isStrict {
        report.note(.dropped, ChunkName.rasterLayers, "damaged masks are left out")
      }
    }
    return chunks
  }
}
