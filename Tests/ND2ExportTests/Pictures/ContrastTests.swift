import ND2
import ND2Export
import Testing

@Suite("Contrast")
struct ContrastTests {
  private func range<Sample>(_ values: [Sample], _ type: SampleType) -> ContrastRange {
    values.withUnsafeBytes { ContrastRange.percentiles(of: $0, type: type) }
  }

  @Test("Single hot and dead pixels do not count")
  func outliers() {
    var values = (0..<10_000).map { UInt16(1000 + $0 % 500) }
    values[17] = 65535
    values[18] = 0
    let range = range(values, .uint16)
    #expect(range.low >= 1000)
    #expect(range.high <= 1499)
    #expect(range.high > 1490)
  }

  @Test("Every number format is understood")
  func formats() {
    let values = (0..<2000).map { $0 % 100 }
    for (range, type) in [
      (range(values.map { UInt8($0) }, .uint8), "uint8"),
      (range(values.map { Int8($0) }, .int8), "int8"),
      (range(values.map { Int16($0) }, .int16), "int16"),
      (range(values.map { UInt32($0) }, .uint32), "uint32"),
      (range(values.map { Int32($0) }, .int32), "int32"),
      (range(values.map { Float($0) }, .float32), "float32"),
      (range(values.map { Double($0) }, .float64), "float64"),
    ] {
      #expect(range == ContrastRange(low: 0, high: 99), "\(type)")
    }
  }

  @Test("Negative values are below zero, not large")
  func negative() {
    let range = range((0..<1000).map { Int16($0 - 500) }, .int16)
    #expect(range.low < -490)
    #expect(range.high > 490)
  }

  @Test("Values that are no numbers do not count")
  func notNumbers() {
    let values: [Float] = [.nan, .infinity, -.infinity] + (0..<100).map { Float($0) }
    let range = range(values, .float32)
    #expect(range == ContrastRange(low: 0, high: 99))
    #expect(self.range([Float.nan], .float32) == ContrastRange(low: 0, high: 1))
  }

  @Test("A flat or empty channel still has a range")
  func flat() {
    #expect(range([UInt8](repeating: 7, count: 50), .uint8) == ContrastRange(low: 7, high: 8))
    #expect(range([UInt16](), .uint16) == ContrastRange(low: 0, high: 1))
    let large = ContrastRange(low: 1e300, high: 1e300)
    #expect(large.high > large.low)
  }
}
