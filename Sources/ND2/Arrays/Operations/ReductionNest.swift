/// The loops that bring the elements of a view to the accumulators of a reduction.
struct ReductionNest {
  /// One loop, or several that lie one after the other.
  struct Loop {
    var count: Int
    /// Distance of neighbours in the storage, in elements.
    var stride: Int
    /// Distance of their accumulators; 0 where all have the same.
    var out: Int
  }

  /// Loops over elements with accumulators of their own, the innermost last.
  private(set) var kept: [Loop] = []
  /// Loops over elements that share accumulators, the innermost last.
  private(set) var reduced: [Loop] = []
  /// Place of the first element in the storage.
  private(set) var offset: Int
  /// Elements for each accumulator.
  let elementsPerResult: Int
  /// Whether there is nothing to do.
  let isEmpty: Bool

  /// Rows at least so long are taken as rows, or as columns.
  private static let long = 16
  /// Elements that are gathered at a time.
  private static let gathered = 4096

  /// Loops over a view.
  ///
  /// - Parameters:
  ///   - layout: where the elements are.
  ///   - places: the places of the axes that stay, in the order of the accumulators, which are dense
  ///     and row-major.
  init(_ layout: StridedLayout, keeping places: [Int]) {
    var out = [Int](repeating: 0, count: layout.sizes.count)
    var distance = 1
    for place in places.reversed() {
      out[place] = distance
      distance &*= layout.sizes[place].count
    }
    var (number, offset) = (1, layout.offset)
    var keptLoops: [Loop] = []
    var reducedLoops: [Loop] = []
    for place in layout.sizes.indices where layout.sizes[place].count != 1 {
      let (count, stride) = (layout.sizes[place].count, layout.strides[place])
      if places.contains(place) {
        keptLoops.append(Loop(count: count, stride: stride, out: out[place]))
      } else {
        number &*= count
        // The order does not matter, so everything goes forward.
        if stride < 0 { offset += (count - 1) * stride }
        reducedLoops.append(Loop(count: count, stride: abs(stride), out: 0))
      }
    }
    isEmpty = layout.count == 0
    elementsPerResult = number
    self.offset = offset
    if isEmpty { return }
    kept = Self.joined(keptLoops)
    reduced = Self.joined(reducedLoops)
  }

  /// Loops from the widest stride to the smallest, with those that follow one another made one.
  private static func joined(_ loops: [Loop]) -> [Loop] {
    var joined: [Loop] = []
    for loop in loops.ordered(by: { abs($0.stride) > abs($1.stride) }) {
      if let outer = joined.last, outer.stride == loop.stride * loop.count,
        outer.out == loop.out * loop.count
      {
        joined[joined.count - 1] = Loop(
          count: outer.count * loop.count, stride: loop.stride, out: loop.out)
      } else {
        joined.append(loop)
      }
    }
    return joined
  }

  /// Whether columns of results cannot be columns of the storage, so that it is better to copy the
  /// elements into the order of the results first.
  var wantsCopy: Bool {
    guard let inner = kept.last, kept.count > 1, inner.out != 1 else { return false }
    return reduced.last.map { $0.count < Self.long || $0.stride > abs(inner.stride) } ?? true
  }

  /// Brings all elements to their accumulators.
  ///
  /// - Parameter seen: elements that the accumulators have seen.
  func run(
    _ source: UnsafeRawPointer, elementByteCount size: Int, into state: any ReductionState,
    seen: Int
  ) {
    if isEmpty { return }
    let run = Run(state: state, size: size, start: seen)
    let first = source + offset * size
    if let place = rowPlace {
      var (outerKept, outerReduced) = (kept, reduced)
      let row = outerReduced.remove(at: place)
      let lines = outerKept.popLast() ?? Loop(count: 1, stride: 0, out: 0)
      run.each(outerKept[...], first, 0) { x, index in
        var seen = seen
        run.each(outerReduced[...], x, 0) { x, _ in
          run.rows(x, row, lines, index, seen)
          seen += row.count
        }
      }
      return
    }
    var (outerKept, outerReduced) = (kept, reduced)
    let column =
      columnPlace.map { outerKept.remove(at: $0) } ?? Loop(count: 1, stride: 1, out: 1)
    let place = outerReduced.indices.max { outerReduced[$0].count < outerReduced[$1].count }
    let rows = place.map { outerReduced.remove(at: $0) } ?? Loop(count: 1, stride: 0, out: 0)
    run.each(outerKept[...], first, 0) { x, index in
      var left = 0
      while left < column.count {
        let width = min(state.columnsOfTile, column.count - left)
        var seen = seen
        let tile = Loop(count: width, stride: column.stride, out: 1)
        run.each(outerReduced[...], x + left * column.stride * size, 0) { x, _ in
          run.columns(x, rows, tile, index + left, seen)
          seen += rows.count
        }
        left += width
      }
    }
  }

