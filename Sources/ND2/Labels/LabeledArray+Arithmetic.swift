// What can be done with values keeps the labels.
extension LabeledArray: ArithmeticOperand {
  /// The projection along axes, which the result does not have; all axes when none is named.
  public func reduced(_ reduction: Reduction, over axes: [Axis]) throws -> LabeledArray {
    with(try values.reduced(reduction, over: axes))
  }

  /// The greatest elements along axes; all axes when none is named.
  public func max(over axes: Axis...) throws -> LabeledArray { try reduced(.max, over: axes) }
  /// The least elements along axes; all axes when none is named.
  public func min(over axes: Axis...) throws -> LabeledArray { try reduced(.min, over: axes) }
  /// Sums along axes; all axes when none is named.
  public func sum(over axes: Axis...) throws -> LabeledArray { try reduced(.sum, over: axes) }
  /// Means along axes; all axes when none is named.
  public func mean(over axes: Axis...) throws -> LabeledArray { try reduced(.mean, over: axes) }
  /// Standard deviations along axes, of the whole population; all axes when none is named.
  public func standardDeviation(over axes: Axis...) throws -> LabeledArray {
    try reduced(.standardDeviation, over: axes)
  }

  /// The array with another number type.
  public func cast(to type: SampleType, _ rule: CastRule = .saturating) throws -> LabeledArray {
    with(try values.cast(to: type, rule))
  }

  /// The array with its axes in another order; all of them must be named.
  public func transposed(_ axes: Axis...) throws -> LabeledArray {
    with(try values.transposed(axes.isEmpty ? sizes.axes.reversed() : axes))
  }

  /// The array without its axes of one element; their labels are in ``scalars``.
  public func squeezed() throws -> LabeledArray {
    try isel(sizes.filter { $0.count == 1 }.map { ($0.axis, .index(0)) })
  }

  /// Arithmetic with another array, matched by the names of axes.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when both have an axis with different sizes or
  ///   different labels.
  public func applying(
    _ operation: ArithmeticOperation, _ other: LabeledArray
  ) throws -> LabeledArray {
    var coordinates = coordinates
    for (axis, coordinate) in other.coordinates {
      guard let own = coordinates[axis] else {
        coordinates[axis] = coordinate
        continue
      }
      guard own.values == coordinate.values || own.count != coordinate.count else {
        throw ND2Error.invalidRequest("the labels of axis \(axis) differ in the two arrays")
      }
    }
    return LabeledArray(
      unchecked: try values.applying(operation, other.values), coordinates, scalars, attributes)
  }

  /// Arithmetic with a number on the right, or on the left.
  public func applying(
    _ operation: ArithmeticOperation, _ number: Double, isLeft: Bool
  ) throws -> LabeledArray {
    with(try values.applying(operation, number, isLeft: isLeft))
  }
}

extension LabeledArray: CustomStringConvertible {
  /// The values, and a line for each axis with what its elements stand for.
  public var description: String {
    var text = "\(values)"
    let lines = sizes.compactMap { element in
      coordinates[element.axis].map { (element.axis, $0, "") }
    }
    let taken = scalars.ordered { $0.key.rawValue < $1.key.rawValue }.map {
      ($0.key, $0.value, "at ")
    }
    for (axis, coordinate, lead) in lines + taken {
      text += "\n\(lead)\(axis): \(Self.corner(coordinate))"
      if !coordinate.unit.isEmpty { text += " \(coordinate.unit)" }
    }
    return text
  }

  private static func corner(_ coordinate: Coordinate) -> String {
    let shown =
      coordinate.count <= 6
      ? (0..<coordinate.count).map(coordinate.text)
      : (0..<3).map(coordinate.text) + ["…"]
        + ((coordinate.count - 2)..<coordinate.count).map(coordinate.text)
    return shown.joined(separator: ", ")
  }
}
