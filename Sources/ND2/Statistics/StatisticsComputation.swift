import ND2Format

/// Works out the statistics of the channels of a selection.
///
/// Samples of 8 and 16 bits are counted value by value in one pass. Of wider ones the first pass
/// counts the upper 16 bits of their keys; each further pass looks at those that the percentiles lie
/// among.
struct StatisticsComputation {
  /// Memory for counters.
  private static let memoryByteCount = 256 << 20

  /// A colour of a channel: a row of the result.
  private struct Row: Sendable {
    /// The plane of the selection.
    var plane: Int
    /// The sample within a pixel of the plane.
    var place: Int
    var channel: Int
    var name: String
    var sample: ChannelStatistics.Sample?
  }

  private let file: ND2File
  private let walk: FrameWalk
  private let rows: [Row]
  private let samplesPerPixel: Int
  private let type: SampleType
  private let percents: [Double]
  private let saturationValue: Double?

  init(
    _ file: ND2File, _ selection: ArraySelection, percentiles: [Double],
    _ cancellation: CancellationFlag
  ) throws {
    // Wrong percentages are errors before anything is read.
    for percent in percentiles { _ = try Rank(percent, of: 1) }
    try file.checkPromise(of: selection)
    let resolved = try file.geometry.resolve(selection)
    self.file = file
    walk = FrameWalk(file, resolved, cancellation)
    type = file.sampleType
    percents = percentiles
    samplesPerPixel = resolved.gather.sampleCount
    rows = Self.rows(file, resolved, selection)
    saturationValue = Self.saturationValue(file)
  }

  private static func rows(
    _ file: ND2File, _ resolved: ResolvedSelection, _ selection: ArraySelection
  ) -> [Row] {
    let names = file.channelLayout.channelAxisNames
    // Where each colour is stored, whatever order is asked for.
    let stored = file.channelLayout.components(isBlueFirst: !file.isLegacy)
    let first = selection.ranges[.channel]?.lowerBound ?? 0
    return resolved.gather.planes.enumerated().flatMap { plane, components in
      let channel = first + plane
      let name = names.indices.contains(channel) ? names[channel] : "Channel_\(channel + 1)"
      return components.enumerated().map { place, component in
        let isColour = components.count == ChannelStatistics.Sample.allCases.count
        let colour =
          isColour && stored.indices.contains(channel)
          ? stored[channel].firstIndex(of: component) : nil
        return Row(
          plane: plane, place: place, channel: channel, name: name,
          sample: colour.map { ChannelStatistics.Sample.allCases[$0] })
      }
    }
  }

  /// The largest number that the significant bits hold.
  private static func saturationValue(_ file: ND2File) -> Double? {
    let type = file.sampleType
    guard !type.isFloatingPoint else { return nil }
    let isSigned = type == .int8 || type == .int16 || type == .int32
    let most = type.byteCount * 8
    let significant = file.attributes.bitsPerComponentSignificant
    let bits = (1...most).contains(significant) ? significant : most
    return Double(UInt64(1) << UInt64(bits - (isSigned && bits > 1 ? 1 : 0)) - 1)
  }

  /// The statistics of all rows.
  func run(progress: (@Sendable (Double) -> Void)?) throws -> [ChannelStatistics] {
    type.byteCount <= 2 ? try runNarrow(progress) : try runWide(progress)
  }

  /// Planes that are read together, so that their counters fit into memory.
  private func planeBatches(bytesPerRow: Int) -> [Range<Int>] {
    let planeCount = rows.count / max(1, samplesPerPixel)
    let most = max(1, Self.memoryByteCount / (bytesPerRow * max(1, samplesPerPixel)))
    return stride(from: 0, to: planeCount, by: most).map { $0..<min($0 + most, planeCount) }
  }

  private func rows(of planes: Range<Int>) -> Range<Int> {
    (planes.lowerBound * samplesPerPixel)..<(planes.upperBound * samplesPerPixel)
  }

  private func meter(
    _ progress: (@Sendable (Double) -> Void)?, itemCounts: some Sequence<Int>
  ) -> ProgressMeter {
    ProgressMeter(progress, total: itemCounts.reduce(0, +))
  }

  // MARK: - 8 and 16 bits

