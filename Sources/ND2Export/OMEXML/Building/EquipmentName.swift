/// What the names of equipment tell.
enum EquipmentName {
  /// The words of a name, in small letters: runs of letters and digits.
  static func words(_ name: String) -> [String] {
    name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }

  /// The correction of an objective, such as that of `Plan Apo λ 60x Oil`.
  static func correction(_ name: String) -> OME.Objective.Correction? {
    let words = words(name)
    func has(_ beginning: String) -> Bool { words.contains { $0.hasPrefix(beginning) } }
    let isPlan = has("plan") || has("cfi plan")
    if has("neofluar") { return isPlan ? .planNeofluar : .neofluar }
    if has("fluotar") { return .fluotar }
    if has("fluar") { return .fluar }
    if has("planapo") || (isPlan && has("apo")) { return .planApo }
    if has("planfluor") || (isPlan && has("fluor")) { return .planFluor }
    if has("superfluor") || (words.contains("super") && has("fluor")) { return .superFluor }
    if words.contains("s"), has("fluor") { return .superFluor }
    if has("fluor") { return .fluor }
    if has("apo") { return .apo }
    return has("achro") ? .achromat : nil
  }

  /// The medium that an objective is made for.
  static func immersion(_ name: String) -> OME.Objective.Immersion? {
    let words = words(name)
    func has(_ known: String...) -> Bool { words.contains { known.contains($0) } }
    if has("oil") { return .oil }
    if has("dipping", "dip") { return .waterDipping }
    if has("water", "wi", "vc wi") { return .water }
    if has("glyc", "glycerol", "gly") { return .glycerol }
    if has("sil", "silicone", "silicon") { return .other }
    if has("mimm", "multi") { return .multi }
    return has("air", "dry") ? .air : nil
  }

  /// The medium that has a refractive index.
  static func medium(ofIndex index: Double) -> OME.ObjectiveSettings.Medium? {
    switch index {
    case 0.99..<1.01: .air
    case 1.32..<1.345: .water
    case 1.445..<1.48: .glycerol
    case 1.50..<1.53: .oil
    case 1.01...: .other
    default: nil
    }
  }
}
