import ND2TestSupport
import Testing

@testable import ND2

struct PercentileTests {
  /// NumPy's default: linear between neighbours.
  static func percentile(_ percent: Double, _ values: [Double]) -> Double {
    if values.isEmpty || values.contains(where: \.isNaN) { return .nan }
    let sorted = values.sorted()
    let place = percent / 100 * Double(sorted.count - 1)
    let low = Int(place)
    let fraction = place - Double(low)
    let (a, b) = (sorted[low], sorted[min(low + 1, sorted.count - 1)])
    return fraction == 0 || a == b
      ? a : fraction < 0.5 ? a + (b - a) * fraction : b - (b - a) * (1 - fraction)
  }

  @Test(arguments: SampleType.allCases)
  func percentilesAlongAxesAgreeWithSorting(_ type: SampleType) throws {
    try Randomness.repeated(25) { random in
      let sizes = random.sizes(axes: 4, below: random.oneIn(3) ? 25 : 6)
      let array = try random.view(of: try random.array(sizes, type))
      guard let axis = array.sizes.axes.first else { return }
      let more = array.sizes.axes.dropFirst().filter { _ in random.oneIn(3) }
      let percent = [0, 100, 50, 12.5, 99.9, 33.3][random.int(0..<6)]
      let result = try array.percentile(percent, over: [axis] + more, threads: nil)
      let places = Set(([axis] + more).compactMap { array.sizes.index(of: $0) })
      let (shape, groups) = PlainArray(array).groups(over: places)
      #expect(result.shape == shape)
      #expect(result.sampleType == .float64)
      #expect(
        result.doubles == groups.map { Self.percentile(percent, $0) },
        "seed \(random.seed) \(array.sizes) over \(axis), \(more)")
    }
  }

  @Test(arguments: SampleType.allCases)
  func percentilesOfAllElementsAgreeWithSorting(_ type: SampleType) throws {
    let percents = [0, 0.1, 25, 50, 75, 98.6, 100]
    try Randomness.repeated(12) { random in
      let array = try random.view(of: try random.array(random.sizes(below: 14), type))
      let found = try array.percentiles(percents)
      let values = array.doubles
      #expect(found == percents.map { Self.percentile($0, values) }, "seed \(random.seed)")
      #expect(try array.median() == Self.percentile(50, values))
    }
  }

  @Test func manyElementsForEachResultAreSelected() throws {
    var random = Randomness(seed: 3)
    let cases: [(SampleType, AxisSizes, Axis)] = [
      (.float32, [.y: 3, .x: 5000], .x), (.uint16, [.y: 3, .x: 5000], .x),
      (.int32, [.x: 4000, .y: 3], .x), (.float64, [.time: 97, .x: 40], .time),
      (.uint8, [.time: 96, .x: 40], .time),
    ]
    for (type, sizes, axis) in cases {
      let array = try random.array(sizes, type)
      let result = try array.percentile(30, over: [axis], threads: 2)
      let (_, groups) = PlainArray(array).groups(over: [try sizes.place(of: axis)])
      #expect(result.doubles == groups.map { Self.percentile(30, $0) })
    }
    // All equal, sorted, reversed: what selection may be slow for.
    let hard: [[Int32]] = [
      [Int32](repeating: 4, count: 20_000), (0..<20_000).map { Int32($0) },
      (0..<20_000).map { Int32(20_000 - $0) }, (0..<20_000).map { Int32(abs($0 - 10_000)) },
    ]
    for values in hard {
      let array = try NDArray(values, sizes: [.y: 2, .x: 10_000])
      let (_, groups) = PlainArray(array.erased).groups(over: [1])
      #expect(try array.median(over: .x).elements == groups.map { Self.percentile(50, $0) })
    }
  }

  @Test func moreElementsThanAreCopiedAreCountedWhereTheyAre() throws {
    let count = (1 << 20) + 5
    let values = (0..<(2 * count)).map { Float(($0 &* 7919) % count) }
    let array = try NDArray(values, sizes: [.y: 2, .x: count])
    let median = try array.median(over: .x).elements
    #expect(median == [Double(count / 2), Double(count / 2)])
    #expect(try array.percentile(100) == Double(count - 1))
  }

  @Test func whatIsNotANumberMakesItsPercentileNotOne() throws {
    for count in [5, 200] {
      var values = (0..<(count * 3)).map { Float($0) }
      values[count + 2] = .nan
      let array = try NDArray(values, sizes: [.y: 3, .x: count])
      #expect(try array.percentile(50).isNaN)
      #expect(try array.median(over: .x).elements.map(\.isNaN) == [false, true, false])
      let turned = try array.transposed(.x, .y)
      #expect(
        try turned.compacted().median(over: .x).elements.map(\.isNaN) == [false, true, false])
    }
  }

  @Test func infinitiesHaveTheirPlace() throws {
    let array = try NDArray<Double>([.infinity, 1, -.infinity, 2, .infinity], shape: [5])
    #expect(try array.percentiles([0, 25, 50, 100]) == [-.infinity, 1, 2, .infinity])
    #expect(try array.percentile(80) == .infinity)
    #expect(try NDArray<Float>([-0.0, 0.0, -1.5], shape: [3]).median() == 0)
  }

  @Test func percentilesAreThoseOfNumPy() throws {
    // np.percentile([1, 2, 3, 4, 10, 20], [12.5, 37, 50, 99])
    let array = try NDArray<UInt8>([4, 1, 20, 2, 10, 3], shape: [6])
    #expect(try array.percentiles([12.5, 37, 50, 99]) == [1.625, 2.85, 3.5, 19.5])
  }

  @Test func nothingHasNoPercentile() throws {
    let none = try AnyNDArray(zeros: [.time: 0, .x: 2], sampleType: .float32)
    #expect(try none.median().isNaN)
    #expect(try none.median(over: .time).doubles.allSatisfy(\.isNaN))
    #expect(try none.median(over: .x).sizes == [.time: 0])
  }

  @Test(arguments: [-0.1, 100.1, .nan, .infinity])
  func percentagesOutsideOfAllAreErrors(_ percent: Double) throws {
    let array = try AnyNDArray(zeros: [.x: 2], sampleType: .uint8)
    let error = #expect(throws: ND2Error.self) { try array.percentile(percent) }
    #expect(error?.code == .invalidRequest)
    #expect(throws: ND2Error.self) { try array.percentile(percent, over: .x) }
    #expect(throws: ND2Error.self) { try array.percentile(50, over: .z) }
  }

  @Test func columnsOfEveryHeightAreSorted() throws {
    var random = Randomness(seed: 11)
    for count in 1...100 {
      let pairs = ColumnSortKernels.pairs(count)
      #expect(pairs.allSatisfy { $0.low < $0.high && $0.high < count })
      var values = (0..<(count * 3)).map { _ in Int16(random.int(-50..<50)) }
      let expected = (0..<3).map { column in (0..<count).map { values[$0 * 3 + column] }.sorted() }
      values.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        ColumnSortKernels.sort(.int16, start, width: 3, pairs)
      }
      let sorted = (0..<3).map { column in (0..<count).map { values[$0 * 3 + column] } }
      #expect(sorted == expected, "\(count)")
    }
  }
}
