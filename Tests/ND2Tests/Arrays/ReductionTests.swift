import ND2TestSupport
import Testing

@testable import ND2

struct ReductionTests {
  /// Shapes in which every way through the loops is taken: long and short rows, few and many results.
  static let shapes: [[Int]] = [
    [3, 5, 7], [2, 40, 33], [70, 20], [20, 70], [1, 1, 300], [5, 3000], [3000, 5], [33, 2, 3],
    [2, 3, 20, 18], [4100, 2, 3], [18, 1200], [1200, 18], [1],
  ]

  @Test(arguments: Reduction.allCases)
  func projectionsOfViewsAgreeWithThePlainOnes(_ reduction: Reduction) throws {
    var seed: UInt64 = 0
    for shape in Self.shapes {
      for type in SampleType.allCases {
        seed += 1
        var random = Randomness(seed: seed)
        let sizes = AxisSizes(zip(Axis.ofFiles, shape).map { .init($0, $1) })
        let array = try random.view(of: try random.array(sizes, type))
        let places = Set(array.sizes.indices.filter { _ in random.oneIn(2) })
        let axes = places.sorted().map { array.sizes[$0].axis }
        let over = places.isEmpty ? Set(array.sizes.indices) : places
        let result = try array.reduced(reduction, over: axes)
        #expect(result.sampleType == reduction.resultType(of: type))
        #expect(
          result.sizes.axes
            == array.sizes.axes.filter { !over.map { array.sizes[$0].axis }.contains($0) })
        let expected = PlainArray(array).reduced(reduction, over: over)
        #expect(
          PlainArray(result).agrees(with: expected, within: 1e-9),
          "seed \(seed) \(type) \(array.sizes) over \(axes)")
      }
    }
  }

  @Test(arguments: [1, 2, 5])
  func numberOfThreadsDoesNotChangeTheBits(_ threads: Int) throws {
    var random = Randomness(seed: 7)
    for sizes: AxisSizes in [[.time: 3, .y: 310, .x: 300], [.time: 40, .y: 80, .x: 90]] {
      for type in [SampleType.uint16, .float32, .float64] {
        let array = try random.array(sizes, type)
        for reduction in Reduction.allCases {
          for axes: [Axis] in [[], [.time], [.x], [.y, .x], [.time, .x]] {
            let one = try array.reduced(reduction, over: axes, threads: 1)
            let many = try array.reduced(reduction, over: axes, threads: threads)
            #expect(one == many, "\(reduction) \(type) \(axes)")
          }
        }
      }
    }
  }

  @Test func greatestNumbersOfManyRowsAreSummedExactly() throws {
    // 70 000 rows are more than 32-bit partial sums hold.
    let rows = 70_000
    let numbers = [UInt16](repeating: .max, count: rows * 20)
    let array = try NDArray(numbers, sizes: [.time: rows, .x: 20])
    #expect(try array.sum(over: .time).elements == [Double](repeating: 4_587_450_000, count: 20))
    #expect(try array.mean(over: .time).elements == [Double](repeating: 65_535, count: 20))
    #expect(try array.standardDeviation(over: .time).elements == [Double](repeating: 0, count: 20))
    #expect(try array.transposed(.x, .time).sum(over: .time).elements[3] == 4_587_450_000)
    #expect(array.sum() == 91_749_000_000)
    #expect(array.standardDeviation() == 0)
    let low = try NDArray([Int16](repeating: .min, count: rows * 20), sizes: [.time: rows, .x: 20])
    #expect(try low.sum(over: .time).elements[19] == -2_293_760_000)
    #expect(low.sum() == -45_875_200_000)
    #expect(try low.standardDeviation(over: .time).elements[0] == 0)
    let bytes = try NDArray(
      [Int8](repeating: .min, count: rows * 20), sizes: [.time: rows, .x: 20])
    #expect(try bytes.sum(over: .time).elements[7] == -8_960_000)
    #expect(bytes.sum() == -179_200_000)
  }

  @Test func sumsOfGreat32BitIntegersAreExact() throws {
    let array = try NDArray([UInt32](repeating: .max, count: 3 * 40), sizes: [.time: 3, .x: 40])
    #expect(try array.sum(over: .time).elements == [Double](repeating: 12_884_901_885, count: 40))
    #expect(array.sum() == 515_396_075_400)
    let low = try NDArray([Int32.min, .min, .max], shape: [3])
    #expect(low.sum() == -2_147_483_649)
    #expect(low.min() == .min)
    #expect(low.max() == .max)
  }

  @Test func deviationsOfNumbersFarFromZeroKeepTheirDigits() throws {
    let values = (0..<10_000).map { 1e9 + Double($0 % 2) }
    #expect(abs(try NDArray(values, shape: [10_000]).standardDeviation() - 0.5) < 1e-12)
    let columns = try NDArray(values, sizes: [.time: 200, .x: 50]).standardDeviation(over: .time)
    #expect(columns.elements.allSatisfy { $0 < 1e-9 })
    let steps = try NDArray(
      (0..<10_000).map { 1e9 + Double($0 / 50 % 2) }, sizes: [.time: 200, .x: 50])
    #expect(
      try steps.standardDeviation(over: .time).elements.allSatisfy { abs($0 - 0.5) < 1e-12 })
    let integers = try NDArray(
      (0..<5_000).map { Int32(2_000_000_000 + $0 % 2) }, shape: [5_000])
    #expect(abs(integers.standardDeviation() - 0.5) < 1e-12)
    #expect(try NDArray([Float(3.25)], shape: [1]).standardDeviation() == 0)
    var random = Randomness(seed: 5)
    let noise = (0..<20_000).map { _ in Double(random.int(0..<1000)) / 1024 }
    for (sizes, axes) in [([.time: 20_000], [.time]), ([.time: 1000, .x: 20], [.time, .x])]
      as [(AxisSizes, [Axis])]
    {
      let near = try NDArray(noise, sizes: sizes).erased
      let far = try NDArray(noise.map { $0 + 1e9 }, sizes: sizes).erased
      let expected = PlainArray.reduce(.standardDeviation, noise)
      for array in [near, far] {
        let found = try array.reduced(.standardDeviation, over: axes).scalar ?? 0
        #expect(abs(found - expected) < 1e-13 * expected)
      }
    }
  }

  @Test func deviationOfTheWholeRangeIsThatOfNumPy() throws {
    let all = try NDArray(Array(UInt16.min ... .max), shape: [256, 256])
    #expect(all.mean() == 32_767.5)
    // np.arange(65536).std()
    #expect(all.standardDeviation() == 18_918.613_618_603_24)
    let signed = try NDArray(Array(Int8.min ... .max), shape: [256])
    #expect(signed.standardDeviation() == 73.900_270_635_499_03)
    #expect(signed.mean() == -0.5)
  }

  @Test(arguments: [0, 1, 5, 37, 99, 163, 299])
  func whatIsNotANumberReachesTheResultFromEverywhere(_ place: Int) throws {
    for count in [300, 17] where place < count {
      var floats = (0..<count).map { Float($0) }
      floats[place] = .nan
      for reduction in Reduction.allCases {
        let row = try NDArray(floats, sizes: [.x: count]).erased
        #expect(try row.reduced(reduction, over: [.x]).scalar?.isNaN == true, "\(reduction)")
        let columns = try NDArray(floats.flatMap { [$0, 1] }, sizes: [.time: count, .x: 2]).erased
        let result = try columns.reduced(reduction, over: [.time]).doubles
        #expect(result[0].isNaN && !result[1].isNaN, "\(reduction)")
        let wide = try NDArray(
          floats.flatMap { [Float](repeating: $0, count: 20) }, sizes: [.time: count, .x: 20])
        #expect(try wide.erased.reduced(reduction, over: [.time]).doubles.allSatisfy(\.isNaN))
      }
    }
  }

  @Test func infinitiesAreNumbersOfTheirOwn() throws {
    let array = try NDArray<Double>([1, .infinity, -.infinity, 5], shape: [4])
    #expect(array.max() == .infinity)
    #expect(array.min() == -.infinity)
    #expect(array.sum().isNaN)
    let low = try NDArray([Double](repeating: -.infinity, count: 40), shape: [40])
    #expect(low.max() == -.infinity)
    #expect(low.sum() == -.infinity)
    #expect(low.mean() == -.infinity)
    #expect(low.standardDeviation().isNaN)
    let zero = try NDArray([Float(-0.0)], shape: [1])
    #expect(zero.max()?.sign == .minus)
  }

  @Test func nothingHasASumAndNoMean() throws {
    let none = try AnyNDArray(zeros: [.time: 0, .x: 3], sampleType: .uint16)
    #expect(try none.sum(over: .time).doubles == [0, 0, 0])
    #expect(try none.mean(over: .time).doubles.allSatisfy(\.isNaN))
    #expect(try none.standardDeviation(over: .time).doubles.allSatisfy(\.isNaN))
    #expect(none.max() == nil)
    #expect(none.sum() == 0)
    #expect(none.mean().isNaN)
    #expect(try none.max(over: .x).sizes == [.time: 0])
    let error = #expect(throws: ND2Error.self) { try none.max(over: .time) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("T 0") == true)
  }

  @Test func axesThatAreNotThereAreNamed() throws {
    let array = try AnyNDArray(zeros: [.time: 2, .x: 3], sampleType: .uint8)
    let error = #expect(throws: ND2Error.self) { try array.max(over: .z) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message == "there is no axis Z: the array has the axes T, X")
    #expect(throws: ND2Error.self) { try array.sum(over: .time, .time) }
    #expect(throws: ND2Error.self) { try array.sum(over: 2) }
  }

  @Test func arrayWithoutAxesIsItsOwnProjection() throws {
    let array = try NDArray([UInt8(7)], sizes: [:])
    #expect(array.max() == 7)
    #expect(array.mean() == 7)
    #expect(try array.erased.reduced(.max, over: []).doubles == [7])
    #expect(array.standardDeviation() == 0)
  }

  @Test func axesWithoutNamesAreNumberedAnew() throws {
    let array = try NDArray((0..<24).map { UInt8($0) }, shape: [2, 3, 4])
    #expect(try array.max(over: 1).sizes == AxisSizes(unnamed: [2, 4]))
    #expect(try array.max(over: 1).elements == [8, 9, 10, 11, 20, 21, 22, 23])
    #expect(try array.sum(over: 0, 2).elements == [60, 92, 124])
  }

  @Test func largeArraysAreSharedAmongThreads() throws {
    let (planes, side) = (9, 800)
    var array = try NDArray<UInt16>(zeros: [.time: planes, .y: side, .x: side])
    array.withUnsafeMutableElements { elements in
      for index in elements.indices {
        elements[index] = UInt16(truncatingIfNeeded: index &* 40_503)
      }
    }
    let (sum, most) = array.withUnsafeElements { elements in
      (elements.reduce(0) { $0 + Int($1) }, elements.max())
    }
    #expect(array.sum() == Double(sum))
    #expect(array.max() == most)
    let planesSum = try array.sum(over: .y, .x)
    #expect(planesSum.elements.reduce(0, +) == Double(sum))
    #expect(try array.sum(over: .time).sum() == Double(sum))
    #expect(try array.sum(over: .x).sum() == Double(sum))
    let turned = try array.transposed(.x, .time, .y)
    #expect(try turned.sum(over: .time).compacted() == array.sum(over: .time).transposed(.x, .y))
    #expect(
      try turned.max(over: .time).elements == array.max(over: .time).transposed(.x, .y).elements)
  }
}