  /// The loop that gives columns.
  private var columnPlace: Int? { kept.indices.first { kept[$0].out == 1 } }

  /// Whether elements go to the accumulators in rows, each for one of them.
  var takesRows: Bool { rowPlace != nil }

  /// The loop that gives rows; nil when columns are better.
  private var rowPlace: Int? {
    guard let inner = reduced.last else { return nil }
    if kept.isEmpty { return reduced.count - 1 }
    if inner.count >= Self.long, inner.stride < abs(kept.last?.stride ?? .max) {
      return reduced.count - 1
    }
    let width = columnPlace.map { kept[$0].count } ?? 1
    if width >= Self.long { return nil }
    let longest = reduced.indices.max { reduced[$0].count < reduced[$1].count }
    return longest.flatMap { reduced[$0].count > width ? $0 : nil }
  }
}

/// One run of a nest.
private struct Run {
  /// Elements that are gathered at a time.
  private static let gathered = 4096

  let state: any ReductionState
  let size: Int
  let start: Int

  /// Calls `body` for every combination of indices.
  func each(
    _ loops: ArraySlice<ReductionNest.Loop>, _ x: UnsafeRawPointer, _ index: Int,
    _ body: (UnsafeRawPointer, Int) -> Void
  ) {
    guard let loop = loops.first else {
      body(x, index)
      return
    }
    let inner = loops.dropFirst()
    for step in 0..<loop.count {
      each(inner, x + step * loop.stride * size, index + step * loop.out, body)
    }
  }

  func rows(
    _ x: UnsafeRawPointer, _ row: ReductionNest.Loop, _ lines: ReductionNest.Loop, _ index: Int,
    _ seen: Int
  ) {
    if row.stride == 1 {
      state.addRows(
        x, RowBlock(width: row.count, rows: lines.count, stride: lines.stride), to: index,
        stride: lines.out, seen: seen)
      return
    }
    gathering { buffer in
      for line in 0..<lines.count {
        var done = 0
        while done < row.count {
          let count = min(Self.gathered, row.count - done)
          let from = x + (line * lines.stride + done * row.stride) * size
          GatherKernels.gather(from, stride: row.stride, count: count, size, to: buffer)
          state.addRows(
            buffer, RowBlock(width: count, rows: 1, stride: 0), to: index + line * lines.out,
            stride: 0, seen: seen + done)
          done += count
        }
      }
    }
  }

  func columns(
    _ x: UnsafeRawPointer, _ rows: ReductionNest.Loop, _ columns: ReductionNest.Loop, _ index: Int,
    _ seen: Int
  ) {
    if columns.stride == 1 || columns.count == 1 {
      state.addColumns(
        x, RowBlock(width: columns.count, rows: rows.count, stride: rows.stride), to: index,
        seen: seen)
      return
    }
    gathering { buffer in
      var left = 0
      while left < columns.count {
        let width = min(Self.gathered, columns.count - left)
        let most = max(1, Self.gathered / width)
        var top = 0
        while top < rows.count {
          let count = min(most, rows.count - top)
          for row in 0..<count {
            let from = x + ((top + row) * rows.stride + left * columns.stride) * size
            GatherKernels.gather(
              from, stride: columns.stride, count: width, size, to: buffer + row * width * size)
          }
          state.addColumns(
            buffer, RowBlock(width: width, rows: count, stride: width), to: index + left,
            seen: seen + top)
          top += count
        }
        left += width
      }
    }
  }

  private func gathering(_ body: (UnsafeMutableRawPointer) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: Self.gathered * size, alignment: 64) { buffer in
      if let start = buffer.baseAddress { body(start) }
    }
  }
}
