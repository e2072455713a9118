/// The XML documents of version 1.0 (nd2-format §5.3).
///
/// They are those of version 2 with a root of their own around them, and some keep their values in
/// attributes of any name.
package enum LegacyDocument {
  /// Decodes the data of an XML box; attributes other than type and value are children.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, at offset: UInt64 = 0
  ) throws(Malformed) -> DecodedMetadata {
    try XMLVariantDecoder.decode(bytes, keepsAttributes: true, limits: limits, at: offset)
  }

  /// The fields that a document is about, without its root and what is wrapped around them, and with
  /// names as in version 2.
  package static func content(of root: MetadataValue) -> MetadataValue {
    var value = root
    for depth in 0..<6 {
      let children = value.fields.filter { !isRemark($0.name) }
      guard children.count == 1, let child = children.first, case .level = child.value,
        depth == 0 || child.name.isEmpty || child.name == "variant"
      else { break }
      value = child.value
    }
    return LegacySpelling.restored(value)
  }

  /// Whether a field says something of the document, not of the image: `_VERSION`, …
  static func isRemark(_ name: String) -> Bool {
    name == "_VERSION" || name == "_SEQUENCE_INDEX"
  }
}

/// Names that some writers of version 1.0 leave without their type prefix.
enum LegacySpelling {
  /// A name without its prefix, and with it.
  private static let known: [String: String] = {
    var table: [String: String] = [:]
    for name in names {
      let stripped = name.drop { $0.isLowercase || $0 == "_" }
      table[String(stripped)] = name
    }
    return table
  }()

  private static let names = [
    "dTimeMSec", "dTimeAbsolute", "dXPos", "dYPos", "dZPos", "sPicturePlanes", "sPlane", "uiCount",
    "uiCompCount", "sOpticalConfigName", "eModality", "pFluorescentProbe", "pFilterPath",
    "m_pFilter", "sCameraSetting", "sCameraName", "dExposure", "dGain", "dCamBinningX",
    "dCamBinningY", "uiColor", "sDescription", "dCalibration", "bCalibrated", "wsObjectiveName",
    "dObjectiveMag", "dObjectiveNA", "dRefractIndex1", "dRefractIndex2", "dPinholeRadius", "dZoom",
    "dProjectiveMag", "sObjective", "bValid", "eType", "uLoopPars", "ppNextLevelEx", "pItemValid",
    "pPeriodValid", "pSubLoops", "dStart", "dDuration", "dAvgPeriodDiff", "dMaxPeriodDiff",
    "dMinPeriodDiff", "dPosX", "dPosY", "dPosZ", "dPFSOffset", "pPosName", "bUseZ", "bRelativeXY",
    "dReferenceX", "dReferenceY", "dZLow", "dZHigh", "dZHome", "dZStep", "iType", "bZInverted",
    "sZDevice", "pPlaneDesc", "wsApplicationDesc", "wsUserDesc", "pFirstEvent", "pPeriod",
  ]

  /// The tree with the prefixes that its names lack.
  static func restored(_ value: MetadataValue) -> MetadataValue {
    guard case .level(let fields) = value else { return value }
    return .level(
      fields.map { field in
        MetadataField(name(field), restored(field.value))
      })
  }

  private static func name(_ field: MetadataField) -> String {
    guard let first = field.name.utf8.first, (0x41...0x5A).contains(first) else {
      return field.name
    }
    // The list of phases and the interval of one differ in nothing but their prefix.
    if field.name == "Period", case .level = field.value { return "pPeriod" }
    if field.name == "Period" { return "dPeriod" }
    return known[field.name] ?? field.name
  }
}
