extension XMLWriter {
  /// Writes an instrument with its parts in the order of the schema.
  mutating func write(_ instrument: OME.Instrument) {
    begin("Instrument")
    attribute("ID", instrument.id)
    if let microscope = instrument.microscope {
      begin("Microscope")
      write(microscope.manufacturing)
      attribute("Type", microscope.kind?.rawValue)
      end()
    }
    for source in instrument.lightSources { write(source) }
    for detector in instrument.detectors {
      begin("Detector")
      write(detector.manufacturing)
      attribute("ID", detector.id)
      attribute("Type", detector.kind?.rawValue)
      end()
    }
    for objective in instrument.objectives {
      begin("Objective")
      write(objective.manufacturing)
      attribute("ID", objective.id)
      attribute("Correction", objective.correction?.rawValue)
      attribute("Immersion", objective.immersion?.rawValue)
      attribute("LensNA", objective.lensNA)
      attribute("NominalMagnification", objective.nominalMagnification)
      end()
    }
    for set in instrument.filterSets {
      begin("FilterSet")
      write(set.manufacturing)
      attribute("ID", set.id)
      write(partsOf: set.path)
      end()
    }
    for filter in instrument.filters { write(filter) }
    for dichroic in instrument.dichroics {
      begin("Dichroic")
      write(dichroic.manufacturing)
      attribute("ID", dichroic.id)
      end()
    }
    end()
  }

  /// Writes references to what light passes.
  mutating func write(partsOf path: OME.LightPath) {
    for id in path.excitationFilters { reference("ExcitationFilterRef", id) }
    reference("DichroicRef", path.dichroic)
    for id in path.emissionFilters { reference("EmissionFilterRef", id) }
  }

  private mutating func write(_ source: OME.LightSource) {
    switch source.kind {
    case .laser: begin("Laser")
    case .arc: begin("Arc")
    case .filament: begin("Filament")
    case .lightEmittingDiode: begin("LightEmittingDiode")
    case .generic: begin("GenericExcitationSource")
    }
    write(source.manufacturing)
    attribute("ID", source.id)
    if case .laser(let wavelength) = source.kind {
      positiveAttribute("Wavelength", wavelength, unit: ("WavelengthUnit", "nm"))
    }
    end()
  }

  private mutating func write(_ filter: OME.Filter) {
    begin("Filter")
    write(filter.manufacturing)
    attribute("ID", filter.id)
    attribute("Type", filter.kind?.rawValue)
    if filter.cutInNm != nil || filter.cutOutNm != nil {
      begin("TransmittanceRange")
      positiveAttribute("CutIn", filter.cutInNm, unit: ("CutInUnit", "nm"))
      positiveAttribute("CutOut", filter.cutOutNm, unit: ("CutOutUnit", "nm"))
      end()
    }
    end()
  }

  private mutating func write(_ manufacturing: OME.Manufacturing) {
    attribute("Manufacturer", manufacturing.manufacturer)
    attribute("Model", manufacturing.model)
    attribute("SerialNumber", manufacturing.serialNumber)
    attribute("LotNumber", manufacturing.lotNumber)
  }
}
