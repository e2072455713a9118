import ND2Format

/// Combines what a file says of its channels in several places.
struct ImageMetadataBuilder {
  var picture: PictureMetadata
  var attributes: ImageAttributes
  var layout: ChannelLayout
  var loops: [ExperimentLoop]
  var calibration: Calibration
  var textInfo: TextInfo
  /// Name of the objective in the calibration chunk.
  var calibratedObjective: String?
  /// Whether wavelengths, matrices and types follow the Python package nd2.
  var isND2Compatible = false
  /// Whether the file is of version 1.0, where no wavelength stands for a coloured channel.
  var isLegacy = false

  func build() -> ImageMetadata {
    let loopIndices = LoopIndices(loops)
    let shared = sharedMicroscope()
    var channels: [Channel] = []
    channels.reserveCapacity(layout.planes.count)
    for (index, plane) in layout.planes.enumerated() {
      let described = plane.pictureIndex.map { picture.planes[$0] }
      let setting = described.flatMap { picture.sampleSetting($0.sampleIndex ?? index) }
      var channel = Channel(
        channel: ChannelMeta(name: plane.name, index: index), loops: loopIndices,
        microscope: shared, volume: volume(plane, setting),
        acquisition: ChannelAcquisition(
          firstComponent: plane.firstComponent, isSynthesized: described == nil))
      if let described {
        describe(&channel, described, index: index)
      } else {
        channel.microscope.modalityFlags = ModalityMask(mask: 0, code: nil)
          .flags(componentCount: plane.componentCount)
      }
      channels.append(channel)
    }
    return ImageMetadata(
      contents: .init(channelCount: channels.count, frameCount: attributes.sequenceCount),
      channels: channels)
  }

  private func describe(_ channel: inout Channel, _ plane: PicturePlane, index: Int) {
    let wavelengths =
      isLegacy && plane.componentCount == 3
      ? Wavelengths()
      : isND2Compatible
        ? plane.nd2CompatibleWavelengths(index: index) : plane.wavelengths(index: index)
    channel.channel.emissionLambdaNm = wavelengths.emission
    channel.channel.excitationLambdaNm = wavelengths.excitation
    if let color = plane.color { channel.channel.color = Color(abgr: color) }

    channel.microscope.modalityFlags = plane.modality.flags(componentCount: plane.componentCount)
    if let diameter = plane.pinholeDiameterUm { channel.microscope.pinholeDiameterUm = diameter }

    let setting = picture.sampleSetting(plane.sampleIndex ?? index, isShared: true)
    let format = setting?.formats.first
    channel.acquisition.sampleIndex = plane.sampleIndex
    channel.acquisition.rawModality = plane.modality.rawValue
    channel.acquisition.additionalModalities = plane.modality.additionalNames
    channel.acquisition.excitationBandNm = wavelengths.excitationBand
    channel.acquisition.emissionBandNm = wavelengths.emissionBand
    channel.acquisition.exposureMs = setting?.exposureMs ?? plane.camera?.exposureMs
    channel.acquisition.binningX = format?.binningX ?? plane.camera?.binningX
    channel.acquisition.binningY = format?.binningY ?? plane.camera?.binningY
    channel.acquisition.gain = setting?.gain ?? plane.camera?.gain
    channel.acquisition.readOutRateMHz =
      (setting?.description ?? plane.camera?.description).flatMap(CameraText.readOutRateMHz)
    channel.acquisition.cameraName = setting?.cameraName ?? plane.camera?.name
    channel.acquisition.cameraModel = setting?.cameraModel ?? plane.camera?.name
    channel.acquisition.cameraSerialNumber = setting?.cameraSerialNumber
    channel.acquisition.microscopeName = setting?.device?.microscopeName
    channel.acquisition.microscopeModel = setting?.device?.microscopeModel
    channel.acquisition.excitationSource = setting?.excitationSource
    channel.acquisition.dyeName = plane.probeName
    channel.acquisition.filters = plane.filters.map(ChannelFilter.init)
    channel.acquisition.opticalConfigurations =
      setting.map(\.opticalConfigurations).flatMap { $0.isEmpty ? nil : $0 }
      ?? [plane.opticalConfiguration].compactMap { $0 }
  }

  /// Objective, zoom and pinhole; what the fields meant for them lack is inferred apart.
  private func sharedMicroscope() -> Microscope {
    let optics = picture.optics
    let magnification =
      optics.magnification ?? textInfo.optics.flatMap(ObjectiveText.magnification)
    var microscope = Microscope(
      objectiveMagnification: magnification, objectiveName: optics.objectiveName,
      objectiveNumericalAperture: optics.numericalAperture, zoomMagnification: optics.zoom,
      immersionRefractiveIndex: optics.refractiveIndex,
      projectiveMagnification: optics.projectiveMagnification,
      pinholeDiameterUm: optics.pinholeRadiusUm.map { $0 * 2 })
    let inferred = inferredObjective(besides: microscope)
    microscope.inferred = inferred.isEmpty ? nil : inferred
    return microscope
  }

  private func inferredObjective(besides known: Microscope) -> Microscope.InferredObjective {
    let setting = picture.sampleSettings.first
    var inferred = Microscope.InferredObjective()
    if known.objectiveName == nil {
      inferred.name = setting?.objectiveName ?? calibratedObjective ?? textInfo.optics
    }
    if known.objectiveMagnification == nil {
      let names = [known.objectiveName, setting?.objectiveName, calibratedObjective]
      inferred.magnification =
        setting?.magnification
        ?? names.compactMap { $0.flatMap(ObjectiveText.magnification) }.first
    }
    if known.objectiveNumericalAperture == nil {
      inferred.numericalAperture =
        setting?.numericalAperture
        ?? textInfo.description.flatMap(ObjectiveText.numericalAperture(inDescription:))
    }
    if known.immersionRefractiveIndex == nil { inferred.refractiveIndex = setting?.refractiveIndex }
    return inferred
  }

  private func volume(_ plane: ChannelLayout.Plane, _ setting: SampleSetting?) -> Volume {
    func interpretation(_ code: Int) -> Volume.AxisInterpretation { code == 2 ? .time : .distance }
    let camera = setting?.cameraToStage ?? picture.stageMatrix
    let zeros = [Double](repeating: 0, count: plane.componentCount)
    let type =
      isND2Compatible ? attributes.nd2Compatible.pixelDataType : attributes.pixelDataType
    return Volume(
      axesCalibrated: [
        calibration.isXYCalibrated, calibration.isXYCalibrated, calibration.isZCalibrated,
      ],
      axesCalibration: [
        calibration.voxelSize.x, calibration.voxelSize.y, calibration.voxelSize.z,
      ],
      axesInterpretation: [
        interpretation(picture.axes.x), interpretation(picture.axes.y), .distance,
      ],
      bitsPerComponentInMemory: attributes.bitsPerComponentInMemory,
      bitsPerComponentSignificant: attributes.bitsPerComponentSignificant,
      cameraTransformationMatrix: camera, componentCount: plane.componentCount,
      componentDataType: type,
      voxelCount: [
        attributes.widthPx, attributes.heightPx, loops.zStack?.count ?? 1,
      ],
      componentMaxima: zeros, componentMinima: zeros,
      pixelToStageTransformationMatrix: calibration.isXYCalibrated
        ? setting?.device?.pixelToStage(
          camera: picture.stageMatrix,
          pixelSizeUm: calibration.voxelSize.x,
          width: attributes.widthPx, height: attributes.heightPx) : nil)
  }
}
