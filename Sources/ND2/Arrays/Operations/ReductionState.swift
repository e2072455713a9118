/// Accumulators of a reduction, one for each element of the result, in its order.
///
/// Different threads may add to different accumulators at the same time; everything else is for one
/// thread. All accumulators see the same number of elements, which the caller counts.
protocol ReductionState: AnyObject {
  /// Most elements that may be added to an accumulator between two calls of
  /// ``prepare(adding:asRows:)``.
  func mostElements(asRows: Bool) -> Int

  /// Columns whose accumulators stay in a near cache while all rows pass.
  var columnsOfTile: Int { get }

  /// Makes room for so many further elements of each accumulator, which come as rows or as columns.
  func prepare(adding count: Int, asRows: Bool) throws

  /// Takes rows into accumulators side by side, one for each column.
  ///
  /// - Parameters:
  ///   - first: the accumulator of the first column.
  ///   - seen: elements that these accumulators have seen.
  func addColumns(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, seen: Int)

  /// Takes each row into one accumulator.
  ///
  /// - Parameters:
  ///   - first: the accumulator of the first row.
  ///   - stride: the distance to that of the next row.
  func addRows(_ x: UnsafeRawPointer, _ block: RowBlock, to first: Int, stride: Int, seen: Int)

  /// Takes over what accumulators of the same kind have seen.
  func merge(_ other: any ReductionState, seen: Int, seenByOther: Int) throws

  /// Forgets everything, and keeps only so many accumulators, not more than there were at first.
  func reset(count: Int)

  /// Writes the results.
  func finish(seen: Int, to result: UnsafeMutableRawPointer) throws
}

extension Reduction {
  /// Accumulators for elements of a type, which have seen nothing.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  func state(of type: SampleType, count: Int) throws -> any ReductionState {
    switch self {
    case .max, .min: try ExtremeState(type, isMax: self == .max, count: count)
    case .sum, .mean: try SumState(type, isMean: self == .mean, count: count)
    case .standardDeviation:
      type.isNarrow ? try SquareState(type, count: count) : try MomentState(type, count: count)
    }
  }
}

extension SampleType {
  /// Whether the type is an integer of 8 or 16 bits.
  var isNarrow: Bool {
    switch self {
    case .uint8, .uint16, .int8, .int16: true
    case .uint32, .int32, .float32, .float64: false
    }
  }

  /// Whether the type is an integer with a sign.
  var isSignedInteger: Bool { self == .int8 || self == .int16 || self == .int32 }
}

extension ArrayStorage {
  /// Memory for so many accumulators.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when it cannot be had.
  static func ofAccumulators(_ count: Int, byteCount size: Int) throws -> ArrayStorage {
    let (bytes, overflow) = Swift.max(1, count).multipliedReportingOverflow(by: size)
    guard !overflow else {
      throw ND2Error(.limitExceeded, "the result of \(count) elements does not fit into memory")
    }
    return try ArrayStorage(byteCount: bytes)
  }

  /// The memory as numbers of a type.
  func pointer<T: BitwiseCopyable>(_: T.Type) -> UnsafeMutablePointer<T> {
    bytes.assumingMemoryBound(to: T.self).baseAddress ?? Self.none()
  }

  /// Storage always has an address; this is never called.
  private static func none<T>() -> UnsafeMutablePointer<T> {
    UnsafeMutablePointer<T>.allocate(capacity: 1)
  }
}
