/// Arithmetic of floating-point numbers over raw memory. The caller vouches for the sizes.
enum ArithmeticKernels {
  /// One operand: elements side by side, or the same number for all.
  enum Operand {
    /// Elements of the type of the result.
    case elements(UnsafeRawPointer)
    /// `uint16` elements, which are converted on the way: pixels are never written twice.
    case words(UnsafePointer<UInt16>)
    /// `uint8` elements, which are converted on the way.
    case bytes(UnsafePointer<UInt8>)
    case number(Double)
  }

  /// Combines operands into results of `type`, which is `float32` or `float64`.
  static func apply(
    _ operation: ArithmeticOperation, _ type: SampleType, _ left: Operand, _ right: Operand,
    _ result: UnsafeMutableRawPointer, count: Int
  ) {
    if type == .float32 {
      apply(operation, left, right, result.assumingMemoryBound(to: Float.self), count)
    } else {
      apply(operation, left, right, result.assumingMemoryBound(to: Double.self), count)
    }
  }

  @inline(__always)
  private static func apply<T: ArithmeticResult>(
    _ operation: ArithmeticOperation, _ left: Operand, _ right: Operand,
    _ result: UnsafeMutablePointer<T>, _ count: Int
  ) {
    switch operation {
    case .add: apply(left, right, result, count) { $0 + $1 }
    case .subtract: apply(left, right, result, count) { $0 - $1 }
    case .multiply: apply(left, right, result, count) { $0 * $1 }
    case .divide: apply(left, right, result, count) { $0 / $1 }
    }
  }

  @inline(__always)
  private static func apply<T: ArithmeticResult>(
    _ left: Operand, _ right: Operand, _ result: UnsafeMutablePointer<T>, _ count: Int,
    _ combine: (T, T) -> T
  ) {
    switch left {
    case .elements(let left):
      let a = left.assumingMemoryBound(to: T.self)
      apply({ a[$0] }, right, result, count, combine)
    case .words(let a):
      apply({ T.converted(a[$0]) }, right, result, count, combine)
    case .bytes(let a):
      apply({ T.converted(a[$0]) }, right, result, count, combine)
    case .number(let number):
      let a = T.converted(number)
      apply({ _ in a }, right, result, count, combine)
    }
  }

  @inline(__always)
  private static func apply<T: ArithmeticResult>(
    _ left: (Int) -> T, _ right: Operand, _ result: UnsafeMutablePointer<T>, _ count: Int,
    _ combine: (T, T) -> T
  ) {
    switch right {
    case .elements(let right):
      let b = right.assumingMemoryBound(to: T.self)
      fill(result, count) { combine(left($0), b[$0]) }
    case .words(let b): fill(result, count) { combine(left($0), T.converted(b[$0])) }
    case .bytes(let b): fill(result, count) { combine(left($0), T.converted(b[$0])) }
    case .number(let number):
      let b = T.converted(number)
      fill(result, count) { combine(left($0), b) }
    }
  }

  @inline(__always)
  private static func fill<T: ArithmeticResult>(
    _ result: UnsafeMutablePointer<T>, _ count: Int, _ value: (Int) -> T
  ) {
    var index = 0
    while index < count {
      result[index] = value(index)
      index &+= 1
    }
  }
}

/// A type that results of arithmetic have. Conversions are named one by one: the generic ones of the
/// standard library are many times slower.
private protocol ArithmeticResult: BinaryFloatingPoint, BitwiseCopyable {
  static func converted(_ number: Double) -> Self
  static func converted(_ word: UInt16) -> Self
  static func converted(_ byte: UInt8) -> Self
}

extension Float: ArithmeticResult {
  @inline(__always) fileprivate static func converted(_ number: Double) -> Float { Float(number) }
  @inline(__always) fileprivate static func converted(_ word: UInt16) -> Float { Float(word) }
  @inline(__always) fileprivate static func converted(_ byte: UInt8) -> Float { Float(byte) }
}

extension Double: ArithmeticResult {
  @inline(__always) fileprivate static func converted(_ number: Double) -> Double { number }
  @inline(__always) fileprivate static func converted(_ word: UInt16) -> Double { Double(word) }
  @inline(__always) fileprivate static func converted(_ byte: UInt8) -> Double { Double(byte) }
}
