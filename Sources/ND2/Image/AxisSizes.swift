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

  private var elements: [Element]

  /// Creates sizes in the given order; an axis must not come twice.
  public init(_ elements: [Element]) { self.elements = elements }

  /// The axes, outermost first.
  public var axes: [Axis] { elements.map(\.axis) }
  /// The numbers of elements, outermost axis first.
  public var shape: [Int] { elements.map(\.count) }

  /// The number of elements along an axis, or nil when the array does not have it.
  public subscript(axis: Axis) -> Int? {
    elements.first { $0.axis == axis }?.count
  }

  /// The place of an axis among the axes.
  public func index(of axis: Axis) -> Int? { elements.firstIndex { $0.axis == axis } }

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
