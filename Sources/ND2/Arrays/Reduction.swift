/// What becomes of the elements along axes that are taken away: a projection.
///
/// Whole numbers are exact: sums are made in whole numbers before they become doubles, and standard
/// deviations of 8- and 16-bit integers from exact sums of squares; others are made of blocks whose
/// digits do not cancel. Elements that are not a number make the result not a number, whatever their
/// place. The number of threads does not change a result.
public enum Reduction: String, Hashable, Sendable, CaseIterable {
  /// The greatest element; keeps the number type.
  case max
  /// The least element; keeps the number type.
  case min
  /// The sum, as a double.
  case sum
  /// The mean, as a double.
  case mean
  /// The standard deviation of the elements as the whole population (divided by n), as a double.
  case standardDeviation

  /// The number type of the result for elements of a type.
  public func resultType(of type: SampleType) -> SampleType {
    switch self {
    case .max, .min: type
    case .sum, .mean, .standardDeviation: .float64
    }
  }
}

/// Arithmetic of two elements.
///
/// The result has a floating-point type, so that nothing wraps around: `float32` when both operands
/// fit into it (8- and 16-bit integers and `float32`), else `float64`. Cast it back with
/// ``ArithmeticArray/cast(to:_:)``.
public enum ArithmeticOperation: String, Hashable, Sendable, CaseIterable {
  /// Left plus right.
  case add
  /// Left minus right.
  case subtract
  /// Left times right.
  case multiply
  /// Left divided by right.
  case divide

  /// The number type of the result.
  public func resultType(_ left: SampleType, _ right: SampleType) -> SampleType {
    left.fitsFloat32 && right.fitsFloat32 ? .float32 : .float64
  }
}

/// What a cast does with numbers that the new type does not have.
///
/// The rules are about integer types. A cast to a floating-point type gives the nearest number that
/// it has, whatever the rule: infinity beyond its range, and what is not a number stays so.
public enum CastRule: String, Hashable, Sendable, CaseIterable {
  /// Rounds to the nearest whole number (halves away from zero) and takes the nearest number that
  /// the type has; what is not a number becomes zero.
  case saturating
  /// Cuts the fraction off and keeps the low bits, as C and NumPy do with integers; what is not a
  /// number, and floating-point numbers beyond 64 bits, become zero.
  case wrapping
}

extension SampleType {
  /// Whether `float32` holds every number of the type.
  var fitsFloat32: Bool {
    switch self {
    case .uint8, .uint16, .int8, .int16, .float32: true
    case .uint32, .int32, .float64: false
    }
  }
}
