extension SampleFile {
  /// A file for demonstrations: fluorescent cells that drift in time and go out of focus in z.
  ///
  /// It has the loops whose count is above 1, in the order time, position, z; channels named after
  /// common dyes; times, stage positions, recorded data, events and regions as a microscope would
  /// have written them. Equal arguments give equal bytes.
  ///
  /// - Parameters:
  ///   - width: width in pixels.
  ///   - height: height in pixels.
  ///   - times: number of time points, 10 s apart.
  ///   - positions: number of stage positions.
  ///   - slices: number of planes in z, 0.8 µm apart.
  ///   - channels: number of channels.
  public static func demo(
    width: Int = 512, height: Int = 512, times: Int = 3, positions: Int = 1, slices: Int = 5,
    channels: Int = 2
  ) -> SampleFile {
    let stepUm = 0.8
    var loops: [Loop] = []
    var places = CellScene.Loops()
    if times > 1 {
      places.time = loops.count
      var phase = TimePhase(count: times, periodMs: 10_000)
      phase.measuredPeriodMs = (10_000.5, 10_003, 9_998)
      loops.append(.time(phase))
    }
    if positions > 1 {
      places.position = loops.count
      loops.append(
        .positions(
          PositionList(
            (0..<positions).map { index in
              Position(
                x: 1200.5 + 350 * Double(index), y: -340.25 + 120 * Double(index % 3),
                z: 2500.75, name: "Field \(index + 1)")
            }, usesZ: true)))
    }
    if slices > 1 {
      places.z = (loops.count, slices, stepUm)
      loops.append(
        .zStack(ZStack(count: slices, stepUm: stepUm, isAbsolute: false, device: "Ti2 ZDrive")))
    }
    if channels > 1 { loops.append(.spectral) }

    var file = SampleFile(
      width: width, height: height, channels: (0..<max(1, channels)).map(demoChannel), loops: loops)
    file.significantBitCount = 12
    file.microscope.startJulianDay = 2_460_477.895_833_333_5
    file.microscope.cameraName = "Hamamatsu C11440-22C"
    file.pixels = .scene(
      CellScene(loops: places, maximum: 4095))
    file.frameTimes = .list((0..<file.frameCount).map { demoTime(ofFrame: $0, in: file) })
    file.application = demoApplication
    file.textInfo = [
      .author: "swift-nd2", .date: "6/16/2024  9:30:00 AM",
      .info1: "Made by 'nd2 sample'; no cell was harmed.",
    ]
    addDemoRecords(to: &file)
    return file
  }

  private static var demoApplication: Application {
    var application = Application()
    application.name = "swift-nd2 sample"
    application.version = "1.0"
    application.grabber = "Hamamatsu"
    return application
  }

  private static func demoChannel(_ index: Int) -> Channel {
    let dyes: [(String, Color, Double, Double, Double)] = [
      ("DAPI", Color(red: 64, green: 96, blue: 255), 395, 460, 80),
      ("GFP", Color(red: 60, green: 255, blue: 60), 475, 525, 120),
      ("mCherry", Color(red: 255, green: 64, blue: 48), 575, 632, 150),
      ("Cy5", Color(red: 220, green: 60, blue: 255), 640, 692, 200),
    ]
    let (name, color, excitation, emission, exposure) = dyes[index % dyes.count]
    return Channel(
      index < dyes.count ? name : "\(name) \(index / dyes.count + 1)", color: color,
      excitationNm: excitation, emissionNm: emission, modality: .spinningDisk,
      exposureMs: exposure)
  }

  /// The planned time, the time that the frames before it took, and a little jitter.
  private static func demoTime(ofFrame frame: Int, in file: SampleFile) -> Double {
    var time = 0.0
    var within = frame
    if case .time(let phase)? = file.loops.first {
      let inner = max(1, file.frameCount / max(1, phase.count))
      time = Double(frame / inner) * phase.periodMs
      within = frame % inner
    }
    let exposure = file.channels.reduce(0) { $0 + ($1.exposureMs ?? 0) }
    let jitter = Double(SplitMix64.mix(UInt64(frame) &+ 7) % 1000) / 400
    return 12.5 + time + Double(within) * (exposure + 35) + jitter
  }

  /// Recorded data, events and regions.
  private static func addDemoRecords(to file: inout SampleFile) {
    let frames = 0..<file.frameCount
    let stage = frames.map { file.stage(ofFrame: $0) }
    file.recordedColumns = [
      RecordedColumn(
        id: "CameraTemp1", description: "Camera 1 Temperature", unit: "°C", group: 2,
        values: .doubles(frames.map { -20 + Double($0 % 3) * 0.1 })),
      RecordedColumn(
        id: "PFS_STATUS", description: "PFS Status", group: 1,
        values: .integers(frames.map { _ in 1 })),
      RecordedColumn(
        id: "X", description: "X Coord", unit: "µm", group: 1, values: .doubles(stage.map(\.x))),
      RecordedColumn(
        id: "Y", description: "Y Coord", unit: "µm", group: 1, values: .doubles(stage.map(\.y))),
      RecordedColumn(
        id: "Z1", description: "Ti2 ZDrive", unit: "µm", group: 1,
        values: .doubles(stage.map(\.z))),
    ]
    let end = file.timeMs(ofFrame: max(0, file.frameCount - 1))
    file.events = [
      Event(timeMs: 0, meaning: 17, id: 1, description: "Experiment started"),
      Event(timeMs: end / 2, meaning: 33, id: 2, description: "Medium added"),
    ]
    var cell = Region(id: 1, shape: 4, centerX: -0.2, centerY: 0.1, sizeX: 0.3, sizeY: 0.22)
    cell.label = "cell"
    cell.guid = "{6F1B7C1E-0001-4D6C-9B3E-5A3C6E0D0001}"
    var background = Region(
      id: 2, shape: 3, centerX: 0.8, centerY: -0.8, sizeX: 0.2, sizeY: 0.2)
    background.label = "background"
    background.interpretation = 2
    background.guid = "{6F1B7C1E-0002-4D6C-9B3E-5A3C6E0D0002}"
    file.regions = [cell, background]
  }

  /// Where the stage stands when a frame is taken.
  private func stage(ofFrame frame: Int) -> Position {
    var place = description.microscope.stage
    for (loop, index) in zip(description.loops, loopIndices(ofFrame: frame)) {
      switch loop {
      case .positions(let list):
        let point = list.points.filter(\.isValid)[index]
        (place.x, place.y) = (point.x, point.y)
        if list.usesZ { place.z = point.z }
      case .zStack(let stack):
        place.z += (Double(index) - Double(stack.count - 1) / 2) * stack.stepUm
      default: break
      }
    }
    return place
  }
}
