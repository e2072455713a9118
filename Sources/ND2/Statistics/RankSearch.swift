/// Finds the elements of some ranks in ascending order, of samples whose ordered keys were counted
/// by their first 16 bits: with each further pass the next 16 bits become known.
struct RankSearch: Sendable {
  /// The elements of a channel that are looked for.
  struct Target: Sendable {
    /// The row of the statistics.
    let row: Int
    /// The rank among all elements of the row.
    let rank: Int
    /// The first bits of the key, as far as they are known.
    var prefix: UInt64 = 0
    /// The rank among those elements whose keys begin with the prefix.
    var restRank: Int
  }

  private(set) var targets: [Target]

  /// - Parameter ranks: the ranks that are looked for in each row.
  init(_ ranks: [(row: Int, ranks: Set<Int>)]) {
    targets = ranks.flatMap { row, ranks in
      ranks.sorted().map { Target(row: row, rank: $0, restRank: $0) }
    }
  }

  /// Takes the next 16 bits of the keys of some targets from the counts of those that begin alike.
  mutating func advance(
    _ places: Range<Int>, _ counts: (Target) -> UnsafeBufferPointer<UInt64>?
  ) {
    for place in places {
      var digit = 0
      if let counts = counts(targets[place]) {
        var rest = targets[place].restRank
        digit = counts.count - 1
        for (bin, count) in counts.enumerated() {
          let count = Int(clamping: count)
          if rest < count {
            digit = bin
            break
          }
          rest -= count
        }
        targets[place].restRank = rest
      }
      targets[place].prefix =
        targets[place].prefix << UInt64(CountKernels.digitBits) | UInt64(digit)
    }
  }

  /// The keys that were found, by row and rank.
  func keys(row: Int) -> [Int: UInt64] {
    var keys: [Int: UInt64] = [:]
    for target in targets where target.row == row { keys[target.rank] = target.prefix }
    return keys
  }
}
