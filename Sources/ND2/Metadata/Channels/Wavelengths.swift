/// Excitation and emission of a channel.
struct Wavelengths: Sendable, Hashable {
  /// Wavelength of the exciting light, nm.
  var excitation: Double?
  /// Wavelength of the light that was recorded, nm.
  var emission: Double?
  /// Pass band of the exciting light, when it is known by its edges.
  var excitationBand: WavelengthBand?
  /// Pass band of the light that was recorded, when it is known by its edges.
  var emissionBand: WavelengthBand?

  /// Wavelengths that stand for the blue, the green and the red of coloured channels.
  static let ofColors = [420.0, 515.0, 590.0]

  /// The wavelength that stands for a coloured channel; nil beyond the third.
  static func ofColor(_ index: Int) -> Double? {
    ofColors.indices.contains(index) ? ofColors[index] : nil
  }
}

/// A range of wavelengths.
public struct WavelengthBand: Sendable, Hashable, Codable {
  /// Lower edge, nm.
  public var low: Double
  /// Upper edge, nm.
  public var high: Double

  /// Creates a band.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The middle, nm.
  public var center: Double { (low + high) / 2 }
}

/// A wavelength, and the band that it is the middle of.
struct BandWavelength {
  var wavelength: Double
  var band: WavelengthBand?

  init?(_ wavelength: Double) {
    guard wavelength.isFinite, wavelength > 0 else { return nil }
    self.wavelength = wavelength
  }

  /// The middle between two points.
  init?(between first: Spectrum.Point, and second: Spectrum.Point) {
    self.init((first.wavelength + second.wavelength) / 2)
    band = WavelengthBand(
      low: min(first.wavelength, second.wavelength),
      high: max(first.wavelength, second.wavelength))
  }
}

extension PicturePlane {
  /// The wavelengths as the vendor's library of 2022 tells them, found by giving it files with
  /// made-up spectra.
  ///
  /// - Parameter index: number of the channel.
  func wavelengths(index: Int) -> Wavelengths {
    let isColored = componentCount == 3
    let emission =
      isColored
      ? Wavelengths.ofColor(index).flatMap(BandWavelength.init)
      : probe.emission.dyeWavelength ?? filters.emission
    let excitation =
      probe.excitation.dyeWavelength ?? filters.excitation(below: emission?.wavelength)
      ?? (isColored ? Wavelengths.ofColor(index).flatMap(BandWavelength.init) : nil)
    return Wavelengths(
      excitation: excitation?.wavelength, emission: emission?.wavelength,
      excitationBand: excitation?.band, emissionBand: emission?.band)
  }

  /// The wavelengths as the Python package nd2 tells them: the first of the strongest points.
  func nd2CompatibleWavelengths(index: Int) -> Wavelengths {
    func known(_ wavelength: Double?) -> Double? { wavelength.flatMap { $0 > 0 ? $0 : nil } }
    let color = componentCount == 3 ? Wavelengths.ofColor(index) : nil
    let filter = filters.first?.spectra
    let lines = filter?.excitation.points ?? []
    let line: Double? =
      lines.count > 1 && lines.allSatisfy { $0.kind == .peak } && lines.indices.contains(index)
      ? lines[index].wavelength : nil
    return Wavelengths(
      excitation: known(probe.excitation.strongestWavelength) ?? known(line)
        ?? known(filter?.excitation.strongestWavelength) ?? color,
      emission: color ?? known(probe.emission.strongestWavelength)
        ?? known(filter?.emission.strongestWavelength))
  }
}

