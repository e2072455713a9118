package import ND2Format

/// Answers where and when each frame was taken (nd2-format §3.6).
///
/// Holds the columns that files keep for all frames; what is computed from them is computed for
/// one frame at a time.
package struct FrameFacts: Sendable {
  /// Which z position a frame of a stack is given.
  package enum ZRule: Sendable, Hashable {
    /// That of its plane.
    case ofPlane
    /// That of the lowest plane, as the Python package nd2 has it.
    case nd2Compatible
  }

  /// Loops of the experiment.
  package let loops: [ExperimentLoop]
  /// How the loops number the frames.
  package let layout: LoopLayout
  /// Stage position of the file, µm.
  package let stagePositionUm: StagePosition
  /// Time of the file's first picture, ms.
  package let timeMs: Double?
  /// Julian day number of the start, as stored.
  package let timeAbsolute: Double?

  /// Times of the frames, ms.
  package var times: [Double] = []
  /// States of the focus system.
  package var pfsStatus: [Int32] = []
  /// Recorded focus, µm.
  package var recordedZ: [Double] = []
  /// What frames say of themselves, by frame; only those of version 1.0 do.
  package var records: [Int: LegacyFrameRecord] = [:]
  /// Which z position a frame of a stack is given.
  package var zRule = ZRule.ofPlane

  private let positionPlace: Int?
  private let stackPlace: Int?

  package init(loops: [ExperimentLoop], layout: LoopLayout, picture: PictureMetadata) {
    self.loops = loops
    self.layout = layout
    stagePositionUm = picture.stagePositionUm
    timeMs = picture.timeMs
    timeAbsolute = picture.timeAbsolute
    positionPlace = loops.firstIndex { $0.type == .xyPositions }
    stackPlace = loops.firstIndex { $0.type == .zStack }
  }

  /// Where a frame was taken; frames behind the loops have the position of the file.
  package func position(ofFrame index: Int) -> FramePosition {
    if let record = records[index] { return self.position(ofFrame: index, record) }
    return plannedPosition(ofFrame: index)
  }

  /// Where a frame says that it was taken.
  private func position(ofFrame index: Int, _ record: LegacyFrameRecord) -> FramePosition {
    var position = plannedPosition(ofFrame: index)
    if let x = record.x { position.stagePositionUm.x = x }
    if let y = record.y { position.stagePositionUm.y = y }
    if let z = record.z { position.stagePositionUm.z = z }
    return position
  }

  /// Where the loops were to take a frame.
  private func plannedPosition(ofFrame index: Int) -> FramePosition {
    var position = stagePositionUm
    var name: String?
    if let place = positionPlace, case .xyPositions(let loop) = loops[place],
      let turn = layout.turn(ofFrame: index, loopAt: place), let point = loop.point(turn)
    {
      position = stagePosition(of: point, in: loop)
      name = point.name
    }
    if let place = stackPlace, case .zStack(let loop) = loops[place],
      let turn = layout.turn(ofFrame: index, loopAt: place)
    {
      switch zRule {
      case .ofPlane: position.z += loop.offsetUm(plane: turn)
      case .nd2Compatible:
        position.z -= Double(loop.parameters.homeIndex) * loop.parameters.stepUm
      }
    }
    return FramePosition(
      stagePositionUm: position, name: name,
      recordedZUm: recordedZ.indices.contains(index) ? recordedZ[index] : nil)
  }

  /// Where the stage stood at a point of a loop, µm; the focus is the file's unless the loop sets it.
  func stagePosition(of point: XYPosLoop.Point, in loop: XYPosLoop) -> StagePosition {
    var position = point.stagePositionUm
    if !loop.parameters.isSettingZ { position.z = stagePositionUm.z }
    return position
  }

  /// The loop over stage positions, if there is one, and its place in the experiment.
  var positionLoop: (place: Int, loop: XYPosLoop)? {
    guard let place = positionPlace, case .xyPositions(let loop) = loops[place] else { return nil }
    return (place, loop)
  }

  /// Whether the file's list of times has the frame.
  func hasListedTime(ofFrame index: Int) -> Bool {
    times.indices.contains(index) && times[index].isFinite || records[index]?.timeMs != nil
  }

  /// When a frame was taken.
  ///
  /// From the file's list of times; else from the eight bytes before the frame's pixels; else
  /// from the interval of the time loop; else the time of the file's first picture.
  ///
  /// - Parameter prefix: gives the time that stands before the frame's pixels, ms.
  package func time(
    ofFrame index: Int, prefix: () throws -> Double?
  ) rethrows -> FrameTime {
    let milliseconds: Double
    if let own = records[index]?.timeMs {
      milliseconds = own
    } else if hasListedTime(ofFrame: index) {
      milliseconds = times[index]
    } else if let own = try prefix(), own.isFinite, own >= 0 {
      milliseconds = own
    } else {
      milliseconds = plannedTime(ofFrame: index) ?? timeMs ?? 0
    }
    return FrameTime(
      absoluteJulianDayNumber: (timeAbsolute ?? 0) + milliseconds / 86_400_000,
      relativeTimeMs: milliseconds)
  }

  /// The time that the time loops plan for a frame, ms; nil without one, or without intervals.
  func plannedTime(ofFrame index: Int) -> Double? {
    var time: Double?
    for (place, loop) in loops.enumerated() {
      guard let turn = layout.turn(ofFrame: index, loopAt: place) else { continue }
      switch loop {
      case .time(let loop):
        guard let interval = loop.parameters.intervalMs ?? (loop.count == 1 ? 0 : nil) else {
          return nil
        }
        time = (time ?? 0) + loop.parameters.startMs + Double(turn) * interval
      case .neTime(let loop):
        guard let planned = loop.time(ofTurn: turn) else { return nil }
        time = (time ?? 0) + planned
      default: break
      }
    }
    return time
  }

  /// Everything about a frame.
  ///
  /// - Parameter prefix: gives the time that stands before the frame's pixels, ms.
  package func metadata(
    ofFrame index: Int, _ metadata: ImageMetadata, prefix: () throws -> Double?
  ) rethrows -> FrameMetadata {
    let position = position(ofFrame: index)
    let time = try time(ofFrame: index, prefix: prefix)
    let status = pfsStatus.indices.contains(index) ? Int(pfsStatus[index]) : nil
    return FrameMetadata(
      contents: metadata.contents,
      channels: metadata.channels.map {
        FrameChannel($0, position: position, time: time, pfsStatus: status)
      })
  }
}
