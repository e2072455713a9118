extension Array where Element == ChannelStatistics {
  /// The statistics as a table, with a row for each.
  ///
  /// Its columns are `Channel`, for colour `Sample` (R, G, B), `Min`, `Max`, `Mean`, `SD`, the
  /// percentiles as `P1`, `P50` and so on, `Saturated [%]` (of the pixels; none for floating-point
  /// samples), `Zero [%]`, `Pixels`, `NaN` and `Missing Frames` (numbers of what was left out).
  public var table: Table {
    let statistics = self
    var columns: [Table.Column] = [.init("Channel", strings: statistics.map(\.name))]
    if statistics.contains(where: { $0.sample != nil }) {
      columns.append(.init("Sample", strings: statistics.map { $0.sample?.rawValue }))
    }
    for (title, values) in [
      ("Min", statistics.map(\.minimum)), ("Max", statistics.map(\.maximum)),
    ] {
      let isWhole = statistics.allSatisfy { !$0.sampleType.isFloatingPoint }
      columns.append(
        isWhole
          ? .init(title, integers: values.map { Int(exactly: $0) })
          : .init(title, doubles: values.map(\.number)))
    }
    columns.append(.init("Mean", doubles: statistics.map(\.mean.number)))
    columns.append(.init("SD", doubles: statistics.map(\.standardDeviation.number)))
    var seen: Set<Double> = []
    for percent in statistics.first?.percentiles.map(\.percent) ?? []
    where seen.insert(percent).inserted {
      columns.append(
        .init(
          Table.title(ofPercentile: percent),
          doubles: statistics.map {
            $0.percentile(percent)?.number
          }))
    }
    columns.append(
      .init(
        "Saturated", unit: "%",
        doubles: statistics.map { $0.saturatedShare.flatMap { ($0 * 100).number } }))
    columns.append(
      .init("Zero", unit: "%", doubles: statistics.map { ($0.zeroShare * 100).number }))
    columns.append(.init("Pixels", integers: statistics.map(\.count)))
    columns.append(.init("NaN", integers: statistics.map(\.nanCount)))
    columns.append(.init("Missing Frames", integers: statistics.map(\.missingFrameCount)))
    return Table(fitting: columns, rowCount: statistics.count)
  }
}

extension Table {
  /// The heading of a percentile, such as `P99.9`.
  package static func title(ofPercentile percent: Double) -> String {
    Int(exactly: percent).map { "P\($0)" } ?? "P\(percent)"
  }
}

extension Double {
  /// The value, or nil for what is not a number.
  fileprivate var number: Double? { isNaN ? nil : self }
}
