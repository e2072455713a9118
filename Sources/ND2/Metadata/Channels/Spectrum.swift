import ND2Format

/// A spectrum of a dye or of an optical filter (nd2-format §3.2.4).
struct Spectrum: Sendable, Hashable {
  /// What a point marks.
  enum Kind: Int, Sendable, Hashable {
    case invalid, point, risingEdge, fallingEdge, peak, range

    /// Unknown codes mark nothing.
    init(code: Int?) { self = code.flatMap(Kind.init(rawValue:)) ?? .invalid }
  }

  /// A point of a spectrum.
  struct Point: Sendable, Hashable {
    var kind: Kind
    /// Wavelength, nm; 0 when it is unknown.
    var wavelength: Double
    /// Transmission or intensity.
    var transmission: Double
  }

  /// The points in order.
  var points: [Point] = []
  /// Whether the points sample a curve, whose peak is looked for.
  var isCurve = false

  init() {}

  init(_ tree: MetadataValue) {
    isCurve = tree.flag("bPoints") ?? false
    points = IndexedChildren.sortedValues(tree["pPoint"]).map { point in
      Point(
        kind: Kind(code: point.integer("eType")),
        wavelength: point.positive("dWavelength") ?? point.positive("uiWavelength") ?? 0,
        transmission: point.number("dTValue") ?? 0)
    }
  }

  /// The wavelength of the first point of largest transmission, 0 when it is unknown.
  var strongestWavelength: Double? {
    var strongest: Point?
    for point in points where strongest.map({ point.transmission > $0.transmission }) ?? true {
      strongest = point
    }
    return strongest?.wavelength
  }
}

/// Excitation and emission spectrum of a dye or of a filter.
struct FilterSpectra: Sendable, Hashable {
  var excitation = Spectrum()
  var emission = Spectrum()

  init() {}

  init(_ tree: MetadataValue) {
    excitation = tree["m_ExcitationSpectrum"].map(Spectrum.init) ?? Spectrum()
    emission = tree["m_EmissionSpectrum"].map(Spectrum.init) ?? Spectrum()
  }
}

/// An optical filter of a channel's light path.
struct OpticalFilter: Sendable, Hashable {
  /// Where a filter sits.
  enum Placement: Int, Sendable, Hashable {
    case none, excitation, emission, turret, lamp, cameraChip, user
  }

  var placement: Placement
  /// Name for people, else the product's.
  var name: String?
  /// What the filter lets through, by the file's number.
  var type: Int?
  var spectra: FilterSpectra

  init(_ tree: MetadataValue) {
    placement = tree.integer("m_ePlacement").flatMap(Placement.init(rawValue:)) ?? .none
    name = tree.text("m_sUserName") ?? tree.text("m_sName")
    type = tree.integer("m_eSpctType")
    spectra = FilterSpectra(tree)
  }
}
