package import ND2Format

/// Reads regions of interest from the tree of `CustomData|RoiMetadata_v1!` (nd2-format §3.9).
package enum ROIDecoder {
  /// All regions: those of all positions first, then those of each position.
  ///
  /// A region that is missing or has no description is left out with a diagnostic.
  package static func decode(
    _ root: MetadataValue, chunk: String = ChunkName.rois, log: inout DiagnosticLog
  ) -> ROICollection {
    let fields = StrippedFields(root[stripped: "RoiMetadata_v1"] ?? root)
    var regions: [ROI] = []
    for index in 0..<fields.listCount("Global") {
      if let region = region(fields["Global_\(index)"]) {
        regions.append(region)
      } else {
        log.warning("region of interest \(index) cannot be read", chunk: chunk)
      }
    }
    for position in 0..<fields.listCount("2PerMPoint") {
      let list = StrippedFields(fields["2PerMPoint_\(position)"])
      let count = max(0, min(list["Size"]?.int ?? list.count, list.count))
      for index in 0..<count {
        if var region = region(list["\(index)"] ?? list["2PerMPoint_\(index)"]) {
          region.positionIndex = position
          regions.append(region)
        } else if list["Size"] != nil {
          log.warning(
            "region of interest \(index) of position \(position) cannot be read", chunk: chunk)
        }
      }
    }
    return ROICollection(regions)
  }

  /// Whether there is any region, found without decoding all.
  static func hasRegions(_ root: MetadataValue) -> Bool {
    let fields = StrippedFields(root[stripped: "RoiMetadata_v1"] ?? root)
    for index in 0..<fields.listCount("Global") where isRegion(fields["Global_\(index)"]) {
      return true
    }
    for position in 0..<fields.listCount("2PerMPoint") {
      let list = StrippedFields(fields["2PerMPoint_\(position)"])
      for index in 0..<max(0, min(list["Size"]?.int ?? list.count, list.count))
      where isRegion(list["\(index)"] ?? list["2PerMPoint_\(index)"]) {
        return true
      }
    }
    return false
  }

  private static func isRegion(_ value: MetadataValue?) -> Bool {
    let fields = StrippedFields(value)
    guard fields["Id"]?.int != nil, case .level = fields["Info"] else { return false }
    return true
  }

  private static func region(_ value: MetadataValue?) -> ROI? {
    let fields = StrippedFields(value)
    guard let id = fields["Id"]?.int, case .level = fields["Info"] else { return nil }
    return ROI(
      id: id, info: info(fields["Info"]), guid: fields["GUID"]?.string ?? "",
      animationParameters: (0..<fields.listCount("AnimParams")).compactMap {
        fields["AnimParams_\($0)"].map(animation)
      })
  }

  private static func info(_ value: MetadataValue?) -> ROI.Info {
    let fields = StrippedFields(value)
    var info = ROI.Info()
    func take(_ name: String, _ target: inout Int) { if let v = fields[name]?.int { target = v } }
    func take(_ name: String, _ target: inout Bool) { if let v = fields[name]?.bool { target = v } }
    func take(_ name: String, _ target: inout Double) {
      if let v = fields[name]?.double { target = v }
    }
    take("ShapeType", &info.shape.rawValue)
    take("InterpType", &info.interpretation.rawValue)
    take("Cookie", &info.cookie)
    take("Color", &info.color)
    info.label = fields["Label"]?.string ?? ""
    take("StimulationGroup", &info.stimulationGroup)
    take("Scope", &info.scope.rawValue)
    take("AppData", &info.appData)
    take("MultiFrame", &info.isMultiFrame)
    take("Locked", &info.isLocked)
    take("CompCount", &info.componentCount)
    take("Bpc", &info.bitsPerComponent)
    take("Autodetected", &info.isAutodetected)
    take("GradientStimulation", &info.hasGradientStimulation)
    take("GradientStimulationBitDepth", &info.gradientStimulationBitDepth)
    take("GradientStimulationLo", &info.gradientStimulationLow)
    take("GradientStimulationHi", &info.gradientStimulationHigh)
    return info
  }

  private static func animation(_ value: MetadataValue) -> ROI.AnimationParameters {
    let fields = StrippedFields(value)
    var result = ROI.AnimationParameters()
    result.timeMs = fields["TimeMs"]?.double ?? 0
    result.isEnabled = fields["Enabled"]?.bool ?? true
    result.centerX = fields["CenterX"]?.double ?? 0
    result.centerY = fields["CenterY"]?.double ?? 0
    result.centerZ = fields["CenterZ"]?.double ?? 0
    result.rotationZ = fields["RotationZ"]?.double ?? 0
    let box = StrippedFields(fields["BoxShape"])
    result.boxShape = ROI.BoxShape(
      sizeX: box["SizeX"]?.double ?? 0, sizeY: box["SizeY"]?.double ?? 0,
      sizeZ: box["SizeZ"]?.double ?? 0)
    let extruded = StrippedFields(fields["ExtrudedShape"])
    result.extrudedShape = ROI.ExtrudedShape(
      sizeZ: extruded["SizeZ"]?.double ?? 0,
      basePoints: (0..<extruded.listCount("BasePoints")).compactMap {
        extruded["BasePoints_\($0)"].flatMap(point)
      })
    return result
  }

  /// A point by the names of its numbers, else by their order.
  private static func point(_ value: MetadataValue) -> ROI.Point? {
    let fields = StrippedFields(value)
    if let x = (fields["X"] ?? fields["x"])?.double, let y = (fields["Y"] ?? fields["y"])?.double {
      return ROI.Point(x: x, y: y)
    }
    let numbers = value.elements.compactMap(\.double)
    guard numbers.count >= 2 else { return nil }
    return ROI.Point(x: numbers[0], y: numbers[1])
  }
}