  private func runNarrow(
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> [ChannelStatistics] {
    let size = type.byteCount
    let type = type
    let binCount = 1 << (size * 8)
    let laneCount = NarrowCounting.laneCount(size)
    let bytesPerRow = binCount * laneCount * 4
    let batches = planeBatches(bytesPerRow: bytesPerRow)
    let itemCount = walk.itemCount()
    let meter = meter(progress, itemCounts: batches.map { _ in itemCount })
    var histograms: [ValueHistogram] = []
    for planes in batches {
      let count = rows(of: planes).count
      let places = walk.places(of: planes)
      let tables = try CountTables(tableCount: count, binCount: binCount)
      try walk.run(
        planes: planes,
        threads: walk.threadCount(
          memoryPerThread: bytesPerRow * count, limit: Self.memoryByteCount),
        itemCount: itemCount, progress: meter
      ) {
        try tables.local(laneCount: laneCount)
      } visit: { local, _, piece in
        local.prepare(adding: piece.pixelCount)
        piece.forEachRun(places) { row, samples, count in
          NarrowCounting.count(
            samples, count, stride: piece.stride, byteCount: size, into: local.lanes(row))
        }
      } end: {
        $0.flush()
      }
      for row in 0..<count {
        histograms.append(NarrowCounting.histogram(tables.counts(row), of: type))
      }
    }
    return zip(rows, histograms).map(statistics)
  }

  private func statistics(_ row: Row, _ histogram: ValueHistogram) -> ChannelStatistics {
    ChannelStatistics(
      name: row.name, channel: row.channel, sample: row.sample, sampleType: type,
      count: histogram.count, minimum: histogram.minimum.map { Double($0) } ?? .nan,
      maximum: histogram.maximum.map { Double($0) } ?? .nan, mean: histogram.mean,
      standardDeviation: histogram.standardDeviation,
      percentiles: percents.map { .init(percent: $0, value: histogram.percentile($0)) },
      saturationValue: saturationValue,
      saturatedCount: saturationValue.flatMap { Int(exactly: $0) }.map {
        histogram.count(from: $0)
      } ?? 0,
      zeroCount: histogram[0], nanCount: 0, missingFrameCount: walk.lostFrameCount,
      histogram: histogram)
  }

  // MARK: - 32 and 64 bits

  /// The number of a key. Minus zero, which is in order before zero, becomes zero.
  private func value(ofKey key: UInt64) -> Double { CountKernels.number(key, type) + 0 }

  /// The key from which samples are saturated; nil for floating-point types.
  private var saturationKey: UInt64? {
    switch type {
    case .uint32: saturationValue.flatMap { UInt32(exactly: $0) }.map { UInt64($0.key) }
    case .int32: saturationValue.flatMap { Int32(exactly: $0) }.map { UInt64($0.key) }
    default: nil
    }
  }

  private static let bytesPerWideTable = CountKernels.digits * 4

  private func runWide(
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> [ChannelStatistics] {
    let batches = planeBatches(bytesPerRow: Self.bytesPerWideTable)
    let itemCounts = batches.map { walk.itemCount(most: (1 << 18) / max(1, rows(of: $0).count)) }
    let passes = percents.isEmpty ? 1 : CountKernels.keyBits(type) / CountKernels.digitBits
    let meter = meter(progress, itemCounts: itemCounts.map { $0 * passes })
    var results: [ChannelStatistics] = []
    for (planes, itemCount) in zip(batches, itemCounts) {
      let (summaries, tables) = try survey(planes, itemCount, meter)
      let wanted = try summaries.enumerated().map { row, summary in
        (row: row, ranks: try ranks(count: summary.count))
      }
      var search = RankSearch(wanted)
      search.advance(search.targets.indices) { tables.counts($0.row) }
      for pass in stride(from: 1, to: passes, by: 1) {
        try refine(&search, pass: pass, planes, itemCount, meter)
      }
      for (row, summary) in zip(rows(of: planes), summaries) {
        results.append(
          statistics(rows[row], summary, search.keys(row: row - rows(of: planes).lowerBound)))
      }
    }
    return results
  }

  /// The ranks that the percentiles need.
  private func ranks(count: Int) throws -> Set<Int> {
    guard count > 0 else { return [] }
    return try percents.reduce(into: []) { ranks, percent in
      let rank = try Rank(percent, of: count)
      ranks.formUnion([rank.lower, rank.upper])
    }
  }

  /// The first pass: everything but the percentiles, and the upper 16 bits of the keys.
  private func survey(
    _ planes: Range<Int>, _ itemCount: Int, _ meter: ProgressMeter
  ) throws -> ([WideSummary], CountTables) {
    let count = rows(of: planes).count
    let (type, places) = (type, walk.places(of: planes))
    let limit = saturationKey
    let tables = try CountTables(tableCount: count, binCount: CountKernels.digits)
    let parts = SummaryParts(rowCount: count, itemCount: itemCount)
    try walk.run(
      planes: planes,
      threads: walk.threadCount(
        memoryPerThread: Self.bytesPerWideTable * count, limit: Self.memoryByteCount),
      itemCount: itemCount, progress: meter
    ) {
      try tables.local()
    } visit: { local, item, piece in
      local.prepare(adding: piece.pixelCount)
      piece.forEachRun(places) { row, samples, count in
        WideCounting.survey(
          samples, count, stride: piece.stride, of: type, saturatedFrom: limit,
          into: local.lanes(row), &parts[item, row])
      }
    } end: {
      $0.flush()
    }
    return ((0..<count).map { parts.merged(row: $0) }, tables)
  }

  /// A further pass: 16 more bits of the keys that are looked for.
  private func refine(
    _ search: inout RankSearch, pass: Int, _ planes: Range<Int>, _ itemCount: Int,
    _ meter: ProgressMeter
  ) throws {
    let count = rows(of: planes).count
    let (type, places) = (type, walk.places(of: planes))
    let most = Self.memoryByteCount / Self.bytesPerWideTable
    // Very many percentiles of very many channels are looked for some at a time.
    var next = 0
    while next < search.targets.count {
      let batch = next..<min(next + most, search.targets.count)
      next = batch.upperBound
      let targets = search.targets[batch]
      let indices = (0..<count).map { row in
        PrefixIndex(
          targets.lazy.filter { $0.row == row }.map(\.prefix),
          bitCount: pass * CountKernels.digitBits)
      }
      let starts = indices.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.sorted.count) }
      let tableCount = starts.last ?? 0
      let tables = try CountTables(tableCount: tableCount, binCount: CountKernels.digits)
      try walk.run(
        planes: planes,
        threads: walk.threadCount(
          memoryPerThread: Self.bytesPerWideTable * tableCount, limit: Self.memoryByteCount),
        itemCount: itemCount,
        progress: next == search.targets.count ? meter : ProgressMeter(nil, total: 1)
      ) {
        try tables.local()
      } visit: { local, _, piece in
        local.prepare(adding: piece.pixelCount)
        piece.forEachRun(places) { row, samples, count in
          guard !indices[row].sorted.isEmpty else { return }
          WideCounting.refine(
            samples, count, stride: piece.stride, of: type, indices[row],
            into: local.lanes(starts[row]))
        }
      } end: {
        $0.flush()
      }
      search.advance(batch) { target in
        indices[target.row].sorted.firstIndex(of: target.prefix).map {
          tables.counts(starts[target.row] + $0)
        }
      }
    }
  }

