/// The well that a frame was taken in.
public struct WellFrame: Hashable, Sendable {
  /// Index of the plate.
  public var plateIndex: Int
  /// Identity of the plate; empty when the file does not say it.
  public var plateUUID: String
  /// Index of the frame.
  public var frameIndex: Int
  /// Index of the well.
  public var wellIndex: Int
  /// Name of the well, such as `A1`.
  public var wellName: String
  /// Short name of the well.
  public var wellCompactName: String
  /// Column of the well, from 0.
  public var column: Int
  /// Row of the well, from 0.
  public var row: Int

  /// Creates an entry.
  public init(
    plateIndex: Int = 0, plateUUID: String = "", frameIndex: Int, wellIndex: Int,
    wellName: String, wellCompactName: String? = nil, column: Int, row: Int
  ) {
    self.plateIndex = plateIndex
    self.plateUUID = plateUUID
    self.frameIndex = frameIndex
    self.wellIndex = wellIndex
    self.wellName = wellName
    self.wellCompactName = wellCompactName ?? wellName
    self.column = column
    self.row = row
  }
}

extension WellFrame: Codable {
  private enum CodingKeys: String, CodingKey {
    case plateIndex
    case plateUUID = "plateUuid"
    case frameIndex = "seqIndex"
    case wellIndex, wellName, wellCompactName
    case column = "wellColIndex"
    case row = "wellRowIndex"
  }
}
