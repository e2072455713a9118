import ND2Format

/// An object of metadata with its children in order.
func object(_ fields: KeyValuePairs<String, MetadataValue>) -> MetadataValue {
  .level(fields.map { MetadataField($0.key, $0.value) })
}

/// A list of metadata.
func list(_ values: [MetadataValue]) -> MetadataValue {
  .level(values.map { MetadataField("", $0) })
}

/// A chunk as the binary encoding gives it: one named level.
func chunk(_ name: String, _ content: MetadataValue) -> MetadataValue {
  .level([MetadataField(name, content)])
}

extension MetadataValue: ExpressibleByIntegerLiteral {
  init(integerLiteral value: Int64) {
    self = UInt32(exactly: value).map { .uint32($0) } ?? .int64(value)
  }
}

extension MetadataValue: ExpressibleByFloatLiteral {
  init(floatLiteral value: Double) { self = .double(value) }
}

extension MetadataValue: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self = .string(value) }
}

extension MetadataValue: ExpressibleByBooleanLiteral {
  init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension MetadataValue {
  /// The same level with a child added or replaced.
  func with(_ name: String, _ value: MetadataValue?) -> MetadataValue {
    var fields = fields.filter { $0.name != name }
    if let value { fields.append(MetadataField(name, value)) }
    return .level(fields)
  }
}

/// Attributes of a small 16-bit image.
let smallAttributes = object([
  "uiWidth": 38, "uiWidthBytes": 152, "uiHeight": 31, "uiComp": 2, "uiBpcInMemory": 16,
  "uiBpcSignificant": 12, "uiSequenceCount": 30, "uiTileWidth": 38, "uiTileHeight": 31,
  "eCompression": 2, "dCompressionParam": 0.0, "ePixelType": 1,
])

/// A spectrum of points, each a kind, a wavelength and a transmission.
func spectrum(_ points: [(Int, Double, Double)], isCurve: Bool = false) -> MetadataValue {
  object([
    "uiCount": .uint32(UInt32(points.count)),
    "pPoint": .level(
      points.enumerated().map { index, point in
        MetadataField(
          "Point\(index)",
          object([
            "eType": .uint32(UInt32(point.0)), "dWavelength": .double(point.1),
            "dTValue": .double(point.2),
          ]))
      }),
    "bPoints": .bool(isCurve),
  ])
}

/// Peaks at wavelengths.
func peaks(_ wavelengths: Double...) -> MetadataValue {
  spectrum(wavelengths.map { (4, $0, 0) })
}

/// Pass bands by their edges.
func bands(_ edges: (Double, Double)...) -> MetadataValue {
  spectrum(edges.flatMap { [(2, $0.0, 0), (3, $0.1, 0)] })
}

/// A filter at a place.
func filter(
  _ placement: Int, excitation: MetadataValue = spectrum([]),
  emission: MetadataValue = spectrum([])
) -> MetadataValue {
  object([
    "m_ePlacement": .uint32(UInt32(placement)), "m_ExcitationSpectrum": excitation,
    "m_EmissionSpectrum": emission,
  ])
}

/// A channel.
func plane(
  _ name: String, components: Int = 1, probe: MetadataValue? = nil, filters: [MetadataValue] = [],
  sample: Int = 0
) -> MetadataValue {
  object([
    "uiCompCount": .uint32(UInt32(components)), "uiSampleIndex": .uint32(UInt32(sample)),
    "uiModalityMask": .uint64(0x101), "pFluorescentProbe": probe ?? object([:]),
    "pFilterPath": object(["m_pFilter": list(filters)]), "uiColor": 0xFF00,
    "sDescription": .string(name),
  ])
}

/// Picture metadata of channels.
func picture(
  _ planes: [MetadataValue], count: Int? = nil, settings: [MetadataValue] = []
) -> MetadataValue {
  func numbered(_ values: [MetadataValue]) -> MetadataValue {
    .level(values.enumerated().map { MetadataField("a\($0)", $1) })
  }
  return object([
    "dTimeAbsolute": 2_456_827.080131852, "dTimeMSec": 445.5, "dXPos": 10.0, "dYPos": 20.0,
    "dZPos": 100.0, "dCalibration": 0.5, "bCalibrated": true,
    "sPicturePlanes": object([
      "uiCount": .uint32(UInt32(count ?? planes.count)), "sPlaneNew": numbered(planes),
      "sSampleSetting": numbered(settings),
    ]),
  ])
}

/// A loop of an experiment with the loops in it.
func loop(
  _ type: Int, _ parameters: MetadataValue, flags: MetadataValue? = nil,
  _ children: [MetadataValue] = []
) -> MetadataValue {
  var node = object(["eType": .uint32(UInt32(type)), "uLoopPars": parameters])
  if let flags { node = node.with("pItemValid", flags) }
  return children.isEmpty ? node : node.with("ppNextLevelEx", list(children))
}

/// Parameters of time points.
func timing(
  _ count: Int, period: Double = 1000, average: Double = 0, start: Double = 0
) -> MetadataValue {
  object([
    "uiCount": .uint32(UInt32(count)), "dStart": .double(start), "dPeriod": .double(period),
    "dDuration": 0.0, "dAvgPeriodDiff": .double(average),
  ])
}

/// A loop over time points.
func timeLoop(
  _ count: Int, period: Double = 1000, average: Double = 0, _ children: [MetadataValue] = []
) -> MetadataValue {
  loop(1, timing(count, period: period, average: average), children)
}

/// A loop over focus planes.
func zLoop(
  _ count: Int, step: Double = 1, type: Int = 2, home: Double = 0, low: Double = -1,
  high: Double = 1, _ children: [MetadataValue] = []
) -> MetadataValue {
  let parameters = object([
    "uiCount": .uint32(UInt32(count)), "dZLow": .double(low), "dZHigh": .double(high),
    "dZHome": .double(home), "dZStep": .double(step), "iType": .int32(Int32(type)),
    "bZInverted": false, "wsZDevice": "Piezo",
  ])
  return loop(4, parameters, children)
}

/// A stage position at (n, −n, 499 + n), named by its index.
func point(_ index: Int) -> MetadataValue {
  let place = Double(index + 1)
  return object([
    "dPosX": .double(place), "dPosY": .double(-place), "dPosZ": .double(499 + place),
    "dPFSOffset": -1.0, "dPosName": .string("P\(index)"),
  ])
}

/// A loop over stage positions.
func positionLoop(
  _ count: Int, usesZ: Bool = false, flags: MetadataValue? = nil, _ children: [MetadataValue] = []
) -> MetadataValue {
  let parameters = object([
    "uiCount": .uint32(UInt32(count)), "bUseZ": .bool(usesZ),
    "Points": list((0..<count).map(point)),
  ])
  return loop(2, parameters, flags: flags, children)
}
