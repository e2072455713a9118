import Testing

@testable import ND2

@Suite("Histograms of values") struct ValueHistogramTests {
  @Test("Zeros at both ends are left out; counts are found by value")
  func trimming() {
    let histogram = ValueHistogram(firstValue: -3, counts: [0, 0, 2, 0, 5, 0])
    #expect(histogram.minimum == -1 && histogram.maximum == 1)
    #expect(histogram.counts == [2, 0, 5] && histogram.count == 7)
    #expect([-4, -1, 0, 1, 2, .min, .max].map { histogram[$0] } == [0, 2, 0, 5, 0, 0, 0])
    #expect(histogram.count(from: -9) == 7 && histogram.count(from: 0) == 5)
    #expect(histogram.count(from: 2) == 0)
  }

  @Test("Percentiles are those of NumPy")
  func percentiles() {
    // np.percentile([1, 1, 2, 4, 7], [0, 10, 25, 60, 90, 100])
    let histogram = ValueHistogram(firstValue: 0, counts: [0, 2, 1, 0, 1, 0, 0, 1])
    let values = [0, 10, 25, 60, 90, 100].map { histogram.percentile($0) }
    for (value, wanted) in zip(values, [1, 1, 1, 2.8, 5.8, 7]) {
      #expect((value - wanted).magnitude < 1e-12)
    }
    #expect(histogram.percentile(-5) == 1 && histogram.percentile(500) == 7)
  }

  @Test("Without elements there is nothing, and no trap")
  func empty() {
    let histogram = ValueHistogram(firstValue: 0, counts: [0, 0])
    #expect(histogram.minimum == nil && histogram.maximum == nil && histogram.count == 0)
    #expect(histogram.percentile(50).isNaN && histogram.mean.isNaN)
    #expect(histogram.standardDeviation.isNaN && histogram[0] == 0)
  }

  @Test("Mean and deviation are right for very many elements")
  func manyElements() {
    // Sums beyond 64 bits.
    let count = Int.max / 4
    let histogram = ValueHistogram(firstValue: 65_533, counts: [count, 0, count])
    #expect(histogram.mean == 65_534)
    #expect(histogram.standardDeviation == 1)
  }

  @Test("Counters of 32 bits are carried over before they overflow")
  func carrying() throws {
    let tables = try CountTables(tableCount: 2, binCount: 4)
    let local = try tables.local(laneCount: 2)
    for _ in 0..<3 {
      local.prepare(adding: 1 << 31)
      local.lanes(1)[3] += 1 << 31
      local.lanes(1)[4] += 5
    }
    local.flush()
    #expect(Array(tables.counts(0)) == [0, 0, 0, 0])
    #expect(Array(tables.counts(1)) == [15, 0, 0, 3 << 31])
  }
}

@Suite("Ordered keys") struct OrderedKeyTests {
  @Test("Keys of floats are in the order of the floats, and lead back to them")
  func floats() {
    let values: [Float] = [
      -.infinity, -.greatestFiniteMagnitude, -1.5, -1, -.leastNonzeroMagnitude, -0.0, 0,
      .leastNonzeroMagnitude, 1, 1.5, .greatestFiniteMagnitude, .infinity,
    ]
    for (a, b) in zip(values, values.dropFirst()) { #expect(a.key < b.key) }
    for value in values {
      #expect(CountKernels.number(UInt64(value.key), .float32) == Double(value))
      #expect(CountKernels.number(Double(value).key, .float64) == Double(value))
    }
  }

  @Test("Keys of integers are in their order")
  func integers() {
    let values: [Int32] = [.min, -5, -1, 0, 1, .max]
    for (a, b) in zip(values, values.dropFirst()) { #expect(a.key < b.key) }
    for value in values {
      #expect(CountKernels.number(UInt64(value.key), .int32) == Double(value))
    }
  }
}