extension Spectrum {
  /// The wavelength of a dye.
  ///
  /// Of a curve its peak; else the first peak or the middle of the first pair of edges; else the
  /// centre of gravity, in whole nm.
  var dyeWavelength: BandWavelength? {
    if points.count == 1 { return BandWavelength(points[0].wavelength) }
    if isCurve {
      let strongest = points.max { $0.transmission < $1.transmission }
      guard let strongest, strongest.transmission > 0 else { return nil }
      return points.first { $0.transmission == strongest.transmission }
        .flatMap { BandWavelength($0.wavelength) }
    }
    for (index, point) in points.enumerated() {
      if point.kind == .peak { return BandWavelength(point.wavelength) }
      if point.kind == .risingEdge, index + 1 < points.count,
        points[index + 1].kind == .fallingEdge
      {
        return BandWavelength(between: point, and: points[index + 1])
      }
    }
    let weight = points.reduce(0) { $0 + $1.transmission }
    guard weight > 0 else { return nil }
    let moment = points.reduce(0) { $0 + $1.wavelength * $1.transmission }
    return BandWavelength((moment / weight).rounded())
  }

  /// The wavelength of an emission filter: its first band above the exciting light, or its first.
  func emissionWavelength(above excitation: Double?) -> BandWavelength? {
    func value(at index: Int, pairs: Bool) -> BandWavelength? {
      pairs && index + 1 < points.count
        ? BandWavelength(between: points[index], and: points[index + 1])
        : BandWavelength(points[index].wavelength)
    }
    if let excitation {
      for (index, point) in points.enumerated() where point.wavelength > excitation {
        if point.kind == .peak { return value(at: index, pairs: false) }
        if point.kind == .risingEdge { return value(at: index, pairs: true) }
      }
    }
    guard let first = points.first else { return nil }
    return value(at: 0, pairs: first.kind != .peak && first.kind != .point)
  }

  /// The light that an emission filter has to keep away: the upper edge of a band, else the first
  /// line.
  fileprivate var excitationReference: Double? {
    guard let first = points.first else { return nil }
    let isBand = points.count > 1 && first.kind != .peak && first.kind != .point
    let wavelength = isBand ? points[1].wavelength : first.wavelength
    return wavelength > 0 ? wavelength : nil
  }

  /// The lines of an excitation filter, or the middle of its band; none of several bands.
  fileprivate var excitationLines: [BandWavelength] {
    guard let first = points.first else { return [] }
    if first.kind == .peak { return points.compactMap { BandWavelength($0.wavelength) } }
    guard points.count == 2, first.kind == .risingEdge else { return [] }
    return [BandWavelength(between: first, and: points[1])].compactMap { $0 }
  }
}

extension [OpticalFilter] {
  /// The light that the filters let through to the camera.
  ///
  /// A single value that a user gave goes first, then an emission filter, then the turret; else
  /// the one filter that has an emission spectrum.
  fileprivate var emission: BandWavelength? {
    let reference = compactMap(\.spectra.excitation.excitationReference).min()
    func filter(at placement: OpticalFilter.Placement) -> OpticalFilter? {
      first {
        $0.placement == placement && !$0.spectra.emission.points.isEmpty
          && (placement != .user || $0.spectra.emission.points.count == 1)
      }
    }
    if let filter = filter(at: .user) ?? filter(at: .emission) ?? filter(at: .turret) {
      return filter.spectra.emission.emissionWavelength(above: reference)
    }
    let values = compactMap { $0.spectra.emission.emissionWavelength(above: reference) }
    return values.count == 1 ? values[0] : nil
  }

  /// The light that the filters let through to the sample.
  ///
  /// A single value that a user gave goes first. Of the lines of all excitation filters, turrets
  /// and lamps the longest counts that is not above the emission, or the shortest.
  fileprivate func excitation(below emission: Double?) -> BandWavelength? {
    let user = first { $0.placement == .user && $0.spectra.excitation.points.count == 1 }
    if let user { return BandWavelength(user.spectra.excitation.points[0].wavelength) }
    let lines = filter { [.excitation, .turret, .lamp].contains($0.placement) }
      .flatMap(\.spectra.excitation.excitationLines)
    let below = lines.filter { line in emission.map { line.wavelength <= $0 } ?? false }
    return below.max { $0.wavelength < $1.wavelength }
      ?? lines.min { $0.wavelength < $1.wavelength }
  }
}
