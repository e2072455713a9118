import ND2
import ND2Codecs
import ND2Format
package import ND2Writer

/// Sound files of every kind, by name: what every reader must read alike.
package enum Gallery {
  /// All of them.
  package static let all: [String: SampleFile] = {
    var files: [String: SampleFile] = [:]
    for group in [geometry, loops, metadata, annotations, legacy, boxes] {
      files.merge(group) { first, _ in first }
    }
    return files
  }()

  /// Number formats, rows, channels, compression.
  package static var geometry: [String: SampleFile] {
    var files: [String: SampleFile] = [:]
    for type in SampleType.allCases {
      files["type_\(type)"] = SampleFile(
        width: 13, height: 7, sampleType: type, loops: [.time(count: 2)])
    }
    files["rgb_odd"] = SampleFile(
      width: 5, height: 9, sampleType: .uint8, channels: [.rgb()], loops: [.zStack(count: 2)])
    files["width_235"] = SampleFile(width: 235, height: 4)
    files["channels_5"] = SampleFile(
      width: 19, height: 6, channels: (0..<5).map { SampleFile.Channel("c\($0)") })
    files["rgb_and_mono"] = SampleFile(
      width: 9, height: 6, channels: [.rgb(), SampleFile.Channel("GFP")], loops: [.time(count: 2)])
    files["rgb_12"] = SampleFile(
      width: 7, height: 5, sampleType: .uint8,
      channels: (0..<4).map { SampleFile.Channel("plane \($0)", componentCount: 3) })
    files["components_4_one_channel"] = SampleFile(
      width: 7, height: 5, channels: [SampleFile.Channel("spectral", componentCount: 4)])
    var wide = SampleFile(width: 23, height: 8, loops: [.time(count: 2)])
    wide.storage.rowByteCount = 128
    files["rows_padded_widely"] = wide
    var bits = SampleFile(width: 8, height: 8)
    bits.significantBitCount = 12
    files["bits_12"] = bits
    for (name, width) in [("even", 16), ("odd", 15)] {
      var file = SampleFile(width: width, height: 11, loops: [.time(count: 3)])
      file.storage.compression = .lossless
      files["lossless_\(name)"] = file
    }
    var pyramid = SampleFile(width: 1100, height: 40, sampleType: .uint8)
    pyramid.storage.writesPyramid = true
    files["pyramid"] = pyramid
    return files
  }

  /// Experiments.
  package static var loops: [String: SampleFile] {
    func file(_ loops: SampleFile.Loop...) -> SampleFile {
      SampleFile(width: 12, height: 6, loops: loops)
    }
    var files = [
      "frames_1": file(),
      "t": file(.time(count: 5)),
      "tpz": file(.time(count: 2), .positions(count: 3), .zStack(count: 4)),
      "p_outermost": file(.positions(count: 3), .time(count: 2)),
      "z_outermost": file(.zStack(count: 3), .time(count: 2)),
      "spectral_between": file(.time(count: 3), .spectral, .zStack(count: 2)),
      "custom": file(.custom(count: 3), .time(count: 2)),
      "phases": file(
        .timePhases([
          .init(count: 2, periodMs: 500), .init(count: 4, periodMs: 10, isValid: false),
          .init(count: 3, startMs: 1500, periodMs: 2000),
        ])),
      "positions_some_valid": file(
        .positions(
          .init(
            [
              .init(x: 10, y: 20, z: 30, focusOffset: 5, name: "first"),
              .init(x: 11, y: 21, z: 31, name: "skipped", isValid: false),
              .init(x: 12, y: 22, z: 32), .init(x: 13, y: 23, z: 33, name: "žlutá 日本"),
            ], usesZ: true))),
      "positions_relative": file(
        .positions(
          .init([.init(x: 1, y: 2), .init(x: 3, y: 4)], reference: .init(x: 1000, y: -2000)))),
    ]
    for type in Int32(0)..<8 {
      files["z_type_\(type)"] = file(
        .zStack(.init(count: 5, stepUm: 1, type: type, lowUm: -1, highUm: 3, homeUm: 0)))
    }
    files["z_single"] = file(.zStack(.init(count: 1, stepUm: 0, lowUm: 5, highUm: 5, homeUm: 5)))
    return files
  }

  /// Optics, text, times, recorded data.
  package static var metadata: [String: SampleFile] {
    var files: [String: SampleFile] = [:]
    var optics = SampleFile(width: 10, height: 8)
    var green = SampleFile.Channel(
      "GFP", color: .init(red: 1, green: 250, blue: 3), excitationNm: 488, emissionNm: 525,
      modality: .laserScanConfocal, exposureMs: 12.5)
    green.pinholeDiameterUm = 38.3
    var band = SampleFile.Channel("band", modality: .spinningDisk)
    band.filters = [
      .init(
        name: "525/50",
        excitation: [
          .init(kind: 2, wavelengthNm: 450), .init(kind: 3, wavelengthNm: 490),
        ], emission: [.init(kind: 2, wavelengthNm: 500), .init(kind: 3, wavelengthNm: 550)])
    ]
    optics.channels = [green, band]
    optics.microscope.cameraMatrix = [-0.9999, 0.0056, -0.0056, -0.9999]
    optics.microscope.stageOrientation = [1, -1]
    files["optics"] = optics
    var uncalibrated = SampleFile(width: 10, height: 8)
    uncalibrated.microscope.isCalibrated = false
    uncalibrated.microscope.numericalAperture = -1
    uncalibrated.microscope.objectiveName = ""
    files["uncalibrated"] = uncalibrated
    var text = SampleFile(width: 10, height: 8)
    for item in SampleFile.TextItem.allCases { text.textInfo[item] = "\(item) µ 🔬\r\nline <2>" }
    files["text_all"] = text
    var timeless = SampleFile(width: 10, height: 8, loops: [.time(count: 3)])
    timeless.frameTimes = .unknown
    files["times_unknown"] = timeless
    var recorded = SampleFile(width: 10, height: 8, loops: [.time(count: 3)])
    recorded.recordedColumns = [
      .init(
        id: "CameraTemp1", description: "Camera 1 Temperature", unit: "°C", group: 2,
        values: .doubles([-5, -5.25, -5.5])),
      .init(id: "PFS_STATUS", description: "PFS Status", values: .integers([7, 1, -1])),
      .init(id: "Note", description: "Note", unit: " ", values: .strings(["a", "", "日本"])),
    ]
    files["recorded"] = recorded
    var packed = SampleFile(width: 10, height: 8, loops: [.time(count: 3)])
    packed.flaws.encoding = .compressedLiteVariant
    files["metadata_compressed"] = packed
    return files
  }

  /// Events, regions, masks, JOBS, plates.
  package static var annotations: [String: SampleFile] {
    var files: [String: SampleFile] = [:]
    var events = SampleFile(width: 10, height: 8, loops: [.time(count: 3)])
    events.events = [
      .init(timeMs: 120.5, meaning: 7, id: 1, description: "", data: "Wait(2);", secondTime: 1.2),
      .init(timeMs: 90, meaning: 33, id: 2, description: "user pressed"),
      .init(timeMs: 250.25, meaning: 15, id: 3, stimulation: .init(type: 4, description: "DMD")),
    ]
    files["events"] = events
    var regions = SampleFile(width: 40, height: 30, loops: [.positions(count: 2)])
    var moving = SampleFile.Region(id: 1, shape: 4, centerX: -0.5, centerY: 0.5, sizeX: 0.4)
    moving.label = "ellipse é"
    moving.guid = "{1}"
    moving.keyFrames.append(.init(timeMs: 100, centerX: 0.1, centerY: 0.2, sizeX: 0.3))
    var polygon = SampleFile.Region(
      id: 2, shape: 5, points: [.init(-0.05, -0.1), .init(0.1, 0.05), .init(0.03, 0.11)])
    polygon.position = 1
    regions.regions = [moving, polygon]
    files["regions"] = regions
    var masks = SampleFile(width: 21, height: 16, loops: [.time(count: 3)])
    var layer = SampleFile.MaskLayer(
      id: 2, name: "cells ž",
      masks: [
        0: .init(width: 21, height: 16) { x, y in (x / 7 + y / 8) % 2 == 0 ? 0 : UInt32(x / 7 + 1)
        },
        2: .init(width: 21, height: 16),
      ])
    layer.componentName = "Mono"
    layer.componentOrder = 1
    masks.maskLayers = [layer]
    files["masks"] = masks
    var raster = SampleFile(width: 33, height: 22, loops: [.time(count: 2)])
    raster.rasterLayers = [
      .init(
        id: 1, name: "raster", tileWidth: 16, tileHeight: 16,
        masks: [0: .init(width: 33, height: 22) { x, y in UInt32((x + y) % 5) }])
    ]
    files["raster_masks"] = raster
    var job = SampleFile(width: 10, height: 8, loops: [.positions(count: 2)])
    let nested = LiteVariantEncoder.encode(
      MetadataField("CaptureDefinition", .object(["dExposureMs": .double(12.5)])))
    job.job = .init(
      definition: .object([
        "Job": .object([
          "Property": .object(["sName": .string("Scan"), "iState": .int32(0)]),
          "Tasks": .object([
            "Task_1": .object(["sName": .string("Capture"), "baData": .bytes(nested)])
          ]),
        ])
      ]), description: .object(["ProgramDesc": .object(["uiJobDefType": .uint32(1)])]),
      runGUID: "{6F1B7C1E-0001-4D6C-9B3E-5A3C6E0D0001}")
    job.job?.isCompressed = true
    job.wellPlate = .init(
      name: "96 Well Plate", rows: 8, columns: 12,
      wells: [.init(row: 0, column: 0), .init(row: 7, column: 11)])
    files["jobs_and_plate"] = job
    return files
  }

  /// Version 1 in boxes of JPEG 2000; none where the library was built without.
  package static var boxes: [String: SampleFile] {
    guard JPEG2000Decoder.isAvailable else { return [:] }
    func file(_ loops: SampleFile.Loop...) -> SampleFile {
      SampleFile(version: .v1_0, width: 21, height: 13, loops: loops)
    }
    let places = SampleFile.Loop.positions(
      .init(
        [.init(x: 10, y: 20, z: 30), .init(x: 11, y: -21, z: 31), .init(x: 12, y: 22, z: 32)],
        usesZ: true))
    var files = [
      "v1_single": file(),
      "v1_tpz": file(.time(count: 2), places, .zStack(count: 4)),
      "v1_spectral": file(.time(count: 3), .spectral),
      "v1_z_down": file(.zStack(.init(count: 5, stepUm: 1, type: 6, lowUm: -1, highUm: 3))),
      "v1_phases": file(
        .timePhases([
          .init(count: 4, periodMs: 10, isValid: false), .init(count: 3, periodMs: 2000),
        ])),
    ]
    var numbered = file(.time(count: 3), places, .spectral)
    numbered.channels = [.init("phase 40x", modality: .brightfield), .init("fluor & <GFP>")]
    numbered.flaws.numbersLoops = true
    files["v1_numbered_loops"] = numbered
    var plain = file(.time(count: 2), .custom(count: 2))
    plain.flaws.writesPlainTimeLoop = true
    files["v1_plain_time"] = plain
    var colour = file(.time(count: 2))
    colour.sampleType = .uint8
    colour.channels = [.rgb()]
    files["v1_rgb"] = colour
    for type in [SampleType.uint8, .int8, .int16] {
      var typed = file(.time(count: 2))
      typed.sampleType = type
      files["v1_\(type)"] = typed
    }
    var tiled = SampleFile(version: .v1_0, width: 75, height: 50, loops: [.time(count: 2)])
    tiled.storage.tileSide = 32
    tiled.channels = [.init("a"), .init("b"), .init("c")]
    files["v1_tiles"] = tiled
    var events = file(.time(count: 3))
    events.significantBitCount = 12
    events.events = [.init(timeMs: 12.5, meaning: 7, data: "Wait(2);")]
    files["v1_events"] = events
    return files
  }

  /// Version 2 with metadata in XML.
  package static var legacy: [String: SampleFile] {
    var files: [String: SampleFile] = [:]
    var full = SampleFile(
      version: .v2_2, width: 11, height: 7,
      channels: [
        .init("CFP", excitationNm: 445, emissionNm: 485),
        .init("phase & <more>", modality: .phaseContrast),
      ], loops: [.time(count: 2), .positions(count: 2), .zStack(count: 3), .spectral])
    full.textInfo = [.author: "A & B", .conclusion: "line 1\r\nline \"2\""]
    full.recordedColumns = [
      .init(
        id: "X", description: "X Coord", unit: "µm",
        values: .doubles((0..<12).map { Double($0) / 3 }))
    ]
    files["v2_tpzc"] = full
    files["v2_single"] = SampleFile(version: .v2_0, width: 7, height: 5)
    files["v2_rgb"] = SampleFile(
      version: .v2_1, width: 7, height: 5, sampleType: .uint8, channels: [.rgb()])
    var lossless = SampleFile(version: .v2_0, width: 9, height: 5, loops: [.time(count: 2)])
    lossless.storage.compression = .lossless
    files["v2_lossless"] = lossless
    files["v2_phases"] = SampleFile(
      version: .v2_1, width: 7, height: 5,
      loops: [
        .timePhases([.init(count: 2), .init(count: 4, isValid: false), .init(count: 3)])
      ])
    return files
  }
}
