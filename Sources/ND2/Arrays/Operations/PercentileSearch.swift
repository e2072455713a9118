// How percentiles are found: by counting digits of all elements, or by selection among few.
extension AnyNDArray {
  /// Elements of one result that are copied to be selected from; more are counted where they are.
  private static let mostSelected = 1 << 20
  /// Elements that are copied at a time, about.
  private static let selected = 1 << 18

  /// Percentiles of all elements; by one thread for each core when no number is given.
  func percentiles(_ percents: [Double], threads: Int?) throws -> [Double] {
    let ranks = try percents.map { try Rank($0, of: count) }
    if count == 0 { return percents.map { _ in .nan } }
    let bits = CountKernels.keyBits(sampleType)
    let first = try DigitCounts(
      self, shift: bits - CountKernels.digitBits, prefix: 0, threads: threads)
    if first.hasNaN { return percents.map { _ in .nan } }
    var numbers: [Int: Double] = [:]
    let wanted = Set(ranks.flatMap { [$0.lower, $0.upper] })
    let items = wanted.map { rank in
      let found = first.digit(of: rank)
      return RankedDigit(place: rank, rank: found.rank, prefix: UInt64(found.digit))
    }
    try refine(items, shift: bits - CountKernels.digitBits, threads, &numbers)
    return ranks.map { $0.between(numbers[$0.lower] ?? .nan, numbers[$0.upper] ?? .nan) }
  }

  /// A wanted element: the upper bits of its key, and its rank among the elements that have them.
  private struct RankedDigit {
    var place: Int
    var rank: Int
    var prefix: UInt64
  }

  /// Finds the rest of the keys.
  private func refine(
    _ items: [RankedDigit], shift: Int, _ threads: Int?, _ numbers: inout [Int: Double]
  ) throws {
    if shift == 0 {
      for item in items { numbers[item.place] = CountKernels.number(item.prefix, sampleType) }
      return
    }
    let next = shift - CountKernels.digitBits
    for (prefix, group) in Dictionary(grouping: items, by: \.prefix) {
      let counts = try DigitCounts(self, shift: next, prefix: prefix, threads: threads)
      let found = group.map { item in
        let found = counts.digit(of: item.rank)
        return RankedDigit(
          place: item.place, rank: found.rank,
          prefix: prefix << UInt64(CountKernels.digitBits) | UInt64(found.digit))
      }
      try refine(found, shift: next, threads, &numbers)
    }
  }

  /// Percentiles along axes; by one thread for each core when no number is given.
  func percentile(_ percent: Double, over axes: [Axis], threads: Int?) throws -> AnyNDArray {
    let plan = try ReductionPlan(self, over: axes)
    let result = try ResultArray(plan.sizes, .float64, like: plan.kept.map { layout.strides[$0] })
    let each = count == 0 ? 0 : plan.reduced.reduce(1) { $0 * sizes[$1].count }
    let rank = try Rank(percent, of: each)
    nonisolated(unsafe) let results = result.array.storage.pointer(Double.self)
    guard each > 0 else {
      results.update(repeating: .nan, count: result.array.count)
      return result.array
    }
    let array = self
    let order = result.order.map { plan.kept[$0] }
    let threads = ParallelWork.threadCount(threads, byteCount: byteCount)
    if each > Self.mostSelected {
      // Each of the few results from its elements where they are.
      for index in 0..<result.array.count {
        results[index] = try array.elements(of: index, kept: order)
          .percentiles([percent], threads: threads)[0]
      }
      return result.array
    }
    if each <= ColumnSortKernels.mostRows {
      try sortColumns(plan.reduced, order, each, rank, results, threads)
    } else {
      try select(plan.reduced, order, each, rank, results, threads)
    }
    return result.array
  }

  /// Percentiles of few elements for each result: they become rows, whose columns are sorted.
  private func sortColumns(
    _ reduced: [Int], _ kept: [Int], _ each: Int, _ rank: Rank,
    _ results: UnsafeMutablePointer<Double>, _ threads: Int
  ) throws {
    nonisolated(unsafe) let results = results
    let (array, pairs) = (self, ColumnSortKernels.pairs(each))
    let pieces = ReductionPieces(
      layout.permuted(reduced + kept), kept: reduced.count..<(reduced.count + kept.count),
      most: Swift.max(256, (1 << 18) / (each * sampleType.byteCount)))
    try ParallelWork.run(count: pieces.count, threads: threads) { number in
      let piece = pieces.piece(number)
      let copy = AnyNDArray(
        layout: piece.layout, sampleType: array.sampleType, storage: array.storage
      ).copied()
      let elements = UnsafeMutableRawPointer(copy.storage.pointer(UInt8.self))
      let block = RowBlock(width: piece.count, rows: each, stride: piece.count)
      ColumnSortKernels.mark(array.sampleType, elements, block, results + piece.start)
      ColumnSortKernels.sort(array.sampleType, elements, width: piece.count, pairs)
      ColumnSortKernels.between(array.sampleType, elements, block, rank, results + piece.start)
      withExtendedLifetime(copy) {}
    }
  }

  /// Percentiles by selection among the elements of each result, which are copied side by side.
  private func select(
    _ reduced: [Int], _ kept: [Int], _ each: Int, _ rank: Rank,
    _ results: UnsafeMutablePointer<Double>, _ threads: Int
  ) throws {
    nonisolated(unsafe) let results = results
    let array = self
    let pieces = ReductionPieces(
      layout.permuted(kept + reduced), kept: 0..<kept.count,
      most: Swift.max(1, Swift.min(1 << 14, Self.selected / each)))
    try ParallelWork.run(count: pieces.count, threads: threads) { number in
      let piece = pieces.piece(number)
      let copy = AnyNDArray(
        layout: piece.layout, sampleType: array.sampleType, storage: array.storage
      ).copied()
      let elements = UnsafeMutableRawPointer(copy.storage.pointer(UInt8.self))
      let size = each * array.sampleType.byteCount
      for index in 0..<piece.count {
        let found = SelectKernels.neighbours(
          array.sampleType, elements + index * size, count: each, rank)
        results[piece.start + index] = found.map { rank.between($0.0, $0.1) } ?? .nan
      }
      withExtendedLifetime(copy) {}
    }
  }

  /// All elements that belong to one result.
  private func elements(of index: Int, kept: [Int]) -> AnyNDArray {
    var slices = layout.sizes.map { ResolvedSlice.all($0.count) }
    var rest = index
    for place in kept.reversed() {
      slices[place] = ResolvedSlice(
        start: rest % layout.sizes[place].count, count: 1, step: 1, keepsAxis: false)
      rest /= layout.sizes[place].count
    }
    return AnyNDArray(layout: layout.sliced(slices), sampleType: sampleType, storage: storage)
  }
}
