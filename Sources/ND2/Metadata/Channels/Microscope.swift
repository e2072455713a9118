/// Objective and light path of a channel.
public struct Microscope: Sendable, Hashable, Codable {
  /// Magnification of the objective.
  public var objectiveMagnification: Double?
  /// Name of the objective.
  public var objectiveName: String?
  /// Numerical aperture of the objective.
  public var objectiveNumericalAperture: Double?
  /// Magnification of the zoom.
  public var zoomMagnification: Double?
  /// Refractive index of the medium in front of the objective.
  public var immersionRefractiveIndex: Double?
  /// Magnification of the projective lens.
  public var projectiveMagnification: Double?
  /// Diameter of the pinhole, µm.
  public var pinholeDiameterUm: Double?
  /// What the channel was taken with.
  public var modalityFlags: [Modality]
  /// What other parts of the file say of the objective, where the fields above are nil: old files
  /// name it in texts only.
  public var inferred: InferredObjective?

  /// An objective as other parts of a file name it.
  public struct InferredObjective: Sendable, Hashable, Codable {
    /// Magnification of the objective.
    public var magnification: Double?
    /// Name of the objective.
    public var name: String?
    /// Numerical aperture of the objective.
    public var numericalAperture: Double?
    /// Refractive index of the medium in front of the objective.
    public var refractiveIndex: Double?

    /// Whether nothing is known.
    public var isEmpty: Bool { self == InferredObjective() }

    /// Creates a description.
    public init(
      magnification: Double? = nil, name: String? = nil, numericalAperture: Double? = nil,
      refractiveIndex: Double? = nil
    ) {
      self.magnification = magnification
      self.name = name
      self.numericalAperture = numericalAperture
      self.refractiveIndex = refractiveIndex
    }
  }

  /// Creates a description.
  public init(
    objectiveMagnification: Double? = nil, objectiveName: String? = nil,
    objectiveNumericalAperture: Double? = nil, zoomMagnification: Double? = nil,
    immersionRefractiveIndex: Double? = nil, projectiveMagnification: Double? = nil,
    pinholeDiameterUm: Double? = nil, modalityFlags: [Modality] = []
  ) {
    self.objectiveMagnification = objectiveMagnification
    self.objectiveName = objectiveName
    self.objectiveNumericalAperture = objectiveNumericalAperture
    self.zoomMagnification = zoomMagnification
    self.immersionRefractiveIndex = immersionRefractiveIndex
    self.projectiveMagnification = projectiveMagnification
    self.pinholeDiameterUm = pinholeDiameterUm
    self.modalityFlags = modalityFlags
  }
}

/// Finds what files say of the objective outside the field meant for it (nd2-format §3.2.1).
enum ObjectiveText {
  /// The number before the first `x` that follows a digit, such as 60 in `Plan Apo λ 60x`.
  static func magnification(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    for (position, byte) in bytes.enumerated() where byte == UInt8(ascii: "x") {
      var start = position
      while start > 0, isNumberByte(bytes[start - 1]) { start -= 1 }
      // A full stop that ends a sentence is not part of the number.
      while start < position, bytes[start] == UInt8(ascii: ".") { start += 1 }
      guard start < position, bytes[position - 1] != UInt8(ascii: ".") else { continue }
      if let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value > 0 {
        return value
      }
    }
    return nil
  }

  /// The number behind `Numerical Aperture:` in a description, also written `.45`.
  static func numericalAperture(inDescription text: String) -> Double? {
    let bytes = Array(text.utf8)
    let label = Array("Numerical Aperture:".utf8)
    guard bytes.count > label.count else { return nil }
    for start in 0..<(bytes.count - label.count)
    where bytes[start] == label[0] && bytes[start...].starts(with: label) {
      let rest = bytes[(start + label.count)...].drop { $0 == 0x20 || $0 == 0x09 }
      let digits = rest.prefix { isNumberByte($0) || $0 == UInt8(ascii: ",") }
        .map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
      if let value = Double(String(decoding: digits, as: UTF8.self)), value > 0, value < 3 {
        return value
      }
    }
    return nil
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".")
  }
}
