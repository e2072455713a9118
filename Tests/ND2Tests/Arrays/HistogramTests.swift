import ND2TestSupport
import Testing

@testable import ND2

struct HistogramTests {
  /// The plainest histogram over given ends.
  static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in values {
      guard let last = edges.last, value >= edges[0], value <= last else { continue }
      let bin = edges.lastIndex { $0 <= value } ?? 0
      counts[min(bin, counts.count - 1)] += 1
    }
    return counts
  }

  @Test(arguments: SampleType.allCases)
  func countsAgreeWithThePlainOnes(_ type: SampleType) throws {
    try Randomness.repeated(20) { random in
      let array = try random.view(of: try random.array(random.sizes(below: 12), type))
      let bins = [1, 2, 10, 37, 256][random.int(0..<5)]
      let values = array.doubles
      let histogram = try array.histogram(bins: bins)
      #expect(histogram.edges.count == bins + 1)
      #expect(histogram.total == array.count)
      #expect(histogram.counts == Self.counts(values, histogram.edges), "seed \(random.seed)")
      let (low, high) = (random.number(of: type), random.number(of: type))
      let range = (lower: min(low, high), upper: max(low, high))
      let part = try array.histogram(bins: bins, range: range)
      #expect(part.counts == Self.counts(values, part.edges), "seed \(random.seed) \(range)")
    }
  }

  @Test func binsAreThoseOfNumPy() throws {
    // np.histogram([1, 2, 1, 4, 5.5, 10], bins=4)
    let array = try NDArray([1, 2, 1, 4, 5.5, 10], shape: [6])
    let histogram = try array.histogram(bins: 4)
    #expect(histogram.counts == [3, 1, 1, 1])
    #expect(histogram.edges == [1, 3.25, 5.5, 7.75, 10])
    // np.histogram([0, 1, 2, 3], bins=3, range=(0, 3)): only the last bin has its upper end.
    let whole = try NDArray<UInt8>([0, 1, 2, 3], shape: [4])
    #expect(try whole.histogram(bins: 3, range: (0, 3)).counts == [1, 1, 2])
    #expect(try whole.histogram(bins: 2, range: (1, 2)).counts == [1, 1])
  }

  @Test func equalElementsLieInTheMiddle() throws {
    let array = try NDArray([Float](repeating: 7, count: 5), shape: [5])
    let histogram = try array.histogram(bins: 2)
    #expect(histogram.edges == [6.5, 7, 7.5])
    #expect(histogram.counts == [0, 5])
    let none = try AnyNDArray(zeros: [.x: 0], sampleType: .float32).histogram(bins: 2)
    #expect(none.edges == [0, 0.5, 1])
    #expect(none.counts == [0, 0])
    let huge = try NDArray([1e300, 1e300], shape: [2]).histogram(bins: 3)
    #expect(huge.total == 2)
  }

  @Test func binsNarrowerThanNumbersCountThemInOne() throws {
    let values = [1, 1.0.nextUp, 1.0.nextUp.nextUp, 1.0.nextUp.nextUp.nextUp]
    let array = try NDArray((0..<40_000).map { values[$0 % 4] }, shape: [40_000])
    let histogram = try array.histogram(bins: 1 << 20)
    #expect(histogram.total == 40_000)
    #expect(histogram.counts.filter { $0 > 0 } == [10_000, 10_000, 10_000, 10_000])
    let huge = try NDArray([Double](repeating: 1e300, count: 40_000), shape: [40_000])
    #expect(try huge.histogram(bins: 1 << 20).counts.last == 40_000)
  }

  @Test func whatIsNotANumberIsNotCounted() throws {
    let array = try NDArray<Float>([1, .nan, 3, .nan], shape: [4])
    let histogram = try array.histogram(bins: 2)
    #expect(histogram.edges == [1, 2, 3])
    #expect(histogram.counts == [1, 1])
    let none = try NDArray<Float>([.nan], shape: [1]).histogram(bins: 1)
    #expect(none.counts == [0])
    let infinite = try NDArray<Double>([1, .infinity], shape: [2])
    #expect(throws: ND2Error.self) { try infinite.histogram(bins: 2) }
    #expect(try infinite.histogram(bins: 2, range: (0, 2)).counts == [0, 1])
  }

  @Test func everyIndexOfAnAxisHasItsOwn() throws {
    let array = try NDArray<UInt16>([1, 2, 3, 1000, 2000, 3000], sizes: [.channel: 2, .x: 3])
    let own = try array.histograms(along: .channel, bins: 2)
    #expect(own.map(\.edges) == [[1, 2, 3], [1000, 2000, 3000]])
    #expect(own.map(\.counts) == [[1, 2], [1, 2]])
    let shared = try array.histograms(along: .channel, bins: 3, range: (0, 3000))
    #expect(shared.map(\.counts) == [[3, 0, 0], [0, 1, 2]])
    #expect(throws: ND2Error.self) { try array.histograms(along: .z, bins: 2) }
  }

  @Test(arguments: [0, -1, .min, (1 << 24) + 1, .max])
  func numbersOfBinsThatCannotBeAreErrors(_ bins: Int) throws {
    let array = try AnyNDArray(zeros: [.x: 2], sampleType: .uint8)
    let error = #expect(throws: ND2Error.self) { try array.histogram(bins: bins) }
    #expect(error?.code == .invalidRequest)
    #expect(throws: ND2Error.self) { try array.histograms(along: .x, bins: bins) }
  }

  @Test(
    arguments: [
      (2, 1), (.nan, 1), (0, .nan), (0, .infinity), (-.infinity, 0), (-1.7e308, 1.7e308),
    ] as [(Double, Double)])
  func rangesThatCannotBeAreErrors(_ range: (Double, Double)) throws {
    let array = try AnyNDArray(zeros: [.x: 2], sampleType: .float32)
    let error = #expect(throws: ND2Error.self) { try array.histogram(bins: 2, range: range) }
    #expect(error?.code == .invalidRequest)
  }

  @Test func largeArraysAreCountedByAllThreads() throws {
    let values = (0..<3_000_000).map { UInt16(truncatingIfNeeded: $0 &* 40_503) }
    let array = try NDArray(values, shape: [3, 1000, 1000])
    let histogram = try array.histogram(bins: 65_536, range: (0, 65_536))
    var expected = [Int](repeating: 0, count: 65_536)
    for value in values { expected[Int(value)] += 1 }
    #expect(histogram.counts == expected)
    let floats = try array.cast(to: Float.self).histogram(bins: 65_536, range: (0, 65_536))
    #expect(floats == histogram)
  }
}
