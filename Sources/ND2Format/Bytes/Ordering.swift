/// Sorting that is compiled once.
///
/// The standard library's `sorted(by:)` is compiled anew for every type of element, a thousand
/// instructions each. Sorting numbers of elements instead keeps the library small and quick to build;
/// where very many elements are sorted, `sorted(by:)` is faster.
package enum Ordering {
  /// The numbers below `count` in order; those that are equal stay as they are.
  @inline(never)
  package static func indices(
    _ count: Int, by isBefore: (_ left: Int, _ right: Int) -> Bool
  ) -> [Int] {
    (0..<count).sorted(by: isBefore)
  }
}
