import ND2Format

/// The tree of the picture metadata: channels, optics, calibration, stage (nd2-format §3.2).
struct PictureTree {
  let file: ND2FileDescription
  /// Time of the first frame in ms.
  let firstTimeMs: Double
  /// Whether the tree has the shape of XML files: camera settings and modality codes in the planes.
  let isLegacyShape: Bool

  var content: MetadataValue {
    let scope = file.microscope
    return .object([
      "dTimeMSec": .double(max(0, firstTimeMs)),
      "dTimeAbsolute": .double(scope.startJulianDay),
      "eTimeSource": .int32(0),
      "dXPos": .double(scope.stage.x),
      "dYPos": .double(scope.stage.y),
      "uiRow": .uint32(0),
      // The misspelling is the format's own.
      isLegacyShape ? "uiCol" : "uiCon20(L": .uint32(0),
      "dZPos": .double(scope.stage.z),
      "bZPosAbsolute": .bool(true),
      "dAngle": .double(scope.cameraAngle),
      "sPicturePlanes": planes,
      "dTemperK": .double(-1),
      "dCalibration": .double(scope.isCalibrated ? scope.pixelSizeUm : 0),
      "dAspect": .double(1),
      "bCalibrated": .bool(scope.isCalibrated),
      "wsObjectiveName": .string(scope.objectiveName),
      "dObjectiveMag": .double(scope.magnification),
      "dObjectiveNA": .double(scope.numericalAperture),
      "dRefractIndex1": .double(scope.refractiveIndex),
      "dRefractIndex2": .double(scope.refractiveIndex),
      "dZoom": .double(scope.zoom),
      "dProjectiveMag": .double(scope.projectiveMagnification),
      "ePictureXAxis": .int32(0),
      "ePictureYAxis": .int32(1),
      "dTimeAxisCalibration": .double(-1),
      "dZAxisCalibration": .double(-1),
      "dStgLgCT11": .double(matrix(0)),
      "dStgLgCT21": .double(matrix(2)),
      "dStgLgCT12": .double(matrix(1)),
      "dStgLgCT22": .double(matrix(3)),
      "dCalibPrecision": .double(-1),
    ])
  }

  private func matrix(_ index: Int) -> Double {
    let matrix = file.microscope.cameraMatrix
    return matrix.indices.contains(index) ? matrix[index] : 0
  }

  private var planes: MetadataValue {
    let channels = file.channels
    var fields = MetadataValue.object([
      "uiCount": .count(channels.count),
      "uiCompCount": .count(file.componentCount),
      isLegacyShape ? "sPlane" : "sPlaneNew": .numbered(
        "a", channels.enumerated().map { plane($1, index: $0) }),
    ]).fields
    if !isLegacyShape {
      let settings = sampleSettings
      fields.append(MetadataField("uiSampleCount", .count(settings.count)))
      fields.append(MetadataField("sSampleSetting", .numbered("a", settings)))
    }
    fields.append(MetadataField("sDescription", .string("")))
    fields.append(MetadataField("eRepresentation", .uint32(0)))
    return .level(fields)
  }

  private func plane(_ channel: ND2FileDescription.Channel, index: Int) -> MetadataValue {
    var fields = [MetadataField("uiCompCount", .count(channel.componentCount))]
    if isLegacyShape {
      fields.append(MetadataField("sOpticalConfigName", .string(channel.name)))
      fields.append(MetadataField("eModality", .uint32(channel.modality.legacyCode)))
    } else {
      fields.append(MetadataField("uiSampleIndex", .count(channel.sampleIndex ?? index)))
      fields.append(MetadataField("uiModalityMask", .uint64(channel.modality.rawValue)))
    }
    fields +=
      MetadataValue.object([
        "pFluorescentProbe": .object([
          "m_sName": .string(channel.probe?.name ?? ""),
          "m_uiColor": .uint32(0xFF_FFFF),
          "m_ExcitationSpectrum": spectrum(channel.probe?.excitation ?? []),
          "m_EmissionSpectrum": spectrum(channel.probe?.emission ?? []),
        ]),
        "pFilterPath": .object([
          "m_sDescr": .string(""),
          "m_uiCount": .count(channel.filters.count),
          "m_pFilter": .list(channel.filters.map { filter($0, color: channel.color) }),
        ]),
      ]).fields
    if isLegacyShape {
      fields.append(MetadataField("sCameraSetting", legacyCameraSetting(channel.exposureMs)))
    }
    fields +=
      MetadataValue.object([
        "dLampVoltage": .double(0),
        "dFadingCorr": .double(0),
        "uiColor": .uint32(channel.color.stored),
        "sDescription": .string(channel.name),
        "dAcqTime": .double(0),
        "dPinholeDiameter": .double(channel.pinholeDiameterUm ?? -1),
        "iChannelSeriesIndex": .int32(-1),
        "dObjCalibration1to1": .double(0),
      ]).fields
    return .level(fields)
  }

