/// An optical filter in the light path of a channel (nd2-format §3.2.4).
public struct ChannelFilter: Sendable, Hashable, Codable {
  /// Where a filter sits.
  public enum Placement: String, Sendable, Hashable, Codable {
    /// Not said.
    case none
    /// Between light source and sample.
    case excitation
    /// Between sample and detector.
    case emission
    /// A cube in the turret, with excitation, mirror and emission.
    case turret
    /// At the lamp.
    case lamp
    /// On the camera's chip.
    case cameraChip
    /// Nowhere: a user described the light.
    case user
  }

  /// What a filter lets through.
  public enum Kind: Int, Sendable, Hashable, Codable {
    /// One band.
    case bandPass = 1
    /// One narrow band.
    case narrow
    /// Everything below an edge.
    case lowPass
    /// Everything above an edge.
    case highPass
    /// Everything but a band.
    case barrier
    /// Several bands.
    case multiple
    /// Everything.
    case full
    /// Nothing is in this place.
    case empty
  }

  /// The name; nil when there is none.
  public var name: String?
  /// Where the filter sits.
  public var placement: Placement
  /// What the filter lets through; nil when the file does not say.
  public var kind: Kind?
  /// Bands of the exciting light that pass, nm, where they are known by their edges.
  public var excitationBandsNm: [WavelengthBand]
  /// Bands of the recorded light that pass, nm, where they are known by their edges.
  public var emissionBandsNm: [WavelengthBand]

  /// Creates a filter.
  public init(
    name: String? = nil, placement: Placement = .none, kind: Kind? = nil,
    excitationBandsNm: [WavelengthBand] = [], emissionBandsNm: [WavelengthBand] = []
  ) {
    self.name = name
    self.placement = placement
    self.kind = kind
    self.excitationBandsNm = excitationBandsNm
    self.emissionBandsNm = emissionBandsNm
  }

  init(_ filter: OpticalFilter) {
    let placement: Placement =
      switch filter.placement {
      case .none: .none
      case .excitation: .excitation
      case .emission: .emission
      case .turret: .turret
      case .lamp: .lamp
      case .cameraChip: .cameraChip
      case .user: .user
      }
    self.init(
      name: filter.name, placement: placement, kind: filter.type.flatMap(Kind.init(rawValue:)),
      excitationBandsNm: filter.spectra.excitation.bands,
      emissionBandsNm: filter.spectra.emission.bands)
  }
}

extension Spectrum {
  /// The bands between a rising edge and the falling one behind it.
  var bands: [WavelengthBand] {
    zip(points, points.dropFirst()).compactMap { first, second in
      guard first.kind == .risingEdge, second.kind == .fallingEdge, first.wavelength > 0,
        second.wavelength > first.wavelength
      else { return nil }
      return WavelengthBand(low: first.wavelength, high: second.wavelength)
    }
  }
}
