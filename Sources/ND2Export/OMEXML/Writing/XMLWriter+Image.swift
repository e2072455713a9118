extension XMLWriter {
  /// Writes an image with its parts in the order of the schema.
  mutating func write(_ image: OME.Image) throws {
    begin("Image")
    attribute("ID", image.id)
    attribute("Name", image.name)
    element("AcquisitionDate", text: image.acquisitionDate)
    reference("ExperimenterRef", image.experimenter)
    element("Description", text: image.description)
    reference("InstrumentRef", image.instrument)
    if let settings = image.objectiveSettings {
      begin("ObjectiveSettings")
      attribute("ID", settings.id)
      attribute("Medium", settings.medium?.rawValue)
      attribute("RefractiveIndex", settings.refractiveIndex)
      end()
    }
    if let environment = image.imagingEnvironment { try write(environment) }
    if let label = image.stageLabel {
      begin("StageLabel")
      attribute("Name", label.name)
      attribute("X", label.x, unit: ("XUnit", "µm"))
      attribute("Y", label.y, unit: ("YUnit", "µm"))
      attribute("Z", label.z, unit: ("ZUnit", "µm"))
      end()
    }
    try write(image.pixels)
    for id in image.rois { reference("ROIRef", id) }
    for id in image.annotations { reference("AnnotationRef", id) }
    end()
  }

  private mutating func write(_ environment: OME.ImagingEnvironment) throws {
    begin("ImagingEnvironment")
    attribute("Temperature", environment.temperatureC, unit: ("TemperatureUnit", "°C"))
    attribute("AirPressure", environment.airPressureMbar, unit: ("AirPressureUnit", "mbar"))
    attribute("Humidity", Self.share(environment.humidity))
    attribute("CO2Percent", Self.share(environment.co2Fraction))
    if let map = environment.map { try write(map, as: "Map") }
    end()
  }

  /// A number from 0 to 1, or nil.
  private static func share(_ value: Double?) -> Double? {
    value.flatMap { (0...1).contains($0) ? $0 : nil }
  }

  private mutating func write(_ pixels: OME.Pixels) throws {
    begin("Pixels")
    attribute("ID", pixels.id)
    attribute("DimensionOrder", pixels.dimensionOrder.rawValue)
    attribute("Type", pixels.type.rawValue)
    attribute("SignificantBits", pixels.significantBits.flatMap { $0 > 0 ? $0 : nil })
    attribute("Interleaved", pixels.isInterleaved)
    attribute("BigEndian", pixels.isBigEndian)
    attribute("SizeX", pixels.sizeX)
    attribute("SizeY", pixels.sizeY)
    attribute("SizeZ", pixels.sizeZ)
    attribute("SizeC", pixels.sizeC)
    attribute("SizeT", pixels.sizeT)
    positiveAttribute("PhysicalSizeX", pixels.physicalSizeXUm, unit: ("PhysicalSizeXUnit", "µm"))
    positiveAttribute("PhysicalSizeY", pixels.physicalSizeYUm, unit: ("PhysicalSizeYUnit", "µm"))
    positiveAttribute("PhysicalSizeZ", pixels.physicalSizeZUm, unit: ("PhysicalSizeZUnit", "µm"))
    attribute("TimeIncrement", pixels.timeIncrementMs, unit: ("TimeIncrementUnit", "ms"))
    for channel in pixels.channels { write(channel) }
    if pixels.tiffData.isEmpty {
      begin("MetadataOnly")
      end()
    }
    for data in pixels.tiffData {
      write(data)
      try relieve()
    }
    for plane in pixels.planes {
      write(plane)
      try relieve()
    }
    end()
  }

  private mutating func write(_ channel: OME.Channel) {
    begin("Channel")
    attribute("ID", channel.id)
    attribute("Name", channel.name)
    attribute("SamplesPerPixel", channel.samplesPerPixel)
    attribute("IlluminationType", channel.illumination?.rawValue)
    attribute("PinholeSize", channel.pinholeSizeUm, unit: ("PinholeSizeUnit", "µm"))
    attribute("AcquisitionMode", channel.acquisitionMode?.rawValue)
    attribute("ContrastMethod", channel.contrast?.rawValue)
    positiveAttribute(
      "ExcitationWavelength", channel.excitationWavelengthNm,
      unit: ("ExcitationWavelengthUnit", "nm"))
    positiveAttribute(
      "EmissionWavelength", channel.emissionWavelengthNm, unit: ("EmissionWavelengthUnit", "nm"))
    attribute("Fluor", channel.fluor)
    attribute("Color", channel.color.map { Int($0.rgba) })
    if let settings = channel.lightSourceSettings {
      begin("LightSourceSettings")
      attribute("ID", settings.id)
      attribute("Attenuation", Self.share(settings.attenuation))
      positiveAttribute("Wavelength", settings.wavelengthNm, unit: ("WavelengthUnit", "nm"))
      end()
    }
    if let settings = channel.detectorSettings {
      begin("DetectorSettings")
      attribute("ID", settings.id)
      attribute("Gain", settings.gain)
      attribute("ReadOutRate", settings.readOutRateMHz, unit: ("ReadOutRateUnit", "MHz"))
      attribute("Binning", settings.binning?.rawValue)
      end()
    }
    reference("FilterSetRef", channel.filterSet)
    for id in channel.annotations { reference("AnnotationRef", id) }
    if let path = channel.lightPath, !path.isEmpty {
      begin("LightPath")
      write(partsOf: path)
      end()
    }
    end()
  }

  private mutating func write(_ data: OME.TiffData) {
    begin("TiffData")
    attribute("IFD", data.ifd)
    attribute("FirstZ", data.firstZ)
    attribute("FirstT", data.firstT)
    attribute("FirstC", data.firstC)
    attribute("PlaneCount", data.planeCount)
    if let file = data.file {
      begin("UUID")
      attribute("FileName", file.name)
      text(file.uuid.description)
      end()
    }
    end()
  }

  private mutating func write(_ plane: OME.Plane) {
    begin("Plane")
    attribute("TheZ", plane.theZ)
    attribute("TheT", plane.theT)
    attribute("TheC", plane.theC)
    attribute("DeltaT", plane.deltaTMs, unit: ("DeltaTUnit", "ms"))
    attribute("ExposureTime", plane.exposureMs, unit: ("ExposureTimeUnit", "ms"))
    attribute("PositionX", plane.positionXUm, unit: ("PositionXUnit", "µm"))
    attribute("PositionY", plane.positionYUm, unit: ("PositionYUnit", "µm"))
    attribute("PositionZ", plane.positionZUm, unit: ("PositionZUnit", "µm"))
    end()
  }
}
