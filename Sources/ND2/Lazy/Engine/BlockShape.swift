/// Chooses how large a part of an array is worked on at a time.
struct BlockShape {
  /// Sizes of the whole.
  let sizes: AxisSizes
  /// Places of axes that may be divided.
  let divisible: [Int]

  /// Halves axes until the weight is no greater than `most`, or nothing is left to halve.
  ///
  /// Rows are divided first: parts of a frame that stay in the processor's cache. Columns come last,
  /// as rows lie in the file as a whole.
  func shrunk(_ shape: [Int], to most: Int, weight: ([Int]) -> Int) -> [Int] {
    var shape = shape
    while weight(shape) > most {
      guard let place = divisible.filter({ shape[$0] > 1 }).max(by: { rank($0) < rank($1) })
      else { break }
      shape[place] = (shape[place] + 1) / 2
    }
    return shape
  }

  /// Doubles axes, the innermost first, as long as the weight is no greater than `most`.
  ///
  /// - Parameter isAllowed: whether a shape will do otherwise.
  func grown(
    _ shape: [Int], to most: Int, weight: ([Int]) -> Int, isAllowed: ([Int]) -> Bool
  ) -> [Int] {
    var shape = shape
    for place in divisible.reversed() {
      while shape[place] < sizes[place].count {
        var larger = shape
        larger[place] = min(sizes[place].count, shape[place] * 2)
        guard weight(larger) <= most, isAllowed(larger) else { break }
        shape = larger
      }
      // A block is a run of neighbours: no axis grows before those inside it are whole.
      if shape[place] < sizes[place].count { break }
    }
    return shape
  }

  private func rank(_ place: Int) -> Int {
    switch sizes[place].axis {
    case .y: 3
    case .x: 0
    case .sample: 1
    default: 2
    }
  }

  /// Number of blocks of that shape.
  static func count(_ shape: [Int], of sizes: AxisSizes) -> Int {
    zip(shape, sizes).reduce(1) { product, item in
      let blocks = (item.1.count + item.0 - 1) / max(1, item.0)
      let (value, overflow) = product.multipliedReportingOverflow(by: blocks)
      return overflow ? .max : value
    }
  }
}

/// The blocks of an array, row-major.
struct BlockGrid: Sendable {
  let sizes: AxisSizes
  let shape: [Int]
  let counts: [Int]
  let count: Int

  init(_ sizes: AxisSizes, shape: [Int]) {
    self.sizes = sizes
    self.shape = shape
    counts = zip(shape, sizes).map { ($1.count + $0 - 1) / max(1, $0) }
    count = BlockShape.count(shape, of: sizes)
  }

  /// The n-th block.
  func region(_ number: Int) -> LazyRegion {
    var rest = number
    var ranges = [Range<Int>](repeating: 0..<0, count: shape.count)
    for place in shape.indices.reversed() {
      let index = rest % counts[place]
      rest /= counts[place]
      let start = index * shape[place]
      ranges[place] = start..<min(start + shape[place], sizes[place].count)
    }
    return LazyRegion(ranges)
  }
}
