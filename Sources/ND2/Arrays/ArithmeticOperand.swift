/// What can be added, subtracted, multiplied and divided element by element: arrays, with or without
/// labels.
///
/// The operators throw: the axes of two arrays may not fit. Operators with a number on the left do
/// not exist, as each further one makes the compiler slower at ordinary arithmetic; use
/// ``applying(_:_:isLeft:)``.
public protocol ArithmeticOperand: Sendable {
  /// Arithmetic with another array.
  func applying(_ operation: ArithmeticOperation, _ other: Self) throws -> Self

  /// Arithmetic with a number on the right, or on the left.
  ///
  /// The result is `float32` for elements that it holds (8- and 16-bit integers and `float32`), and
  /// the number is taken as one; else the result is `float64`.
  func applying(_ operation: ArithmeticOperation, _ number: Double, isLeft: Bool) throws -> Self
}

extension ArithmeticOperand {
  /// Arithmetic with a number on the right.
  public func applying(_ operation: ArithmeticOperation, _ number: Double) throws -> Self {
    try applying(operation, number, isLeft: false)
  }

  /// Element by element sum.
  public static func + (left: Self, right: Self) throws -> Self { try left.applying(.add, right) }
  /// Element by element difference.
  public static func - (left: Self, right: Self) throws -> Self {
    try left.applying(.subtract, right)
  }
  /// Element by element product.
  public static func * (left: Self, right: Self) throws -> Self {
    try left.applying(.multiply, right)
  }
  /// Element by element quotient.
  public static func / (left: Self, right: Self) throws -> Self {
    try left.applying(.divide, right)
  }

  /// Every element plus a number.
  public static func + (left: Self, right: Double) throws -> Self { try left.applying(.add, right) }
  /// Every element minus a number.
  public static func - (left: Self, right: Double) throws -> Self {
    try left.applying(.subtract, right)
  }
  /// Every element times a number.
  public static func * (left: Self, right: Double) throws -> Self {
    try left.applying(.multiply, right)
  }
  /// Every element divided by a number.
  public static func / (left: Self, right: Double) throws -> Self {
    try left.applying(.divide, right)
  }
}
