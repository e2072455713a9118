import ND2

/// Halves rows and columns of a plane.
enum PlaneHalving {
  /// Rows of numbers without gaps between rows.
  struct Rows {
    /// The first row.
    var base: UnsafeMutableRawPointer
    /// Numbers of a row.
    var width: Int
    /// Number of rows.
    var count: Int
  }

  /// Fills rows with the mean of 2 × 2 pixels, truncated as NIS-Elements does, or for labels with the
  /// one that is there most often.
  ///
  /// A last odd row or column is left out, unless it is the only one.
  static func halve(_ source: Rows, into target: Rows, type: SampleType, isLabels: Bool) {
    switch type {
    case .uint8:
      isLabels
        ? reduce(source, target, UInt8.self, most)
        : reduce(source, target, UInt8.self) {
          UInt8(truncatingIfNeeded: (UInt16($0) &+ UInt16($1) &+ UInt16($2) &+ UInt16($3)) &>> 2)
        }
    case .uint16:
      isLabels
        ? reduce(source, target, UInt16.self, most)
        : reduce(source, target, UInt16.self) {
          UInt16(truncatingIfNeeded: (UInt32($0) &+ UInt32($1) &+ UInt32($2) &+ UInt32($3)) &>> 2)
        }
    case .uint32:
      isLabels
        ? reduce(source, target, UInt32.self, most)
        : reduce(source, target, UInt32.self) {
          UInt32(truncatingIfNeeded: (UInt64($0) &+ UInt64($1) &+ UInt64($2) &+ UInt64($3)) &>> 2)
        }
    case .int8: reduce(source, target, Int8.self, mean)
    case .int16: reduce(source, target, Int16.self, mean)
    case .int32: reduce(source, target, Int32.self, mean)
    case .float32: reduce(source, target, Float.self) { ($0 + $1 + $2 + $3) / 4 }
    case .float64: reduce(source, target, Double.self) { ($0 + $1 + $2 + $3) / 4 }
    }
  }

  @inline(__always)
  private static func mean<T: FixedWidthInteger>(_ a: T, _ b: T, _ c: T, _ d: T) -> T {
    T(truncatingIfNeeded: (Int64(a) &+ Int64(b) &+ Int64(c) &+ Int64(d)) / 4)
  }

  /// The value that is there most often; of several the first.
  @inline(__always)
  private static func most<T: Equatable>(_ a: T, _ b: T, _ c: T, _ d: T) -> T {
    if a == b || a == c || a == d { return a }
    if b == c || b == d { return b }
    return c == d ? c : a
  }

  @inline(__always)
  private static func reduce<T: BitwiseCopyable>(
    _ source: Rows, _ target: Rows, _ type: T.Type, _ combine: (T, T, T, T) -> T
  ) {
    let from = source.base.assumingMemoryBound(to: T.self)
    let to = target.base.assumingMemoryBound(to: T.self)
    for y in 0..<target.count {
      let first = from + min(y &* 2, source.count &- 1) &* source.width
      let second = from + min(y &* 2 &+ 1, source.count &- 1) &* source.width
      let out = to + y &* target.width
      if source.width == 1 {
        out[0] = combine(first[0], first[0], second[0], second[0])
        continue
      }
      for x in 0..<target.width {
        let left = x &* 2
        out[x] = combine(first[left], first[left &+ 1], second[left], second[left &+ 1])
      }
    }
  }
}
