import ND2Format

/// The tree of the regions of interest (nd2-format §3.9).
struct RegionTree {
  let regions: [ND2FileDescription.Region]

  var content: MetadataValue {
    let global = regions.filter { $0.position == nil }
    var fields = [MetadataField("m_vectGlobal_Size", .int32(Int32(global.count)))]
    fields += MetadataValue.numberedFields("m_vectGlobal_", global.map(region))
    guard let last = regions.compactMap(\.position).max() else { return .level(fields) }
    fields.append(MetadataField("m_vect2PerMPoint_Size", .int32(Int32(last + 1))))
    for position in 0...last {
      let local = regions.filter { $0.position == position }
      fields.append(
        MetadataField(
          "m_vect2PerMPoint_\(position)",
          .level(
            [MetadataField("Size", .int32(Int32(local.count)))]
              + MetadataValue.numberedFields("", local.map(region)))))
    }
    return .level(fields)
  }

  private func region(_ region: ND2FileDescription.Region) -> MetadataValue {
    var fields = MetadataValue.object([
      "m_uiId": .uint32(region.id),
      "m_sInfo": info(region),
    ]).fields
    if let guid = region.guid { fields.append(MetadataField("m_sGUID", .string(guid))) }
    fields.append(
      MetadataField("m_vectAnimParams_Size", .int32(Int32(region.keyFrames.count))))
    fields += MetadataValue.numberedFields("m_vectAnimParams_", region.keyFrames.map(keyFrame))
    return .level(fields)
  }

  private func info(_ region: ND2FileDescription.Region) -> MetadataValue {
    .object([
      "m_uiShapeType": .uint32(region.shape),
      "m_uiInterpType": .uint32(region.interpretation),
      "m_uiCookie": .uint32(0),
      "m_uiColor": .uint32(region.color.stored),
      "m_sLabel": .string(region.label),
      "m_uiStimulationGroup": .uint32(region.stimulationGroup),
      "m_uiScope": .uint32(region.position == nil ? 1 : 2),
      "m_uiAppData": .uint32(0),
      "m_bMultiFrame": .bool(region.keyFrames.count > 1),
      "m_bLocked": .bool(region.isLocked),
      "m_uiCompCount": .uint32(2),
      "m_uiBpc": .uint32(16),
      "m_bAutodetected": .bool(region.isAutodetected),
      "m_bGradientStimulation": .bool(false),
      "m_uiGradientStimulationBitDepth": .uint32(0),
      "m_dGradientStimulationLo": .double(0),
      "m_dGradientStimulationHi": .double(0),
    ])
  }

  private func keyFrame(_ frame: ND2FileDescription.Region.KeyFrame) -> MetadataValue {
    let points = frame.points.map { point in
      MetadataValue.object(["m_dX": .double(point.x), "m_dY": .double(point.y)])
    }
    return .object([
      "m_dTimeMs": .double(frame.timeMs),
      "m_bEnabled": .bool(frame.isEnabled),
      "m_dCenterX": .double(frame.centerX),
      "m_dCenterY": .double(frame.centerY),
      "m_dCenterZ": .double(frame.centerZ),
      "m_dRotationZ": .double(frame.rotation),
      "m_sBoxShape": .object([
        "m_dSizeX": .double(frame.sizeX), "m_dSizeY": .double(frame.sizeY),
        "m_dSizeZ": .double(frame.sizeZ),
      ]),
      "m_sExtrudedShape": .level(
        [
          MetadataField("m_dSizeZ", .double(frame.sizeZ)),
          MetadataField("m_vectBasePoints_Size", .int32(Int32(points.count))),
        ] + MetadataValue.numberedFields("m_vectBasePoints_", points)),
    ])
  }
}
