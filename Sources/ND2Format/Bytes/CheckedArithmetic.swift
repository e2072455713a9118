/// Arithmetic on numbers that come from a file: nil instead of a trap.
package enum Checked {
  /// The sum, or nil when it does not fit.
  package static func sum<T: FixedWidthInteger>(_ a: T, _ b: T) -> T? {
    let (value, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : value
  }

  /// The product of all factors, or nil when it does not fit.
  package static func product<T: FixedWidthInteger>(_ factors: T...) -> T? {
    product(factors)
  }

  /// The product of all factors, or nil when it does not fit.
  package static func product<T: FixedWidthInteger>(_ factors: [T]) -> T? {
    var result: T = 1
    for factor in factors {
      let (value, overflow) = result.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      result = value
    }
    return result
  }

  /// The smallest multiple of `step` that is not below `value`, or nil when it does not fit.
  package static func roundUp<T: FixedWidthInteger>(_ value: T, to step: T) -> T? {
    let rest = value % step
    return rest == 0 ? value : sum(value, step - rest)
  }
}
