import ND2

extension OMEBuilder {
  /// Most frames that are listed one by one.
  private static let mostListedFrames = 1000

  /// Which frames of an image are not stored; nil when all are.
  func missingFrames(_ image: Int, id: Int) -> OME.Annotation? {
    let missing = part.frames[image].filter { file.isMissing(frame: $0.frame) }
    guard !missing.isEmpty else { return nil }
    let listed = missing.prefix(Self.mostListedFrames)
    let text = listed.map { "T\($0.t) Z\($0.z)" }.joined(separator: ", ")
    return OME.Annotation(
      id: "Annotation:\(id)", namespace: "swift-nd2:missing-frames",
      description: "Frames that the ND2 file does not store; their pixels are zeros.",
      content: .map(
        OME.Map([
          .init("Count", String(missing.count)),
          .init("Frames", listed.count < missing.count ? text + ", …" : text),
        ])))
  }

  /// Everything that a file says: a JSON document for each chunk.
  static func annotation(of unstructured: JSONValue, id: Int) -> OME.Annotation {
    OME.Annotation(
      id: "Annotation:\(id)", namespace: "swift-nd2:unstructured-metadata",
      description:
        "All metadata of the ND2 file: by the name of each chunk what it holds, as JSON.",
      content: .map(
        OME.Map(unstructured.members.map { OME.Map.Entry($0.name, $0.value.text()) })))
  }
}

/// What surrounded the sample, as devices recorded it.
enum OMEEnvironment {
  /// Group number of what cameras record: their own temperature, not the sample's.
  private static let cameraGroup = 2

  /// The means of temperature, humidity and carbon dioxide; nil when nothing was recorded.
  static func of(_ columns: [RecordedColumn]) -> OME.ImagingEnvironment? {
    var environment = OME.ImagingEnvironment()
    for column in columns where column.group != cameraGroup {
      let name = "\(column.id) \(column.name)".lowercased()
      guard !name.contains("camera"), !name.contains("sensor"), !name.contains("detector"),
        let mean = mean(of: column)
      else { continue }
      if name.contains("temperature"), environment.temperatureC == nil {
        environment.temperatureC = celsius(mean, unit: column.unit)
      } else if name.contains("humidity"), environment.humidity == nil, column.unit == "%" {
        environment.humidity = mean / 100
      } else if name.contains("co2"), environment.co2Fraction == nil, column.unit == "%" {
        environment.co2Fraction = mean / 100
      }
    }
    return environment.isEmpty ? nil : environment
  }

  private static func mean(of column: RecordedColumn) -> Double? {
    guard case .doubles(let values) = column.values else { return nil }
    let known = values.filter(\.isFinite)
    guard !known.isEmpty else { return nil }
    return OMEFrameColumns.rounded(known.reduce(0, +) / Double(known.count))
  }

  private static func celsius(_ value: Double, unit: String) -> Double? {
    switch unit {
    case "°C", "C": value
    case "K": OMEFrameColumns.rounded(value - 273.15)
    case "°F", "F": OMEFrameColumns.rounded((value - 32) / 1.8)
    default: nil
    }
  }
}
