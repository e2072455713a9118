import ND2

/// The instrument of a document, and what of it each channel uses.
struct OMEEquipment {
  /// Camera pixels per image pixel that the schema has a name for.
  private static let binnings: [Double: OME.DetectorSettings.Binning] = [
    1: .one, 2: .two, 4: .four, 8: .eight,
  ]

  /// The instrument.
  private(set) var instrument = OME.Instrument(id: "Instrument:0")
  /// The objective as it was used.
  private(set) var objectiveSettings: OME.ObjectiveSettings?
  private var detectors: [OME.DetectorSettings?] = []
  private var lights: [OME.LightSourceSettings?] = []
  private var filterSets: [String?] = []
  private var paths: [OME.LightPath] = []

  init(_ channels: [Channel]) {
    for channel in channels {
      detectors.append(detector(of: channel))
      lights.append(light(of: channel))
      var path = OME.LightPath()
      var set: String?
      for filter in channel.acquisition.filters { add(filter, to: &path, &set) }
      filterSets.append(set)
      paths.append(path)
    }
    instrument.microscope = channels.lazy.compactMap { Self.microscope($0.acquisition) }.first
    if let first = channels.first { addObjective(first.microscope) }
  }

  /// Says what a channel uses.
  func describe(_ channel: inout OME.Channel, _ known: Channel, at index: Int) {
    guard detectors.indices.contains(index) else { return }
    channel.detectorSettings = detectors[index]
    channel.lightSourceSettings = lights[index]
    channel.filterSet = filterSets[index]
    channel.lightPath = paths[index].isEmpty ? nil : paths[index]
  }

  // MARK: - Microscope

  private static func microscope(_ acquisition: ChannelAcquisition) -> OME.Microscope? {
    let name = meaningful(acquisition.microscopeModel) ?? meaningful(acquisition.microscopeName)
    guard let name else { return nil }
    let words = EquipmentName.words(name)
    let isNikon = words.first == "nikon"
    let kind: OME.Microscope.Kind? =
      words.contains { ["ti", "ti2", "te2000", "ts2"].contains($0) }
      ? .inverted : words.contains { ["ni", "ci", "80i", "90i"].contains($0) } ? .upright : nil
    return OME.Microscope(
      .init(manufacturer: isNikon ? "Nikon" : nil, model: name), kind: kind)
  }

  private mutating func addObjective(_ microscope: Microscope) {
    let inferred = microscope.inferred
    let name = Self.meaningful(microscope.objectiveName) ?? Self.meaningful(inferred?.name)
    let magnification = microscope.objectiveMagnification ?? inferred?.magnification
    let aperture = microscope.objectiveNumericalAperture ?? inferred?.numericalAperture
    let index = microscope.immersionRefractiveIndex ?? inferred?.refractiveIndex
    guard name != nil || magnification != nil || aperture != nil || index != nil else { return }
    var objective = OME.Objective(id: "Objective:0", .init(model: name))
    objective.nominalMagnification = magnification
    objective.lensNA = aperture
    objective.correction = name.flatMap(EquipmentName.correction)
    objective.immersion = name.flatMap(EquipmentName.immersion)
    instrument.objectives = [objective]
    objectiveSettings = OME.ObjectiveSettings(
      id: objective.id, medium: index.flatMap(EquipmentName.medium(ofIndex:)),
      refractiveIndex: index)
  }

  // MARK: - Detectors and lights

  private mutating func detector(of channel: Channel) -> OME.DetectorSettings? {
    let acquisition = channel.acquisition
    let manufacturing = OME.Manufacturing(
      model: Self.meaningful(acquisition.cameraModel),
      serialNumber: Self.meaningful(acquisition.cameraSerialNumber))
    guard manufacturing != OME.Manufacturing() else { return nil }
    let isMultiplier = channel.microscope.modalityFlags.contains { $0 == .pmt || $0 == .gaasp }
    let known = instrument.detectors.first { $0.manufacturing == manufacturing }
    let detector =
      known
      ?? OME.Detector(
        id: "Detector:\(instrument.detectors.count)", kind: isMultiplier ? .pmt : nil,
        manufacturing)
    if known == nil { instrument.detectors.append(detector) }
    var settings = OME.DetectorSettings(id: detector.id)
    settings.gain = acquisition.gain
    settings.readOutRateMHz = acquisition.readOutRateMHz
    if let x = acquisition.binningX {
      settings.binning = x == acquisition.binningY ? Self.binnings[x] ?? .other : .other
    }
    return settings
  }

