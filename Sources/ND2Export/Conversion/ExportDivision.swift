public import ND2

/// Which planes go into files of their own; nothing for one file of all.
///
/// ```swift
/// options.division = [.positions, .channels]     // NAME_P0_C0.ome.tif, NAME_P0_C1.ome.tif, …
/// ```
public struct ExportDivision: OptionSet, Sendable, Hashable {
  /// The bits, one for each axis.
  public let rawValue: Int

  /// Creates a division from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A file for each stage position, `NAME_P0`.
  public static let positions = ExportDivision(rawValue: 1)
  /// A file for each time point, `NAME_T0`.
  public static let timePoints = ExportDivision(rawValue: 2)
  /// A file for each channel, `NAME_C0`.
  public static let channels = ExportDivision(rawValue: 4)

  /// The axes that are divided, in the order of names.
  public var axes: [Axis] {
    [(Self.positions, Axis.position), (.timePoints, .time), (.channels, .channel)]
      .filter { contains($0.0) }.map(\.1)
  }
}

extension ExportDivision {
  /// A part of a divided export, and what its name has in addition.
  package struct Piece: Sendable, Hashable {
    /// What of the file is in it.
    package var ranges: ArraySelection
    /// Such as `_P0_C1`; empty when nothing is divided.
    package var suffix: String
  }

  /// The parts of a selection, by position, time and channel.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a range outside its axis.
  package func pieces(of ranges: ArraySelection, in file: ND2File) throws -> [Piece] {
    var pieces = [Piece(ranges: ranges, suffix: "")]
    for axis in axes {
      let count =
        axis == .channel
        ? file.channelLayout.channelAxisCount : file.loopLayout.axes[axis] ?? 1
      let range = ranges.ranges[axis] ?? 0..<count
      guard range.lowerBound >= 0, range.upperBound <= count else {
        throw ND2Error(
          .invalidRequest, "axis \(axis) has \(count) elements; \(range) is not a part of them",
          at: .init(file: file.path))
      }
      let isAxis = axis == .channel ? file.sizes[axis] != nil : file.loopLayout.axes[axis] != nil
      pieces = pieces.flatMap { piece in
        range.map { index in
          Piece(
            ranges: isAxis ? piece.ranges.with(axis, index) : piece.ranges,
            suffix: piece.suffix + Self.suffix(axis, index, most: range.upperBound - 1))
        }
      }
    }
    return pieces
  }

  /// A letter and a number, with as many digits as the greatest one has.
  static func suffix(_ axis: Axis, _ number: Int, most: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, String(most).count - digits.count))
    return "_\(axis.rawValue)\(zeros)\(digits)"
  }
}
