/// Arithmetic of floating-point numbers over raw memory. The caller vouches for the sizes.
enum ArithmeticKernels {
  /// One operand: elements side by side, or the same number for all.
  enum Operand {
    /// Elements of the result's type.
    case elements(UnsafeRawPointer)
    /// Elements of the type `uint8`, for a result of `float32`.
    case bytes(UnsafeRawPointer)
    /// Elements of the type `uint16`, for a result of `float32`.
    case words(UnsafeRawPointer)
    case number(Double)

    /// Elements that need not be converted first; nil when they must.
    init?(_ elements: UnsafeRawPointer, of type: SampleType, as result: SampleType) {
      switch (type, result) {
      case (.uint8, .float32): self = .bytes(elements)
      case (.uint16, .float32): self = .words(elements)
      default:
        guard type == result else { return nil }
        self = .elements(elements)
      }
    }
  }

  /// Combines operands into results of `type`, which is `float32` or `float64`.
  static func apply(
    _ operation: ArithmeticOperation, _ type: SampleType, _ left: Operand, _ right: Operand,
    _ result: UnsafeMutableRawPointer, count: Int
  ) {
    if type == .float32 {
      let run = Run(result: result.assumingMemoryBound(to: Float.self), count: count)
      switch operation {
      case .add: run.apply(left, right) { $0 + $1 }
      case .subtract: run.apply(left, right) { $0 - $1 }
      case .multiply: run.apply(left, right) { $0 * $1 }
      case .divide: run.apply(left, right) { $0 / $1 }
      }
    } else {
      let run = Run(result: result.assumingMemoryBound(to: Double.self), count: count)
      switch operation {
      case .add: run.apply(left, right) { $0 + $1 }
      case .subtract: run.apply(left, right) { $0 - $1 }
      case .multiply: run.apply(left, right) { $0 * $1 }
      case .divide: run.apply(left, right) { $0 / $1 }
      }
    }
  }
}

/// Results of one type.
private struct Run<T> {
  let result: UnsafeMutablePointer<T>
  let count: Int

  @inline(__always)
  func each(_ value: (Int) -> T) {
    var index = 0
    while index < count {
      result[index] = value(index)
      index &+= 1
    }
  }
}

extension Run<Double> {
  @inline(__always)
  func apply(
    _ left: ArithmeticKernels.Operand, _ right: ArithmeticKernels.Operand,
    _ combine: (Double, Double) -> Double
  ) {
    switch left {
    case .elements(let left):
      let a = left.assumingMemoryBound(to: Double.self)
      apply(right) { combine(a[$0], $1) }
    case .number(let left): apply(right) { combine(left, $1) }
    case .bytes, .words: break
    }
  }

  @inline(__always)
  private func apply(
    _ right: ArithmeticKernels.Operand, _ combine: (Int, Double) -> Double
  ) {
    switch right {
    case .elements(let right):
      let b = right.assumingMemoryBound(to: Double.self)
      each { combine($0, b[$0]) }
    case .number(let right): each { combine($0, right) }
    case .bytes, .words: break
    }
  }
}

extension Run<Float> {
  @inline(__always)
  func apply(
    _ left: ArithmeticKernels.Operand, _ right: ArithmeticKernels.Operand,
    _ combine: (Float, Float) -> Float
  ) {
    switch left {
    case .elements(let left):
      let a = left.assumingMemoryBound(to: Float.self)
      apply(right) { combine(a[$0], $1) }
    case .bytes(let left):
      let a = left.assumingMemoryBound(to: UInt8.self)
      apply(right) { combine(Float(a[$0]), $1) }
    case .words(let left):
      let a = left.assumingMemoryBound(to: UInt16.self)
      apply(right) { combine(Float(a[$0]), $1) }
    case .number(let left):
      let a = Float(left)
      apply(right) { combine(a, $1) }
    }
  }

  @inline(__always)
  private func apply(_ right: ArithmeticKernels.Operand, _ combine: (Int, Float) -> Float) {
    switch right {
    case .elements(let right):
      let b = right.assumingMemoryBound(to: Float.self)
      each { combine($0, b[$0]) }
    case .bytes(let right):
      let b = right.assumingMemoryBound(to: UInt8.self)
      each { combine($0, Float(b[$0])) }
    case .words(let right):
      let b = right.assumingMemoryBound(to: UInt16.self)
      each { combine($0, Float(b[$0])) }
    case .number(let right):
      let b = Float(right)
      each { combine($0, b) }
    }
  }
}
