/// An array whose number type is known at run time, with arithmetic and projections.
///
/// Both ``AnyNDArray``, which computes at once, and ``LazyArray``, which computes when asked, have
/// the functions of this protocol, with the same results.
///
/// Arrays are matched by the names of their axes: where one of two operands does not have an axis of
/// the other, it is repeated along it. The result has the axes of the left one, then those that only
/// the right one has. Axes without names are matched by their places, counted from the outermost;
/// an axis of one element is not repeated (see ``AxisArray/squeezed()``).
///
/// ```swift
/// let background = try stack.mean(over: .time)
/// let changes = try stack - background              // for every time point
/// ```
public protocol ArithmeticArray: AxisArray, ArithmeticOperand {
  /// The array with another number type.
  func cast(to type: SampleType, _ rule: CastRule) throws -> Self

  /// The projection along axes, which the result does not have.
  ///
  /// Without axes all of them are taken, and the result has one element.
  func reduced(_ reduction: Reduction, over axes: [Axis]) throws -> Self

  /// Arrays one behind the other along an axis that all of them have.
  ///
  /// They must agree in axes, number type and sizes along other axes.
  static func concatenated(_ arrays: [Self], along axis: Axis) throws -> Self
}

extension ArithmeticArray {
  /// The array with another number type; numbers that it does not have become the nearest it has.
  public func cast(to type: SampleType) throws -> Self { try cast(to: type, .saturating) }

  /// Arrays of the same axes, sizes and number type beside each other, along a new axis.
  ///
  /// - Parameters:
  ///   - arrays: one or more arrays.
  ///   - axis: the new axis.
  ///   - place: its place among the axes of the result; 0, the outermost, by default.
  public static func stacked(
    _ arrays: [Self], along axis: Axis, at place: Int = 0
  ) throws -> Self {
    let widened = try arrays.map { try $0.inserting(axis, at: place) }
    guard !widened.isEmpty else { throw ND2Error.invalidRequest("there is no array to stack") }
    return try concatenated(widened, along: axis.number == nil ? axis : .number(place))
  }

  /// The greatest elements along axes, which the result does not have; all axes when none is named.
  public func max(over axes: Axis...) throws -> Self { try reduced(.max, over: axes) }

  /// The least elements along axes, which the result does not have; all axes when none is named.
  public func min(over axes: Axis...) throws -> Self { try reduced(.min, over: axes) }

  /// Sums along axes, which the result does not have; all axes when none is named.
  public func sum(over axes: Axis...) throws -> Self { try reduced(.sum, over: axes) }

  /// Means along axes, which the result does not have; all axes when none is named.
  public func mean(over axes: Axis...) throws -> Self { try reduced(.mean, over: axes) }

  /// Standard deviations along axes, which the result does not have; all axes when none is named.
  ///
  /// The elements are taken as the whole population: the sum of squares is divided by their number.
  public func standardDeviation(over axes: Axis...) throws -> Self {
    try reduced(.standardDeviation, over: axes)
  }
}

/// How the axes of two operands are matched by name.
struct AxisMatch {
  /// The axes of the result.
  let sizes: AxisSizes
  /// The place of each axis of the right operand among those of the result; the left one's come
  /// first, in their order.
  let rightPlaces: [Int]

  /// Matches the axes of two operands.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when both have an axis with different sizes.
  init(_ left: AxisSizes, _ right: AxisSizes) throws {
    var elements = Array(left)
    var rightPlaces: [Int] = []
    for element in right {
      guard let place = left.firstIndex(where: { $0.axis == element.axis }) else {
        rightPlaces.append(elements.count)
        elements.append(element)
        continue
      }
      guard left[place].count == element.count else {
        throw ND2Error.invalidRequest(
          "the axis \(element.axis) has \(left[place].count) elements in one array and "
            + "\(element.count) in the other")
      }
      rightPlaces.append(place)
    }
    self.rightPlaces = rightPlaces
    sizes = AxisSizes(elements)
    _ = try sizes.checkedCount()
  }
}
