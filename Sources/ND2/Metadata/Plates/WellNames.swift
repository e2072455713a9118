extension WellPlateDecoder {
  /// The plate that the names of stage positions suggest: all of them letters and a number, `B07`.
  ///
  /// - Parameters:
  ///   - positionNames: names of the positions, by index; a position without name is no well.
  ///   - positionOfFrame: index of the position of each frame, by frame index.
  /// - Returns: nil when a name does not have that form. Several positions of one name are several
  ///   fields of view of one well.
  package static func plate(
    positionNames: [String?], positionOfFrame: [Int]
  ) -> WellPlate? {
    var wells: [(name: String, row: Int, column: Int)] = []
    for name in positionNames {
      guard let name, let place = place(name) else { return nil }
      wells.append((name, place.row, place.column))
    }
    guard !wells.isEmpty else { return nil }
    let columnCount = (wells.map(\.column).max() ?? 0) + 1
    let rowCount = (wells.map(\.row).max() ?? 0) + 1
    let frames = positionOfFrame.enumerated().compactMap { frame, position -> WellFrame? in
      guard wells.indices.contains(position) else { return nil }
      let well = wells[position]
      return WellFrame(
        frameIndex: frame, wellIndex: well.row * columnCount + well.column, wellName: well.name,
        wellCompactName: WellPlate.letters(well.row) + String(well.column + 1),
        column: well.column, row: well.row)
    }
    return WellPlate(
      source: .positionNames, rowCount: rowCount, columnCount: columnCount,
      rowNaming: rowCount == 1 ? "A" : "A-\(WellPlate.letters(rowCount - 1))",
      columnNaming: columnCount == 1 ? "1" : "1-\(columnCount)", frames: frames)
  }

  /// Row and column, from 0, of a name such as `B07`.
  package static func place(_ name: String) -> (row: Int, column: Int)? {
    let letters = name.utf8.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    let digits = name.utf8.dropFirst(letters.count)
    // Real plates have at most 32 rows and 48 columns.
    guard (1...3).contains(letters.count), (1...6).contains(digits.count),
      digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(String(decoding: digits, as: UTF8.self)), number >= 1
    else { return nil }
    let row = letters.reduce(0) { $0 * 26 + Int($1 - UInt8(ascii: "A")) + 1 }
    return (row - 1, number - 1)
  }
}