  private func filter(_ filter: ND2FileDescription.Filter, color: ND2FileDescription.Color)
    -> MetadataValue
  {
    .object([
      "m_sUserName": .string(filter.name),
      "m_sName": .string(filter.name),
      "m_ePlacement": .uint32(3),
      "m_eNature": .uint32(0),
      "m_eSpctType": .uint32(1),
      "m_uiColor": .uint32(color.stored),
      "m_ExcitationSpectrum": spectrum(filter.excitation),
      "m_EmissionSpectrum": spectrum(filter.emission),
      "m_MirrorSpectrum": spectrum([]),
    ])
  }

  private func spectrum(_ points: [ND2FileDescription.SpectrumPoint]) -> MetadataValue {
    .object([
      "uiCount": .count(points.count),
      "pPoint": .numbered(
        "Point",
        points.map { point in
          .object([
            "eType": .uint32(point.kind),
            "dWavelength": .double(point.wavelengthNm),
            "dTValue": .double(point.transmission),
          ])
        }),
      "bPoints": .bool(false),
    ])
  }

  /// One setting for each index that channels refer to; the first channel of an index gives it.
  private var sampleSettings: [MetadataValue] {
    let channels = file.channels
    let indices = channels.indices.map { channels[$0].sampleIndex ?? $0 }
    return (0...(indices.max() ?? 0)).map { setting in
      let channel = indices.firstIndex(of: setting).map { channels[$0] }
      return sampleSetting(channel ?? ND2FileDescription.Channel(""))
    }
  }

  private func sampleSetting(_ channel: ND2FileDescription.Channel) -> MetadataValue {
    let scope = file.microscope
    var fields = MetadataValue.object([
      "pCameraSetting": .object([
        "CameraUniqueName": .string(scope.cameraName),
        "CameraUserName": .string(scope.cameraName),
        "CameraFamilyName": .string(scope.cameraName),
        "FormatQuality": .object([
          "fmtDesc": .object(["dBinningX": .double(1), "dBinningY": .double(1)])
        ]),
        "PropertiesQuality": .object(["Exposure": .double(channel.exposureMs ?? 0)]),
      ])
    ]).fields
    if let orientation = scope.stageOrientation, orientation.count == 2 {
      fields.append(
        MetadataField(
          "pDeviceSetting",
          .object([
            "m_iMicroscopeUse": .int32(1),
            "m_sMicroscopeFullName": .string("Sample Microscope"),
            "m_iXYUse0": .int32(1),
            "m_dXYPositionX0": .double(scope.stage.x),
            "m_dXYPositionY0": .double(scope.stage.y),
            "m_iXOrientation0": .int32(orientation[0]),
            "m_iYOrientation0": .int32(orientation[1]),
          ])))
    }
    let matrix = (0..<4).map(matrix)
    fields +=
      MetadataValue.object([
        "pObjectiveSetting": .object([
          "wsObjectiveName": .string(scope.objectiveName),
          "dObjectiveMag": .double(scope.magnification),
          "dObjectiveNA": .double(scope.numericalAperture),
          "dRefractIndex": .double(scope.refractiveIndex),
        ]),
        "matCameraToStage": .object([
          "Columns": .uint32(2), "Rows": .uint32(2), "Data": .bytes([UInt8](littleEndian: matrix)),
        ]),
        "dRelayLensZoom": .double(1),
        "dExposureTime": .double(channel.exposureMs ?? 0),
        "baScanArea": .bytes([]),
        "sSpecSettings": .string(""),
        "uiOpticalConfigs": .uint32(1),
        "sOpticalConfigs": .numbered(
          "_", [.object(["sOpticalConfigName": .string(channel.name)])]),
      ]).fields
    return .level(fields)
  }

  private func legacyCameraSetting(_ exposureMs: Double?) -> MetadataValue {
    .object([
      "sCameraName": .string(file.microscope.cameraName),
      "dExposure": .double(exposureMs ?? -1),
      "dGain": .double(-1),
      "dCamBinningX": .double(1),
      "dCamBinningY": .double(1),
      "sSpecSettings": .string(""),
    ])
  }
}
