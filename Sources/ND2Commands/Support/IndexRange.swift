import ArgumentParser
import ND2

/// A range of indices along an axis as people write it: `3`, `2:5`, `:5`, `2:`; the end is not in it.
struct IndexRange: Equatable, Sendable, ExpressibleByArgument {
  /// The first index; nil for the first that there is.
  var lower: Int?
  /// One more than the last index; nil for as far as the axis goes.
  var upper: Int?

  /// One index.
  init(index: Int) { (lower, upper) = (index, index + 1) }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    switch parts.count {
    case 1:
      guard let index = Self.number(parts[0]), index < Int.max else { return nil }
      (lower, upper) = (index, index + 1)
    case 2:
      for (part, isLower) in [(parts[0], true), (parts[1], false)] where !part.isEmpty {
        guard let number = Self.number(part) else { return nil }
        if isLower { lower = number } else { upper = number }
      }
      if let lower, let upper, lower >= upper { return nil }
    default: return nil
    }
  }

  /// Only digits: a sign or a letter is a mistake of the user.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }

  /// The range on an axis of so many elements.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when it goes beyond the axis.
  func resolved(count: Int, axis: Axis) throws -> Range<Int> {
    let (low, high) = (lower ?? 0, upper ?? count)
    guard low < high, high <= count else {
      throw ND2Error(
        .invalidRequest,
        "--\(axis.rawValue.lowercased()) \(description) goes beyond the \(count) that the file has")
    }
    return low..<high
  }

  var description: String {
    if let lower, upper == lower + 1 { return "\(lower)" }
    return "\(lower.map(String.init) ?? ""):\(upper.map(String.init) ?? "")"
  }
}
