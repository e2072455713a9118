import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Tables of statistics") struct StatisticsTableTests {
  @Test("A row for each channel, whole numbers where pixels are")
  func columns() throws {
    let sample = SampleFile(
      width: 9, height: 7, channels: [.init("a"), .init("b")], loops: [.time(count: 2)])
    let statistics = try ND2File(reading: try sample.source())
      .channelStatistics(percentiles: [50, 99.9, 50])
    let table = statistics.table
    #expect(
      table.titles == [
        "Channel", "Min", "Max", "Mean", "SD", "P50", "P99.9", "Saturated [%]", "Zero [%]",
        "Pixels", "NaN", "Missing Frames",
      ])
    #expect(table["Channel"]?.strings == ["a", "b"])
    #expect(table["Min"]?.integers == statistics.map { Int(exactly: $0.minimum) })
    #expect(table["P99.9"]?.doubles == statistics.map { $0.percentile(99.9) ?? .nan })
    #expect(table["Pixels"]?.integers == [126, 126])
  }

  @Test("Colours have a column; floating-point samples have no saturation")
  func kinds() throws {
    let colour = SampleFile(width: 3, height: 3, sampleType: .uint8, channels: [.rgb()])
    let table = try ND2File(reading: try colour.source()).channelStatistics().table
    #expect(table["Sample"]?.strings == ["R", "G", "B"])
    let real = SampleFile(width: 3, height: 3, sampleType: .float32)
    let other = try ND2File(reading: try real.source()).channelStatistics().table
    #expect(other["Saturated [%]"]?.isEmpty == true)
    #expect(other["Min"]?.integers == nil && other["Sample"] == nil)
  }
}
