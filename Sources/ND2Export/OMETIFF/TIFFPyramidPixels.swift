import ND2

/// Writes pages with their reduced copies.
///
/// A frame is read once, from top to bottom, in rows of tiles; each level hands its rows, halved, to
/// the next one, which has a row of tiles in memory. Small frames are done side by side, one by each
/// thread; of large ones the tiles of a row are.
struct TIFFPyramidPixels: Sendable {
  /// Frames up to this size are done side by side.
  private static let mostBytesSideBySide = 24 << 20

  let pixels: TIFFPixels

  private var plan: TIFFPlan { pixels.plan }
  private var shape: TIFFShape { pixels.shape }

  func write() throws -> UInt64 {
    let turnstile = Turnstile(start: TIFFPixels.start)
    let frames = pixels.frames
    let isSideBySide =
      frames.count >= pixels.threadCount && plan.frameByteCount <= Self.mostBytesSideBySide
    let queue = WorkQueue(count: frames.count, isCancelled: pixels.options.isCancelled)
    let turns = Lock(0)
    let level = shape.levels[0]
    // Rows of tiles.
    let step = pixels.file.rowsPerRead(
      of: level.height, rowByteCount: pixels.rowByteCount * plan.channelCount, byteCount: 0,
      unit: level.blockHeight)
    let supply = pixels.supply(
      rowsPerBand: step,
      beside: 2 * plan.frameByteCount * (isSideBySide ? pixels.threadCount : 1),
      isCancelled: { [options = pixels.options] in queue.isStopped || options.isCancelled() })
    defer { supply.stop() }
    WorkerTeam.run(count: isSideBySide ? pixels.threadCount : 1) { [self] _ in
      do {
        let encoders = try (0..<(isSideBySide ? 1 : pixels.threadCount)).map { _ in
          EncoderBox(try TIFFBlockEncoder(shape, pixels.options))
        }
        while let number = queue.take() {
          var frame = FrameTiles(
            pixels: pixels, number: number, encoders: encoders, supply: supply, step: step)
          try frame.run { band in
            // Large frames are not kept until they are complete.
            if isSideBySide { return }
            let turn = turns.withLock { turn in
              defer { turn += 1 }
              return turn
            }
            guard let place = turnstile.place(turn, byteCount: band.bytes.count) else { return }
            try band.write(to: pixels.output, at: place, pixels.ledger)
          }
          if isSideBySide,
            let place = turnstile.place(number, byteCount: frame.band.bytes.count)
          {
            try frame.band.write(to: pixels.output, at: place, pixels.ledger)
          }
        }
      } catch {
        queue.fail(error)
        turnstile.stop()
      }
      if queue.isStopped { turnstile.stop() }
    }
    try queue.finish()
    return turnstile.endOffset
  }
}

/// An encoder that one thread at a time uses.
private final class EncoderBox: @unchecked Sendable {
  let encoder: TIFFBlockEncoder
  init(_ encoder: TIFFBlockEncoder) { self.encoder = encoder }
}

/// The tiles of all levels of a frame.
private struct FrameTiles {
  let pixels: TIFFPixels
  let number: Int
  let encoders: [EncoderBox]
  let supply: FrameSupply
  /// Rows that are read at a time.
  let step: Int
  var band = TIFFBand()
  /// Rows of each level and channel that wait for their row of tiles to be complete.
  private var waiting: [[[UInt8]]] = []
  private var rowsDone: [Int] = []

  init(
    pixels: TIFFPixels, number: Int, encoders: [EncoderBox], supply: FrameSupply, step: Int
  ) {
    self.pixels = pixels
    self.number = number
    self.encoders = encoders
    self.supply = supply
    self.step = step
    let channels = [[UInt8]](repeating: [], count: pixels.plan.channelCount)
    waiting = pixels.shape.levels.map { _ in channels }
    rowsDone = pixels.shape.levels.map { _ in 0 }
  }

