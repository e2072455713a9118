import ND2TestSupport

@testable import ND2

/// The plainest implementation of arrays: a double for each element, row-major. What the others are
/// compared with.
struct PlainArray {
  var shape: [Int]
  var values: [Double]

  init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }

  /// The elements of an array, one by one.
  init(_ array: AnyNDArray) {
    shape = array.shape
    values = Self.indices(shape).map { indices in
      array.layout.position(indices).map { array.value(at: $0) } ?? .nan
    }
  }

  /// All combinations of indices, row-major.
  static func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { lead, count in lead.flatMap { lead in (0..<count).map { lead + [$0] } } }
  }

  subscript(indices: [Int]) -> Double {
    values[zip(shape, indices).reduce(0) { $0 * $1.0 + $1.1 }]
  }

  /// The elements of each element of the result, in order.
  func groups(over places: Set<Int>) -> (shape: [Int], groups: [[Double]]) {
    let kept = shape.indices.filter { !places.contains($0) }
    var groups: [[Int]: [Double]] = [:]
    for (indices, value) in zip(Self.indices(shape), values) {
      groups[kept.map { indices[$0] }, default: []].append(value)
    }
    let result = kept.map { shape[$0] }
    return (result, Self.indices(result).map { groups[$0] ?? [] })
  }

  /// A reduction in the plainest way.
  func reduced(_ reduction: Reduction, over places: Set<Int>) -> PlainArray {
    let (shape, groups) = groups(over: places)
    return PlainArray(shape: shape, values: groups.map { Self.reduce(reduction, $0) })
  }

  static func reduce(_ reduction: Reduction, _ values: [Double]) -> Double {
    let isNaN = values.contains { $0.isNaN }
    let count = Double(values.count)
    switch reduction {
    case .max: return isNaN ? .nan : values.max() ?? 0
    case .min: return isNaN ? .nan : values.min() ?? 0
    case .sum: return values.reduce(0, +)
    case .mean: return values.reduce(0, +) / count
    case .standardDeviation:
      let mean = values.reduce(0, +) / count
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
  }

  /// Whether all elements agree but for rounding; what is not a number agrees with its like.
  func agrees(with other: PlainArray, within tolerance: Double) -> Bool {
    shape == other.shape
      && zip(values, other.values).allSatisfy { a, b in
        a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * Swift.max(abs(a), abs(b), 1)
      }
  }
}

extension Randomness {
  /// A number of a type as a double, sometimes at an end of its range.
  mutating func number(of type: SampleType) -> Double {
    let limits: ClosedRange<Int> =
      switch type {
      case .uint8: 0...255
      case .uint16: 0...65_535
      case .uint32: 0...0xFFFF_FFFF
      case .int8: -128...127
      case .int16: -32_768...32_767
      case .int32: -0x8000_0000...0x7FFF_FFFF
      case .float32, .float64: -100_000...100_000
      }
    if type.isFloatingPoint { return Double(int(limits.lowerBound..<limits.upperBound)) / 64 }
    switch int(0..<8) {
    case 0: return Double(limits.lowerBound)
    case 1: return Double(limits.upperBound)
    default: return Double(int(limits.lowerBound..<(limits.upperBound + 1)))
    }
  }

  /// A dense array of numbers at random.
  mutating func array(_ sizes: AxisSizes, _ type: SampleType) throws -> AnyNDArray {
    let count = sizes.shape.reduce(1, *)
    let values = (0..<count).map { _ in number(of: type) }
    return try AnyNDArray(doubles: values, sizes, type)
  }

  /// A view at random: sliced, with steps in both directions, and transposed.
  mutating func view(of array: AnyNDArray) throws -> AnyNDArray {
    var view = array
    for axis in array.sizes.axes where oneIn(2) {
      guard let size = view.sizes[axis], size > 0 else { continue }
      let lower = int(0..<size)
      let upper = int((lower + 1)..<(size + 1))
      let step = [1, 1, 2, 3, -1, -2][int(0..<6)]
      view = try view.slicing([(axis, .range(lower..<upper, by: step))])
    }
    if oneIn(2) {
      var axes = view.sizes.axes
      for place in axes.indices.dropFirst() { axes.swapAt(place, int(0..<(place + 1))) }
      view = try view.transposed(axes)
    }
    return view
  }

  /// Named sizes at random, of at most so many axes.
  mutating func sizes(axes most: Int = 4, below end: Int = 9) -> AxisSizes {
    let names = Axis.ofFiles
    return AxisSizes(
      (0..<int(0..<(most + 1))).map { .init(names[$0], int(1..<end)) })
  }
}

extension AnyNDArray {
  /// An array of numbers that the type has.
  init(doubles: [Double], _ sizes: AxisSizes, _ type: SampleType) throws {
    switch type {
    case .uint8: self = try NDArray(doubles.map { UInt8($0) }, sizes: sizes).erased
    case .uint16: self = try NDArray(doubles.map { UInt16($0) }, sizes: sizes).erased
    case .uint32: self = try NDArray(doubles.map { UInt32($0) }, sizes: sizes).erased
    case .int8: self = try NDArray(doubles.map { Int8($0) }, sizes: sizes).erased
    case .int16: self = try NDArray(doubles.map { Int16($0) }, sizes: sizes).erased
    case .int32: self = try NDArray(doubles.map { Int32($0) }, sizes: sizes).erased
    case .float32: self = try NDArray(doubles.map { Float($0) }, sizes: sizes).erased
    case .float64: self = try NDArray(doubles, sizes: sizes).erased
    }
  }

  /// All elements as doubles, row-major.
  var doubles: [Double] { PlainArray(self).values }
}