  private func statistics(
    _ row: Row, _ summary: WideSummary, _ keys: [Int: UInt64]
  ) -> ChannelStatistics {
    let count = summary.count
    func element(_ rank: Int) -> Double {
      keys[rank].map { value(ofKey: $0) } ?? .nan
    }
    return ChannelStatistics(
      name: row.name, channel: row.channel, sample: row.sample, sampleType: type, count: count,
      minimum: count > 0 ? value(ofKey: summary.leastKey) : .nan,
      maximum: count > 0 ? value(ofKey: summary.greatestKey) : .nan,
      mean: summary.mean, standardDeviation: summary.standardDeviation,
      percentiles: percents.map { percent in
        let rank = count > 0 ? try? Rank(percent, of: count) : nil
        return .init(
          percent: percent,
          value: rank.map { $0.between(element($0.lower), element($0.upper)) } ?? .nan)
      },
      saturationValue: saturationValue, saturatedCount: summary.saturatedCount,
      zeroCount: summary.zeroCount, nanCount: summary.nanCount,
      missingFrameCount: walk.lostFrameCount, histogram: nil)
  }
}

/// The summaries of all rows by item; each item is worked on by one thread.
private final class SummaryParts: @unchecked Sendable {
  // No two threads touch the same item.
  private let parts: UnsafeMutablePointer<WideSummary>
  private let rowCount: Int
  private let itemCount: Int

  init(rowCount: Int, itemCount: Int) {
    self.rowCount = rowCount
    self.itemCount = itemCount
    parts = .allocate(capacity: max(1, rowCount * itemCount))
    parts.initialize(repeating: WideSummary(), count: rowCount * itemCount)
  }

  deinit { parts.deallocate() }

  subscript(item: Int, row: Int) -> WideSummary {
    _read { yield parts[item * rowCount + row] }
    _modify { yield &parts[item * rowCount + row] }
  }

  /// The summary of a row, its items in their order.
  func merged(row: Int) -> WideSummary {
    (0..<itemCount).reduce(into: WideSummary()) { $0.merge(self[$1, row]) }
  }
}
