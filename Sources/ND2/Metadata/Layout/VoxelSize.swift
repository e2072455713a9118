package import ND2Format

/// Distance between voxels, µm.
public struct VoxelSize: Sendable, Hashable, Codable {
  /// Along the columns, µm; 1 when it is unknown.
  public var x: Double
  /// Along the rows, µm; 1 when it is unknown.
  public var y: Double
  /// Between focus planes, µm; 1 when there are none.
  public var z: Double

  /// Creates a size.
  public init(x: Double = 1, y: Double = 1, z: Double = 1) {
    self.x = x
    self.y = y
    self.z = z
  }
}

/// The calibration chunk, which repeats what the picture metadata says (`SLxCalibration`).
package struct CalibrationRecord: Sendable, Hashable {
  /// Size of a pixel, µm; nil when it is not above zero.
  package var calibrationUm: Double?
  /// Whether it is valid.
  package var isValid = false
  /// Name of the objective.
  package var objectiveName: String?

  package init() {}

  /// Decodes the chunk.
  package init(_ root: MetadataValue) {
    let tree = root.content(named: "SLxCalibration")
    calibrationUm = tree.positive("dCalibration")
    isValid = tree.flag("bValid") ?? false
    objectiveName = tree.text("sObjective")
  }
}

/// Size of a voxel and whether it was measured, from wherever a file says it (nd2-format §3.2.6).
struct Calibration: Sendable, Hashable {
  var voxelSize: VoxelSize
  var isXYCalibrated: Bool
  var isZCalibrated: Bool

  init(picture: PictureMetadata, record: CalibrationRecord, loops: [ExperimentLoop]) {
    let step = loops.zStack?.parameters.stepUm ?? 0
    let pixel = picture.calibrationUm ?? record.calibrationUm ?? 1
    voxelSize = VoxelSize(x: pixel, y: pixel, z: step != 0 && step.isFinite ? abs(step) : 1)
    isXYCalibrated =
      picture.isCalibrated
      || (picture.calibrationUm == nil && record.calibrationUm != nil && record.isValid)
    isZCalibrated = step > 0
  }
}
