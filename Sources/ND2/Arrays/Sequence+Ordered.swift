import ND2Format

extension Sequence {
  /// The elements in order; those that are equal stay as they are. For thousands of them, not for
  /// millions: see `Ordering`.
  package func ordered(by isBefore: (Element, Element) -> Bool) -> [Element] {
    let all = Array(self)
    return Ordering.indices(all.count) { isBefore(all[$0], all[$1]) }.map { all[$0] }
  }
}
