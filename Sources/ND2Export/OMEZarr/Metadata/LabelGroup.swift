import ND2

/// What the groups of label images say.
enum LabelGroup {
  /// A name of a group for a layer of masks, as the Python package nd2 makes them.
  static func name(_ number: Int, _ layer: String) -> String {
    let kept = layer.unicodeScalars.compactMap { scalar -> Character? in
      if scalar == "(" || scalar == ")" || scalar.value < 32 || scalar.value == 127 { return nil }
      return scalar == " " || scalar == "/" || scalar == "\\" ? "_" : Character(scalar)
    }
    return "label_\(number)_\(String(kept))"
  }

  /// `image-label`: the colours of labels, and which image they are of.
  static func attributes(
    _ version: OMEZarrOptions.Version, colors: [(label: UInt32, color: Color)]
  ) -> JSONValue.Member {
    var members: [JSONValue.Member] = []
    if version == .v0_4 { members.append(.init("version", .string(version.rawValue))) }
    if !colors.isEmpty {
      members.append(
        .init(
          "colors",
          .array(
            colors.map { label, color in
              [
                "label-value": .integer(Int64(label)),
                "rgba": [
                  .integer(Int64(color.r)), .integer(Int64(color.g)), .integer(Int64(color.b)),
                  255,
                ],
              ]
            })))
    }
    members.append(.init("source", ["image": "../../"]))
    return .init("image-label", .object(members))
  }

  /// The colours of the labels of a layer: that of the layer, or different ones for objects that the
  /// layer shows so.
  static func colors(
    of layer: BinaryLayer, _ labels: [UInt32]
  ) -> [(label: UInt32, color: Color)] {
    let own = layer.color.map { Color(abgr: UInt32(truncatingIfNeeded: $0)) }
    return labels.map { label in
      guard let own, layer.colorMode == nil || layer.colorMode == .base else {
        return (label, varied(label))
      }
      return (label, own)
    }
  }

  /// Colours that differ from label to label.
  private static func varied(_ label: UInt32) -> Color {
    var bits = label &* 0x9E37_79B1
    bits ^= bits >> 15
    func part(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: bits >> shift) / 2 + 100 }
    return Color(r: part(0), g: part(8), b: part(16))
  }
}
