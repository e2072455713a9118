/// The axes of an array in their order, outermost first, each with its number of elements.
public struct AxisSizes: Hashable, Sendable {
  /// An axis and its number of elements.
  public struct Element: Hashable, Sendable {
    /// The axis.
    public var axis: Axis
    /// Number of elements along it.
    public var count: Int

    /// Creates an element.
    public init(_ axis: Axis, _ count: Int) {
      self.axis = axis
      self.count = count
    }
  }

  private let elements: [Element]

  /// Creates sizes in the given order; an axis must not come twice.
  ///
  /// Axes without names are numbered anew by their places.
  public init(_ elements: [Element]) {
    self.elements =
      elements.contains { $0.axis.number != nil }
      ? elements.enumerated().map { place, element in
        element.axis.number == nil ? element : Element(.number(place), element.count)
      } : elements
  }

  /// Creates sizes of axes that have no names.
  public init(unnamed shape: [Int]) {
    self.init(shape.enumerated().map { Element(.number($0.offset), $0.element) })
  }

  /// The axes, outermost first.
  public var axes: [Axis] { elements.map(\.axis) }
  /// The numbers of elements, outermost axis first.
  public var shape: [Int] { elements.map(\.count) }

  /// The number of elements along an axis, or nil when the array does not have it.
  public subscript(axis: Axis) -> Int? { index(of: axis).map { elements[$0].count } }

  /// The place of an axis among the axes; nil when the array does not have it.
  ///
  /// An axis without a name is the one at its number, whatever name that one has.
  public func index(of axis: Axis) -> Int? {
    if let place = elements.firstIndex(where: { $0.axis == axis }) { return place }
    guard let number = axis.number, elements.indices.contains(number) else { return nil }
    return number
  }

  /// Number of elements of an array that exists; sizes beside a zero may be any.
  var elementCount: Int {
    elements.contains { $0.count == 0 } ? 0 : elements.reduce(1) { $0 * $1.count }
  }

  /// The sizes without axes of one element.
  public var squeezed: AxisSizes { AxisSizes(elements.filter { $0.count != 1 }) }
}

extension AxisSizes: RandomAccessCollection {
  /// Position of the first axis.
  public var startIndex: Int { 0 }
  /// Position behind the last axis.
  public var endIndex: Int { elements.count }
  /// The axis at a position.
  public subscript(position: Int) -> Element { elements[position] }
}

extension AxisSizes: ExpressibleByDictionaryLiteral, CustomStringConvertible {
  /// Creates sizes in the order of the literal.
  public init(dictionaryLiteral elements: (Axis, Int)...) {
    self.init(elements.map { Element($0.0, $0.1) })
  }

  /// Such as `T 3 × Z 10 × C 2 × Y 31 × X 38`.
  public var description: String {
    elements.map { "\($0.axis) \($0.count)" }.joined(separator: " × ")
  }
}

// Checked access, for arguments of callers.
extension AxisSizes {
  /// The place of an axis.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` naming the axis and those that there are.
  package func place(of axis: Axis) throws -> Int {
    if let place = index(of: axis) { return place }
    throw ND2Error.invalidRequest(
      isEmpty
        ? "there is no axis \(axis): the array has one element and no axes"
        : "there is no axis \(axis): the array has the axes \(names)")
  }

  /// The places of several different axes.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an unknown axis, and for one that comes twice.
  package func places(of axes: [Axis]) throws -> [Int] {
    let places = try axes.map(place)
    guard Set(places).count == places.count else {
      let twice = places.first { place in places.filter { $0 == place }.count > 1 } ?? 0
      throw ND2Error.invalidRequest("the axis \(elements[twice].axis) is named twice")
    }
    return places
  }

  /// Number of elements of the array.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that comes twice or whose size is
  ///   negative, ``ND2Error/Code/limitExceeded`` for more elements than can be counted.
  package func checkedCount() throws -> Int {
    var seen: Set<Axis> = []
    for element in elements {
      guard element.count >= 0 else {
        throw ND2Error.invalidRequest(
          "the axis \(element.axis) cannot have \(element.count) elements")
      }
      guard seen.insert(element.axis).inserted else {
        throw ND2Error.invalidRequest("an array cannot have the axis \(element.axis) twice")
      }
    }
    if elements.contains(where: { $0.count == 0 }) { return 0 }
    var count = 1
    for element in elements {
      let (product, overflow) = count.multipliedReportingOverflow(by: element.count)
      guard !overflow else {
        throw ND2Error(.limitExceeded, "an array of \(self) has more elements than can be counted")
      }
      count = product
    }
    return count
  }

  private var names: String { elements.map(\.axis.rawValue).joined(separator: ", ") }
}
