/// What the elements along an axis stand for, with the unit: heights of planes in µm, names of
/// channels.
public struct Coordinate: Hashable, Sendable {
  /// One value or name for each element.
  public var values: AxisCoordinates
  /// Unit of the values, such as `µm`; empty for names.
  public var unit: String

  /// Creates a coordinate.
  public init(_ values: AxisCoordinates, unit: String = "") {
    self.values = values
    self.unit = unit
  }

  /// Number of elements.
  public var count: Int { values.count }

  /// The values; nil for names.
  public var numbers: [Double]? {
    if case .numbers(let numbers) = values { numbers } else { nil }
  }

  /// The names; nil for values.
  public var labels: [String]? {
    if case .labels(let labels) = values { labels } else { nil }
  }

  /// Text of one element.
  public func text(at index: Int) -> String {
    switch values {
    case .numbers(let numbers): numbers.indices.contains(index) ? "\(numbers[index])" : ""
    case .labels(let labels): labels.indices.contains(index) ? labels[index] : ""
    }
  }

  /// The coordinate of a slice of the axis.
  func sliced(_ slice: ResolvedSlice) -> Coordinate {
    func taken<Value>(_ values: [Value]) -> [Value] {
      (0..<slice.count).map { values[slice.start + $0 * slice.step] }
    }
    switch values {
    case .numbers(let numbers): return Coordinate(.numbers(taken(numbers)), unit: unit)
    case .labels(let labels): return Coordinate(.labels(taken(labels)), unit: unit)
    }
  }

  /// The coordinate of elements of the axis.
  func taking(_ indices: [Int]) -> Coordinate {
    switch values {
    case .numbers(let numbers): Coordinate(.numbers(indices.map { numbers[$0] }), unit: unit)
    case .labels(let labels): Coordinate(.labels(indices.map { labels[$0] }), unit: unit)
    }
  }
}
