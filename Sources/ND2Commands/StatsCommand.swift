import ArgumentParser
import ND2

/// `nd2 stats`: how the pixel values of each channel are distributed.
struct StatsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Tells how the pixel values of each channel are distributed.",
    discussion: """
      Least and greatest value, mean, standard deviation (divided by n), percentiles, the percentage \
      of saturated pixels (at the largest value of the significant bits, or above) and of zeros. \
      Colour has a row for each of red, green and blue. Frames that are missing or damaged are left \
      out; so is what is not a number. The whole file is read, wide samples more than once. Ranges \
      are as for 'nd2 read'. --json gives an object for each channel; --format json the table.
      """)

  @OptionGroup var input: FileArgument

  @Option(
    help: .init(
      """
      The percentiles, as in 1,50,99.9, or 'none'; by default 1, 5, 25, 50, 75, 95 and 99, of which \
      people see 1, 50 and 99.
      """, valueName: "list"))
  var percentiles: PercentileList?

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { table.wantsJSON(json.json) }

  func validate() throws { try table.checkFormat(besideDocument: json.json) }

  func perform(in session: Session) throws {
    let output = try table.begin(reading: input.file, json: json.json)
    let file = try session.open(input.file)
    let progress = session.progress("Counting")
    let statistics = try file.channelStatistics(
      try selection.selection(in: file),
      percentiles: percentiles?.percents ?? ChannelStatistics.usualPercentiles
    ) { progress.show(share: $0) }
    progress.finish()
    if json.json {
      try output.write(.array(statistics.map(\.document)), in: session)
    } else {
      let all = statistics.table
      try output.write(all, shown: all.hiding(hidden(in: all)), in: session)
    }
    if let count = statistics.first?.missingFrameCount, count > 0 {
      session.say("nd2: \(HumanText.count(count, "frame")) without sound pixels left out")
    }
    session.report(file.diagnostics)
  }

  /// Columns that say nothing to people.
  private func hidden(in all: Table) -> Set<String> {
    var hidden = Set(["NaN", "Missing Frames"].filter { all.has(only: 0, in: $0) })
    if percentiles == nil {
      let shown: Set<Double> = [1, 50, 99]
      hidden.formUnion(
        ChannelStatistics.usualPercentiles.filter { !shown.contains($0) }
          .map(Table.title(ofPercentile:)))
    }
    return hidden
  }
}

extension ChannelStatistics {
  /// The statistics for machines; what is not a number is null.
  fileprivate var document: JSONValue {
    [
      "channel": .string(name), "index": .integer(Int64(channel)),
      "sample": .text(sample?.rawValue), "dtype": .string(sampleType.rawValue),
      "count": .integer(Int64(count)), "min": .number(minimum), "max": .number(maximum),
      "mean": .number(mean), "std": .number(standardDeviation),
      "percentiles": .object(
        percentiles.map { .init(Self.text($0.percent), .number($0.value)) }),
      "saturation_value": .number(saturationValue),
      "saturated_count": .integer(Int64(saturatedCount)),
      "saturated_share": .number(saturatedShare), "zero_count": .integer(Int64(zeroCount)),
      "zero_share": .number(zeroShare), "nan_count": .integer(Int64(nanCount)),
      "missing_frames": .integer(Int64(missingFrameCount)),
    ]
  }

  private static func text(_ percent: Double) -> String {
    Int(exactly: percent).map(String.init) ?? String(percent)
  }
}

/// Percentages as people write them: `1,50,99.9`, or `none`.
struct PercentileList: ExpressibleByArgument {
  let percents: [Double]

  init?(argument: String) {
    if argument == "none" {
      percents = []
      return
    }
    var percents: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let percent = Double(part.filter { $0 != " " }), (0...100).contains(percent) else {
        return nil
      }
      percents.append(percent)
    }
    self.percents = percents
  }
}
