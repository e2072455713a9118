import ND2Format

extension ND2File {
  /// A label for each stage position: its name, or `XYPos:` and its index where it has none.
  ///
  /// Empty for files without a loop over positions.
  public var positionLabels: [String] {
    positionNames.enumerated().map { index, name in name ?? "XYPos:\(index)" }
  }

  /// The index along axis P of the stage position of that label.
  ///
  /// ```swift
  /// let well = try file.read(ArraySelection(.position, file.positionIndex(named: "B07")))
  /// ```
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest``, naming the positions that there are.
  public func positionIndex(named label: String) throws -> Int {
    let labels = positionLabels
    if let index = labels.firstIndex(of: label) { return index }
    let known = labels.prefix(20).joined(separator: ", ") + (labels.count > 20 ? ", …" : "")
    throw ND2Error.invalidRequest(
      labels.isEmpty
        ? "there is no position '\(label)': the file has no loop over positions"
        : "there is no position '\(label)', but \(known)"
    ).inFile(path)
  }
}
