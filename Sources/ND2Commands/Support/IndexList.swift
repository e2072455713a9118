import ArgumentParser
import ND2

/// Indices along an axis as people write them: `3`, `2:5`, `:5`, `2:`, `0:10:2`, or several of these
/// with commas between; the end of a range is not in it.
struct IndexList: Equatable, Sendable, ExpressibleByArgument {
  /// One part between commas.
  struct Part: Equatable, Sendable {
    /// The range.
    var range: IndexRange
    /// Distance between the indices that are taken.
    var step: Int
  }

  /// The parts, as they were written.
  var parts: [Part] = []
  private let text: String

  init?(argument: String) {
    text = argument
    for piece in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let fields = piece.split(separator: ":", omittingEmptySubsequences: false)
      var step = 1
      var range = String(piece)
      if fields.count == 3 {
        guard let number = Int(fields[2]), number > 0,
          fields[2].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        step = number
        range = "\(fields[0]):\(fields[1])"
      }
      guard let parsed = IndexRange(argument: range) else { return nil }
      parts.append(Part(range: parsed, step: step))
    }
  }

  /// The indices on an axis of so many elements, ascending, each once.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when one goes beyond the axis.
  func resolved(count: Int, axis: Axis) throws -> [Int] {
    var indices: Set<Int> = []
    for part in parts {
      let range = try part.range.resolved(count: count, axis: axis)
      indices.formUnion(stride(from: range.lowerBound, to: range.upperBound, by: part.step))
    }
    return indices.sorted()
  }
}

/// A rectangle as people write it: `x,y,width,height`, in pixels from the top left corner.
struct CropArgument: Equatable, Sendable, ExpressibleByArgument {
  var x: Range<Int>
  var y: Range<Int>

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard numbers.count == 4, let left = numbers[0], let top = numbers[1], let width = numbers[2],
      let height = numbers[3], width > 0, height > 0, left <= 1 << 31, top <= 1 << 31,
      width <= 1 << 31, height <= 1 << 31
    else { return nil }
    x = left..<(left + width)
    y = top..<(top + height)
  }
}
