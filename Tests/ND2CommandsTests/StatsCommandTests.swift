import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 stats")
struct StatsCommandTests {
  @Test("A row for each channel, with what the library says")
  func rows() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let expected = try ND2File(path: path).channelStatistics()
    let records = try CommandRun("stats", path, "--json").json().elements
    #expect(records.count == 2)
    for (record, row) in zip(records, expected) {
      #expect(record["channel"]?.string == row.name)
      #expect(record["max"]?.double == row.maximum)
      #expect(record["mean"]?.double == row.mean)
      #expect(record["percentiles"]?["95"]?.double == row.percentile(95))
      #expect(record["count"]?.double == Double(row.count))
      #expect(record["saturated_share"]?.double == row.saturatedShare)
    }
    let table = try CommandRun("stats", path, "--format", "json").json().elements
    #expect(table[1]["Channel"]?.string == expected[1].name)
    #expect(table[1]["P95"]?.double == expected[1].percentile(95))
    #expect(CommandRun("stats", path, "--json", "--format", "csv").status == .usage)
  }

  @Test("People see few percentiles unless they ask, and no columns that say nothing")
  func people() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let heading = CommandRun("stats", path).lines[0]
    #expect(heading.contains(" P50 ") && !heading.contains("P25"))
    #expect(!heading.contains("NaN") && !heading.contains("Missing"))
    let asked = CommandRun("stats", path, "--percentiles", "25,99.9").lines[0]
    #expect(asked.contains("P25") && asked.contains("P99.9") && !asked.contains("P50"))
    #expect(!CommandRun("stats", path, "--percentiles", "none").lines[0].contains("P50"))
    for list in ["", "101", "1,,2", "x", "nan"] {
      #expect(CommandRun("stats", path, "--percentiles", list).status == .usage, "\(list)")
    }
  }

  @Test("A selection is that of nd2 read")
  func selection() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "stats", path, "--format", "csv", "--position", "1", "--t", "0", "--z", "1:", "--c", "1",
      "--y", "4:12", "--x", "3:20")
    #expect(run.lines.count == 2)
    let selection = ArraySelection(.position, 1).with(.time, 0).with(.z, 1..<3).with(.channel, 1)
      .with(.y, 4..<12).with(.x, 3..<20)
    let expected = try ND2File(path: path).channelStatistics(selection).table
    #expect(run.output == expected.text(.csv, lineEnd: .lf))
    #expect(CommandRun("stats", path, "--z", "7").status == .failed)
  }

  @Test("Missing frames are left out and said, with exit code 3")
  func missing() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 4, height: 4, loops: [.time(count: 3)])
    sample.missingFrames = [1]
    let path = try folder.save(sample)
    let run = CommandRun("stats", path)
    #expect(run.status == .damaged)
    #expect(run.errors.contains("1 frame without sound pixels left out"))
    #expect(run.lines[0].contains("Missing Frames"))
    #expect(try CommandRun("stats", path, "--json").json().elements[0]["count"] == 32)
  }
}