  private func rowByteCount(_ level: Int) -> Int {
    pixels.shape.levels[level].width * pixels.shape.pixelByteCount
  }

  mutating func run(_ flush: (inout TIFFBand) throws -> Void) throws {
    let level = pixels.shape.levels[0]
    let channels = pixels.plan.channelCount
    let row = rowByteCount(0)
    let memory = FrameMemory()
    let perFrame = (level.height + step - 1) / step
    for part in 0..<perFrame {
      if pixels.options.isCancelled() { throw CancellationError() }
      let rows = (part * step)..<min((part + 1) * step, level.height)
      let size = rows.count * row
      try supply.withPart(number * perFrame + part, byteCount: size * channels, memory) {
        bytes, lost in
        try pixels.note(number, rows: rows, bytes, lost: lost)
        var first = 0
        while first < rows.count {
          let count = min(level.blockHeight, rows.count - first)
          let planes = (0..<channels).map { channel in
            let start = channel * size + first * row
            return [UInt8](bytes[start..<(start + count * row)])
          }
          try finish(planes, level: 0)
          first += count
          try flush(&band)
        }
      }
      pixels.meter.advance(by: size * channels)
    }
  }

  /// Encodes a row of tiles and hands its rows on.
  private mutating func finish(_ planes: [[UInt8]], level: Int) throws {
    let sizes = pixels.shape.levels[level]
    let row = rowsDone[level] / sizes.blockHeight
    let count = (planes.first?.count ?? 0) / max(1, rowByteCount(level))
    try encode(planes, level: level, row: row)
    rowsDone[level] += count
    guard level + 1 < pixels.shape.levels.count else { return }
    let next = pixels.shape.levels[level + 1]
    let half = rowByteCount(level + 1)
    for (channel, plane) in planes.enumerated() {
      waiting[level + 1][channel] += Halving.halve(
        plane, width: sizes.width, height: count, components: pixels.shape.samples,
        type: pixels.shape.sampleType)
    }
    while let first = waiting[level + 1].first, !first.isEmpty {
      let rows = first.count / half
      let isLast = rowsDone[level + 1] + rows >= next.height
      guard rows >= next.blockHeight || isLast else { return }
      let taken = min(rows, next.blockHeight) * half
      let complete = waiting[level + 1].map { Array($0.prefix(taken)) }
      for channel in waiting[level + 1].indices { waiting[level + 1][channel].removeFirst(taken) }
      try finish(complete, level: level + 1)
    }
  }

  private mutating func encode(_ planes: [[UInt8]], level: Int, row: Int) throws {
    let (shape, first) = (pixels.shape, number * planes.count)
    let rowByteCount = rowByteCount(level)
    guard encoders.count > 1 else {
      for (channel, plane) in planes.enumerated() {
        try plane.withUnsafeBytes {
          try band.append(
            $0, rowByteCount: rowByteCount, page: first + channel, level: level, row: row,
            shape: shape, encoder: encoders[0].encoder)
        }
      }
      return
    }
    let sizes = shape.levels[level]
    let count = planes.count * sizes.across
    let queue = WorkQueue(count: count, isCancelled: pixels.options.isCancelled)
    let results = Lock([[UInt8]](repeating: [], count: count))
    let team = encoders
    WorkerTeam.run(count: min(team.count, count)) { thread in
      while let tile = queue.take() {
        do {
          var bytes: [UInt8] = []
          try planes[tile / sizes.across].withUnsafeBytes {
            try team[thread].encoder.encode(
              $0, rowByteCount: rowByteCount, column: tile % sizes.across, level: sizes,
              into: &bytes)
          }
          let encoded = bytes
          results.withLock { $0[tile] = encoded }
        } catch {
          queue.fail(error)
        }
      }
    }
    try queue.finish()
    for (tile, bytes) in results.withLock({ $0 }).enumerated() {
      band.append(
        bytes, page: first + tile / sizes.across, level: level,
        block: row * sizes.across + tile % sizes.across)
    }
  }
}
