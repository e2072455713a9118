import ND2

extension ImageGroup.Scale {
  /// What a file says of the distances of its pixels, planes and time points.
  init(of file: ND2File) {
    let voxel = file.voxelSize
    let isCalibrated = voxel.x.isFinite && voxel.x > 0 && voxel.y.isFinite && voxel.y > 0
    let isKnown =
      isCalibrated
      && (voxel.x != 1
        || file.metadata.channels.first.map {
          $0.volume.axesCalibrated.first ?? false
        } ?? false)
    if isKnown { (x, y) = (voxel.x, voxel.y) }
    if let stack = file.experiment.zStack, stack.parameters.stepUm != 0, voxel.z.isFinite,
      voxel.z > 0
    {
      z = voxel.z
    }
    // Times that other loops are unrolled into have no one interval.
    let isPlain = file.loopLayout.axes.allSatisfy {
      $0.axis == .time || $0.axis == .z || $0.axis == .position || $0.count == 1
    }
    if isPlain, file.loopLayout.loops.count(where: { $0.axis == .time }) == 1 {
      timeMs = Self.interval(of: file)
    }
  }

  /// The interval of time points in ms.
  private static func interval(of file: ND2File) -> Double? {
    let interval =
      file.experiment.time?.parameters.intervalMs
      ?? file.experiment.neTime?.parameters.periods.first?.intervalMs
    guard let interval, interval.isFinite, interval > 0 else { return nil }
    return interval
  }
}
