package import ND2Format

/// Reads the form of `CustomData|CustomDescriptionV1_0!` (nd2-format §3.12).
package enum CustomDescriptionDecoder {
  /// The form; nil when the tree is not one.
  package static func decode(
    _ root: MetadataValue, log: inout DiagnosticLog
  ) -> CustomDescription? {
    guard let form = root["CLxCustomDescription"] else {
      log.warning("the custom description has an unknown form", chunk: ChunkName.customDescription)
      return nil
    }
    let items = form["vData"]?.fields.compactMap { item(unwrapped($0)) } ?? []
    return CustomDescription(name: form["sName"]?.string ?? "", items: items)
  }

  /// The level that holds `CLxItem`: the list member, or the one level within it or of its name.
  private static func unwrapped(_ field: MetadataField) -> MetadataValue {
    let value = field.value
    if value["CLxItem"] != nil { return value }
    for child in value.elements where child["CLxItem"] != nil { return child }
    return value
  }

  private static func item(_ value: MetadataValue) -> CustomDescription.Item? {
    guard let common = value["CLxItem"] else { return nil }
    let type = common["eType"]?.int ?? 0
    return CustomDescription.Item(
      id: common["iID"]?.int ?? 0, name: common["sName"]?.string ?? "",
      description: common["sDescription"]?.string ?? "",
      isEmpty: common["bEmpty"]?.bool ?? false,
      isMandatory: common["bMandatory"]?.bool ?? false,
      isEnabled: common["bEnabled"]?.bool ?? false, value: content(value, type: type))
  }

  private static func content(_ value: MetadataValue, type: Int) -> CustomDescription.Value {
    switch type {
    case 1:
      return .check((value[anyOf: "iCheck", "iDefault"]?.int ?? 0) != 0)
    case 2:
      return .number(
        value[anyOf: "dValue", "dDefault"]?.double ?? 0, unit: value["sUnit"]?.string ?? "",
        places: value["uiPlaces"]?.int ?? 3, isScientific: (value["eFormat"]?.int ?? 0) != 0)
    case 3:
      return .text(value[anyOf: "sText", "sDefault"]?.string ?? "")
    case 4:
      return .selection(
        value[anyOf: "iSelection", "iDefault"]?.int ?? 0,
        labels: value["vLabels"]?.elements.map { $0.string ?? "" } ?? [])
    case 5:
      return .longText(value[anyOf: "sText", "sDefault"]?.string ?? "")
    case 6:
      let date = value[anyOf: "aDate", "aDefault"]
      let milliseconds = date?.int.flatMap { Int64(exactly: $0) } ?? 0
      let precision = CustomDescription.DatePrecision(rawValue: value["eDateFormat"]?.int ?? 0)
      return .date(milliseconds: milliseconds, precision: precision ?? .seconds)
    default:
      return .unknown(type: type)
    }
  }
}