  private mutating func light(of channel: Channel) -> OME.LightSourceSettings? {
    guard let name = Self.meaningful(channel.acquisition.excitationSource) else { return nil }
    let wavelength = channel.channel.excitationLambdaNm
    let isLaser = name.lowercased().contains("laser")
    let isLED = EquipmentName.words(name).contains("led")
    let kind: OME.LightSource.Kind =
      isLaser ? .laser(wavelengthNm: wavelength) : isLED ? .lightEmittingDiode : .generic
    let known = instrument.lightSources.first {
      $0.kind == kind && $0.manufacturing.model == name
    }
    let source =
      known
      ?? OME.LightSource(
        id: "LightSource:\(instrument.lightSources.count)", kind: kind, .init(model: name))
    if known == nil { instrument.lightSources.append(source) }
    return OME.LightSourceSettings(id: source.id, wavelengthNm: wavelength)
  }

  // MARK: - Filters

  private mutating func add(
    _ filter: ChannelFilter, to path: inout OME.LightPath, _ set: inout String?
  ) {
    // What a user described is light, not glass; what has no name is a program's default.
    guard let name = Self.meaningful(filter.name), filter.kind != .empty else { return }
    switch filter.placement {
    case .none, .user, .cameraChip: break
    case .excitation, .lamp:
      path.excitationFilters.append(
        self.filter(name, filter.kind, filter.excitationBandsNm))
    case .emission:
      path.emissionFilters.append(self.filter(name, filter.kind, filter.emissionBandsNm))
    case .turret: set = set ?? cube(name, filter)
    }
  }

  /// The identifier of a filter; equal ones are one.
  private mutating func filter(
    _ name: String?, _ kind: ChannelFilter.Kind?, _ bands: [WavelengthBand]
  ) -> String {
    var filter = OME.Filter(
      id: "Filter:\(instrument.filters.count)", kind: Self.kind(kind, bands), .init(model: name))
    if bands.count == 1 { (filter.cutInNm, filter.cutOutNm) = (bands[0].low, bands[0].high) }
    let known = instrument.filters.first { known in
      var known = known
      known.id = filter.id
      return known == filter
    }
    if let known { return known.id }
    instrument.filters.append(filter)
    return filter.id
  }

  /// The identifier of a cube, with the filters in it that have bands.
  private mutating func cube(_ name: String, _ filter: ChannelFilter) -> String {
    var set = OME.FilterSet(
      id: "FilterSet:\(instrument.filterSets.count)", .init(model: name))
    if !filter.excitationBandsNm.isEmpty {
      set.path.excitationFilters = [self.filter(nil, nil, filter.excitationBandsNm)]
    }
    if !filter.emissionBandsNm.isEmpty {
      set.path.emissionFilters = [self.filter(nil, nil, filter.emissionBandsNm)]
    }
    let known = instrument.filterSets.first {
      $0.manufacturing == set.manufacturing && $0.path == set.path
    }
    if let known { return known.id }
    instrument.filterSets.append(set)
    return set.id
  }

  private static func kind(
    _ kind: ChannelFilter.Kind?, _ bands: [WavelengthBand]
  ) -> OME.Filter.Kind? {
    if bands.count > 1 || kind == .multiple { return .multiPass }
    return bands.count == 1 || kind == .bandPass || kind == .narrow ? .bandPass : nil
  }

  /// A name that says something; programs write `N/A` or question marks where they know nothing.
  private static func meaningful(_ name: String?) -> String? {
    guard let name = name.flatMap(OMEBuilder.trimmed), name != "N/A",
      name.contains(where: { $0.isLetter || $0.isNumber })
    else { return nil }
    return name
  }
}
