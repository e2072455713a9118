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
    try PercentilePlace.check(percentiles)
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

  /// Calls `body` with the samples of each of some rows in a piece.
  @inline(__always)
  private static func forEachRow(
    _ piece: FrameWalk.Piece, count: Int, samplesPerPixel: Int, sampleByteCount: Int,
    _ body: (_ row: Int, _ samples: UnsafeRawPointer) -> Void
  ) {
    guard let base = piece.bytes.baseAddress else { return }
    for row in 0..<count {
      body(
        row,
        base + row / samplesPerPixel * piece.planeByteCount
          + row % samplesPerPixel * sampleByteCount)
    }
  }

  // MARK: - 8 and 16 bits

  private func runNarrow(
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> [ChannelStatistics] {
    let size = type.byteCount
    let (stride, type) = (samplesPerPixel, type)
    let binCount = 1 << (size * 8)
    let laneCount = NarrowCounting.laneCount(size)
    let bytesPerRow = binCount * laneCount * 4
    let batches = planeBatches(bytesPerRow: bytesPerRow)
    let itemCount = walk.itemCount()
    let meter = meter(progress, itemCounts: batches.map { _ in itemCount })
    var histograms: [ValueHistogram] = []
    for planes in batches {
      let count = rows(of: planes).count
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
        Self.forEachRow(piece, count: count, samplesPerPixel: stride, sampleByteCount: size) {
          NarrowCounting.count(
            $1, piece.pixelCount, stride: stride, byteCount: size, into: local.lanes($0))
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

  private static let bytesPerWideTable = WideCounting.binCount * 4

  private func runWide(
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> [ChannelStatistics] {
    let batches = planeBatches(bytesPerRow: Self.bytesPerWideTable)
    let itemCounts = batches.map { walk.itemCount(most: (1 << 18) / max(1, rows(of: $0).count)) }
    let passes = percents.isEmpty ? 1 : WideType.bitCount(type) / WideCounting.digitBitCount
    let meter = meter(progress, itemCounts: itemCounts.map { $0 * passes })
    var results: [ChannelStatistics] = []
    for (planes, itemCount) in zip(batches, itemCounts) {
      let (summaries, tables) = try survey(planes, itemCount, meter)
      let wanted = summaries.enumerated().map { row, summary in
        (row: row, ranks: ranks(count: summary.count))
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
  private func ranks(count: Int) -> Set<Int> {
    guard count > 0 else { return [] }
    return percents.reduce(into: []) { ranks, percent in
      let place = PercentilePlace(percent, count: count)
      ranks.formUnion([place.lower, place.upper])
    }
  }

  /// The first pass: everything but the percentiles, and the upper 16 bits of the keys.
  private func survey(
    _ planes: Range<Int>, _ itemCount: Int, _ meter: ProgressMeter
  ) throws -> ([WideSummary], CountTables) {
    let count = rows(of: planes).count
    let (stride, type) = (samplesPerPixel, type)
    let limit = WideType.saturationKey(saturationValue, type)
    let tables = try CountTables(tableCount: count, binCount: WideCounting.binCount)
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
      Self.forEachRow(
        piece, count: count, samplesPerPixel: stride, sampleByteCount: type.byteCount
      ) { row, samples in
        WideCounting.survey(
          samples, piece.pixelCount, stride: stride, of: type, saturatedFrom: limit,
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
    let (stride, type) = (samplesPerPixel, type)
    let most = Self.memoryByteCount / Self.bytesPerWideTable
    // Very many percentiles of very many channels are looked for some at a time.
    var next = 0
    while next < search.targets.count {
      let places = next..<min(next + most, search.targets.count)
      next = places.upperBound
      let targets = search.targets[places]
      let indices = (0..<count).map { row in
        PrefixIndex(
          targets.lazy.filter { $0.row == row }.map(\.prefix),
          bitCount: pass * WideCounting.digitBitCount)
      }
      let starts = indices.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.sorted.count) }
      let tableCount = starts.last ?? 0
      let tables = try CountTables(tableCount: tableCount, binCount: WideCounting.binCount)
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
        Self.forEachRow(
          piece, count: count, samplesPerPixel: stride, sampleByteCount: type.byteCount
        ) { row, samples in
          guard !indices[row].sorted.isEmpty else { return }
          WideCounting.refine(
            samples, piece.pixelCount, stride: stride, of: type, indices[row],
            into: local.lanes(starts[row]))
        }
      } end: {
        $0.flush()
      }
      search.advance(places) { target in
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
      keys[rank].map { WideType.value(ofKey: $0, type) } ?? .nan
    }
    return ChannelStatistics(
      name: row.name, channel: row.channel, sample: row.sample, sampleType: type, count: count,
      minimum: count > 0 ? WideType.value(ofKey: summary.leastKey, type) : .nan,
      maximum: count > 0 ? WideType.value(ofKey: summary.greatestKey, type) : .nan,
      mean: summary.mean, standardDeviation: summary.standardDeviation,
      percentiles: percents.map { percent in
        guard count > 0 else { return .init(percent: percent, value: .nan) }
        let place = PercentilePlace(percent, count: count)
        return .init(
          percent: percent,
          value: place.value(between: element(place.lower), and: element(place.upper)))
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
