/// Geometry and calibration of a channel.
public struct Volume: Sendable, Hashable, Codable {
  /// What runs along an axis of the image.
  public enum AxisInterpretation: String, Sendable, Hashable, Codable {
    /// A length.
    case distance
    /// Time, as in line scans.
    case time
  }

  /// Whether the axes x, y, z are calibrated.
  public var axesCalibrated: [Bool]
  /// Size of a voxel along x, y, z, µm; 1 where it is unknown.
  public var axesCalibration: [Double]
  /// What runs along x, y, z.
  public var axesInterpretation: [AxisInterpretation]
  /// Bits that a sample takes.
  public var bitsPerComponentInMemory: Int
  /// Bits of a sample that carry information.
  public var bitsPerComponentSignificant: Int
  /// Rotation and flip from the camera to the stage, row-major 2×2.
  public var cameraTransformationMatrix: [Double]
  /// Components of the channel.
  public var componentCount: Int
  /// What kind of number a sample is.
  public var componentDataType: ImageAttributes.PixelDataType
  /// Columns, rows, planes of the focus loop.
  public var voxelCount: [Int]
  /// Largest value of each component; files do not record it, so 0.
  public var componentMaxima: [Double]?
  /// Smallest value of each component; files do not record it, so 0.
  public var componentMinima: [Double]?
  /// From pixel to stage: row-major 2×3, to be applied to column, row, 1 and added to the stage
  /// position, µm; nil when the stage or the calibration is unknown.
  public var pixelToStageTransformationMatrix: [Double]?

  /// Creates a description.
  public init(
    axesCalibrated: [Bool], axesCalibration: [Double], axesInterpretation: [AxisInterpretation],
    bitsPerComponentInMemory: Int, bitsPerComponentSignificant: Int,
    cameraTransformationMatrix: [Double], componentCount: Int,
    componentDataType: ImageAttributes.PixelDataType, voxelCount: [Int],
    componentMaxima: [Double]? = nil, componentMinima: [Double]? = nil,
    pixelToStageTransformationMatrix: [Double]? = nil
  ) {
    self.axesCalibrated = axesCalibrated
    self.axesCalibration = axesCalibration
    self.axesInterpretation = axesInterpretation
    self.bitsPerComponentInMemory = bitsPerComponentInMemory
    self.bitsPerComponentSignificant = bitsPerComponentSignificant
    self.cameraTransformationMatrix = cameraTransformationMatrix
    self.componentCount = componentCount
    self.componentDataType = componentDataType
    self.voxelCount = voxelCount
    self.componentMaxima = componentMaxima
    self.componentMinima = componentMinima
    self.pixelToStageTransformationMatrix = pixelToStageTransformationMatrix
  }
}

extension DeviceSetting {
  /// The matrix from pixels to the stage: its origin is the middle of the image (nd2-format
  /// §3.2.5).
  func pixelToStage(
    camera matrix: [Double], pixelSizeUm size: Double, width: Int, height: Int
  ) -> [Double]? {
    guard usesXY, matrix.count == 4 else { return nil }
    func row(_ orientation: Double, _ first: Double, _ second: Double) -> [Double] {
      let x = orientation * size * first
      let y = orientation * size * second
      return [x, y, -0.5 * (x * Double(width) + y * Double(height))]
    }
    return row(orientationX, matrix[0], matrix[1]) + row(orientationY, matrix[2], matrix[3])
  }
}
