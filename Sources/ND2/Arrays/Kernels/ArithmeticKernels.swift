/// Arithmetic of floating-point numbers over raw memory. The caller vouches for the sizes.
enum ArithmeticKernels {
  /// One operand: elements side by side, or the same number for all.
  enum Operand {
    case elements(UnsafeRawPointer)
    case number(Double)
  }

  /// Combines operands of `type`, which is `float32` or `float64`, into results of it.
  static func apply(
    _ operation: ArithmeticOperation, _ type: SampleType, _ left: Operand, _ right: Operand,
    _ result: UnsafeMutableRawPointer, count: Int
  ) {
    if type == .float32 {
      apply(operation, left, right, result.assumingMemoryBound(to: Float.self), count) { Float($0) }
    } else {
      apply(operation, left, right, result.assumingMemoryBound(to: Double.self), count) { $0 }
    }
  }

  @inline(__always)
  private static func apply<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ operation: ArithmeticOperation, _ left: Operand, _ right: Operand,
    _ result: UnsafeMutablePointer<T>, _ count: Int, _ number: (Double) -> T
  ) {
    switch operation {
    case .add: apply(left, right, result, count, number) { $0 + $1 }
    case .subtract: apply(left, right, result, count, number) { $0 - $1 }
    case .multiply: apply(left, right, result, count, number) { $0 * $1 }
    case .divide: apply(left, right, result, count, number) { $0 / $1 }
    }
  }

  @inline(__always)
  private static func apply<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ left: Operand, _ right: Operand, _ result: UnsafeMutablePointer<T>, _ count: Int,
    _ number: (Double) -> T, _ combine: (T, T) -> T
  ) {
    var index = 0
    switch (left, right) {
    case (.elements(let left), .elements(let right)):
      let (a, b) = (left.assumingMemoryBound(to: T.self), right.assumingMemoryBound(to: T.self))
      while index < count {
        result[index] = combine(a[index], b[index])
        index &+= 1
      }
    case (.elements(let left), .number(let right)):
      let (a, b) = (left.assumingMemoryBound(to: T.self), number(right))
      while index < count {
        result[index] = combine(a[index], b)
        index &+= 1
      }
    case (.number(let left), .elements(let right)):
      let (a, b) = (number(left), right.assumingMemoryBound(to: T.self))
      while index < count {
        result[index] = combine(a, b[index])
        index &+= 1
      }
    case (.number(let left), .number(let right)):
      result.update(repeating: combine(number(left), number(right)), count: count)
    }
  }
}
