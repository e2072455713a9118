import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2

/// Statistics of channels against the plain way of computing them from all pixels.
@Suite("Channel statistics") struct ChannelStatisticsTests {
  /// The elements of each row of the statistics: planes, and colours within planes.
  private func elements(_ array: AnyNDArray) throws -> [[Double]] {
    let channelCount = array.sizes[.channel] ?? 1
    return try (0..<channelCount).flatMap { channel -> [[Double]] in
      let plane = array.sizes[.channel] == nil ? array : try array[.channel, channel]
      let samples = try (0..<(plane.sizes[.sample] ?? 1)).map { sample in
        plane.sizes[.sample] == nil ? plane : try plane[.sample, sample]
      }
      return samples.map { part in
        let dense = part.compacted()
        return (0..<dense.count).map { dense.value(at: dense.layout.offset + $0) }
      }
    }
  }

  private func percentile(_ sorted: [Double], _ percent: Double) -> Double {
    let place = Double(sorted.count - 1) * percent / 100
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || (a - b).magnitude <= 1e-11 * max(a.magnitude, b.magnitude)
  }

  private func check(
    _ statistics: [ChannelStatistics], _ rows: [[Double]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(statistics.count == rows.count, sourceLocation: sourceLocation)
    for (row, elements) in zip(statistics, rows) {
      let numbers = elements.filter { !$0.isNaN }
      let sorted = numbers.sorted()
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(numbers.count)).squareRoot()
      #expect(row.count == numbers.count, sourceLocation: sourceLocation)
      #expect(row.nanCount == elements.count - numbers.count, sourceLocation: sourceLocation)
      #expect(row.minimum == sorted.first, sourceLocation: sourceLocation)
      #expect(row.maximum == sorted.last, sourceLocation: sourceLocation)
      #expect(isClose(row.mean, mean), sourceLocation: sourceLocation)
      #expect(
        (row.standardDeviation - deviation).magnitude <= 1e-9 * max(deviation, mean.magnitude),
        sourceLocation: sourceLocation)
      for percentile in row.percentiles {
        #expect(
          isClose(percentile.value, self.percentile(sorted, percentile.percent)),
          "P\(percentile.percent)", sourceLocation: sourceLocation)
      }
      #expect(row.zeroCount == numbers.count { $0 == 0 }, sourceLocation: sourceLocation)
      if let limit = row.saturationValue {
        #expect(
          row.saturatedCount == numbers.count { $0 >= limit }, sourceLocation: sourceLocation)
      }
    }
  }

  @Test("Every type and number of channels", arguments: SampleType.allCases, [1, 2, 3, 5])
  func types(type: SampleType, channels: Int) throws {
    let sample = SampleFile(
      width: 37, height: 41, sampleType: type,
      channels: (0..<channels).map { SampleFile.Channel("c\($0)") }, loops: [.time(count: 3)])
    let file = try ND2File(reading: try sample.source())
    let percents: [Double] = [0, 0.1, 1, 33.3, 50, 50, 99.9, 100]
    let statistics = try file.channelStatistics(percentiles: percents)
    check(statistics, try elements(try file.read()))
    #expect(statistics.map(\.name) == (0..<channels).map { "c\($0)" })
    #expect(statistics.map(\.channel) == Array(0..<channels))
    #expect(statistics.allSatisfy { $0.percentiles.map(\.percent) == percents })
    #expect(statistics.allSatisfy { ($0.histogram == nil) == (type.byteCount > 2) })
    #expect(statistics.allSatisfy { ($0.saturationValue == nil) == type.isFloatingPoint })
  }

  @Test("Any numbers of wide types: spread over all magnitudes, of both signs, equal ones")
  func wideNumbers() throws {
    for type in [SampleType.float32, .float64, .int32, .uint32] {
      Randomness.repeated(8) { random in
        let palette = (0..<40).map { _ in random.double() }
        let values = (0..<600).map { _ in
          random.oneIn(3) ? palette[random.int(0..<40)] : random.double()
        }
        var sample = SampleFile(width: 30, height: 20, sampleType: type)
        sample.pixels = .computed { pixel in
          let value = values[pixel.y * 30 + pixel.x]
          // What is too large for single precision would be infinite.
          return type == .float64 ? value : value.remainder(dividingBy: 1e30)
        }
        #expect(throws: Never.self) {
          let file = try ND2File(reading: try sample.source())
          let row = try file.channelStatistics(percentiles: [0, 7, 25, 50, 93.5, 100])[0]
          let sorted = try elements(try file.read())[0].sorted()
          #expect(row.minimum == sorted.first && row.maximum == sorted.last)
          for percentile in row.percentiles {
            let rank = try Rank(percentile.percent, of: sorted.count)
            let wanted = rank.between(sorted[rank.lower], sorted[rank.upper])
            #expect(percentile.value == wanted, "\(type), seed \(random.seed)")
          }
        }
      }
    }
  }

  @Test("Colours have a row each, in the order that is asked for")
  func colours() throws {
    let sample = SampleFile(
      width: 21, height: 19, sampleType: .uint8, channels: [.rgb(), .rgb()],
      loops: [.zStack(count: 2)])
    let file = try ND2File(reading: try sample.source())
    let statistics = try file.channelStatistics()
    check(statistics, try elements(try file.read()))
    #expect(statistics.map(\.sample) == [.red, .green, .blue, .red, .green, .blue])
    #expect(statistics.map(\.channel) == [0, 0, 0, 1, 1, 1])
    #expect(statistics[1].label == "\(statistics[1].name) G")
    let stored = try file.channelStatistics(.all.with(.stored))
    #expect(stored.map(\.sample) == [.blue, .green, .red, .blue, .green, .red])
    #expect(stored[2] == statistics[0])
  }

  @Test("A selection counts only what it selects")
  func selections() throws {
    let sample = SampleFile(
      width: 33, height: 25, channels: [.init("a"), .init("b"), .init("c")],
      loops: [.time(count: 3), .zStack(count: 2)])
    let file = try ND2File(reading: try sample.source())
    let selection = ArraySelection(.time, 1..<3).with(.z, 1).with(.channel, 1..<3)
      .with(.y, 3..<20).with(.x, 5..<8)
    let statistics = try file.channelStatistics(selection)
    check(statistics, try elements(try file.read(selection)))
    #expect(statistics.map(\.name) == ["b", "c"])
    #expect(statistics.map(\.channel) == [1, 2])
    #expect(throws: ND2Error.self) { try file.channelStatistics(ArraySelection(.z, 0..<3)) }
  }

  @Test("Saturation is the largest number of the significant bits, or what is above it")
  func saturation() throws {
    var sample = SampleFile(width: 10, height: 1, sampleType: .uint16)
    sample.significantBitCount = 12
    let values: [Double] = [0, 0, 4094, 4095, 4095, 4096, 65_535, 1, 2, 3]
    sample.pixels = .computed { values[$0.x] }
    let row = try ND2File(reading: try sample.source()).channelStatistics()[0]
    #expect(row.saturationValue == 4095)
    #expect(row.saturatedCount == 4)
    #expect(row.saturatedShare == 0.4)
    #expect(row.zeroShare == 0.2)
    sample.sampleType = .int16
    sample.significantBitCount = 16
    let signed = try ND2File(reading: try sample.source()).channelStatistics()[0]
    #expect(signed.saturationValue == 32_767)
    #expect(signed.saturatedCount == 1)
  }

  @Test("What is not a number is counted and left out; infinities are the least and the greatest")
  func notNumbers() throws {
    for type in [SampleType.float32, .float64] {
      var sample = SampleFile(width: 8, height: 1, sampleType: type)
      let values: [Double] = [.nan, 3, -1, .nan, 2, -0.0, 4, 10]
      sample.pixels = .computed { values[$0.x] }
      let row = try ND2File(reading: try sample.source()).channelStatistics()[0]
      #expect(row.count == 6 && row.nanCount == 2 && row.zeroCount == 1)
      #expect(row.minimum == -1 && row.maximum == 10 && row.mean == 3)
      #expect(row.percentile(50) == 2.5)
      #expect(row.saturatedShare == nil)
      sample.pixels = .computed { $0.x == 5 ? .infinity : values[$0.x] }
      let infinite = try ND2File(reading: try sample.source()).channelStatistics()[0]
      #expect(infinite.maximum == .infinity && infinite.mean == .infinity)
      #expect(infinite.standardDeviation.isNaN)
      #expect(infinite.percentile(50) == 3.5)
      sample.pixels = .computed { _ in .nan }
      let nothing = try ND2File(reading: try sample.source()).channelStatistics()[0]
      #expect(nothing.count == 0 && nothing.nanCount == 8)
      #expect(nothing.mean.isNaN && nothing.minimum.isNaN && nothing.percentile(50)?.isNaN == true)
    }
  }

  @Test("Missing frames are left out, counted and reported, and errors when strict")
  func missingFrames() throws {
    for type in [SampleType.uint16, .float32] {
      var sample = SampleFile(
        width: 12, height: 8, sampleType: type, channels: [.init("a"), .init("b")],
        loops: [.time(count: 4)])
      let whole = try ND2File(reading: try sample.source())
      sample.missingFrames = [1, 2]
      let source = try sample.source()
      let file = try ND2File(reading: source)
      let statistics = try file.channelStatistics()
      let parts = try [0, 3].map { try elements(try whole.read(ArraySelection(.time, $0))) }
      check(statistics, [parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]])
      #expect(statistics.allSatisfy { $0.missingFrameCount == 2 })
      #expect(file.diagnostics.count { $0.severity == .damage } >= 2)
      var strict = ReadingOptions()
      strict.isStrict = true
      #expect(throws: ND2Error.self) {
        try ND2File(reading: source, options: strict).channelStatistics()
      }
    }
  }

  @Test("Of a frame that is cut off nothing counts, not even its first piece")
  func cutFrames() async throws {
    try await Self.checkAsynchronously(try cutFrame())
  }

  /// Checks the blocking form.
  private func cutFrame() throws -> (MemorySource, [ChannelStatistics]) {
    // More than one piece of 256 kB a frame.
    let sample = SampleFile(width: 512, height: 700, loops: [.time(count: 2)])
    let whole = try ND2File(reading: try sample.source())
    let start = Int(try #require(whole.frameOffset(1)))
    // The header says that the chunk has fewer rows.
    let count = UInt64(8 + 512 * 2 * 650)
    let bytes = withUnsafeBytes(of: count.littleEndian) { Array($0) }
    let source = try sample.source(with: .overwrite(bytes, at: start + 8))
    let file = try ND2File(reading: source)
    let statistics = try file.channelStatistics()
    check(statistics, try elements(try whole.read(ArraySelection(.time, 0))))
    #expect(statistics[0].missingFrameCount == 1)
    // The rows that are there count when only they are asked for.
    let upper = ArraySelection(.y, 0..<640)
    check(try file.channelStatistics(upper), try elements(try whole.read(upper)))
    return (source, statistics)
  }

  private static func checkAsynchronously(
    _ cut: (source: MemorySource, statistics: [ChannelStatistics])
  ) async throws {
    let (source, statistics) = cut
    let local = try ND2File(reading: source)
    #expect(try await local.channelStatistics() == statistics)
    let remote = try await ND2File(reading: SlowAsyncSource(CountingByteSource(source)))
    #expect(try await remote.channelStatistics() == statistics)
  }

  @Test("A damaged compressed frame is left out")
  func damagedCompression() throws {
    var sample = SampleFile(width: 40, height: 30, loops: [.time(count: 3)])
    sample.storage.compression = .lossless
    let whole = try ND2File(reading: try sample.source())
    let start = Int(try #require(whole.frameOffset(1)))
    let file = try ND2File(
      reading: try sample.source(
        with: .overwrite([UInt8](repeating: 0xFF, count: 60), at: start + 4096 + 30)))
    let statistics = try file.channelStatistics()
    #expect(statistics[0].missingFrameCount == 1)
    #expect(statistics[0].count == 2 * 40 * 30)
    let kept = try [0, 2].flatMap { try elements(try whole.read(ArraySelection(.time, $0)))[0] }
    check(statistics, [kept])
  }

  @Test("Asynchronous sources give the same, several requests at a time")
  func asynchronous() async throws {
    for type in [SampleType.uint8, .uint16, .float32] {
      let sample = SampleFile(
        width: 30, height: 20, sampleType: type, channels: [.init("a"), .init("b")],
        loops: [.time(count: 12)])
      let blocking = Self.blocking(try ND2File(reading: try sample.source()))
      let source = SlowAsyncSource(CountingByteSource(try sample.source()))
      let file = try await ND2File(reading: source)
      #expect(try await file.channelStatistics() == blocking)
      #expect(source.mostAtOnce > 1)
      #expect(throws: ND2Error.self) { try Self.throwing(file) }
    }
  }

  private static func blocking(_ file: ND2File) -> [ChannelStatistics]? {
    try? file.channelStatistics()
  }

  private static func throwing(_ file: ND2File) throws { _ = try file.channelStatistics() }

  @Test("The number of threads changes nothing, not even the last digit")
  func threads() throws {
    let sample = SampleFile(
      width: 600, height: 500, sampleType: .float32, channels: [.init("a"), .init("b")],
      loops: [.time(count: 6)])
    let source = try sample.source()
    let results = try [1, 2, 7].map { count in
      var options = ReadingOptions()
      options.threadCount = count
      return try ND2File(reading: source, options: options).channelStatistics()
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test("Every byte is read once, of wide samples twice, without percentiles once")
  func reading() throws {
    for (type, percents, most) in [
      (SampleType.uint16, [50.0], 1), (.float32, [50], 2), (.float32, [], 1),
    ] {
      let source = CountingByteSource(
        try SampleFile(
          width: 700, height: 400, sampleType: type, channels: [.init("a"), .init("b")],
          loops: [.time(count: 3)]
        ).source())
      let file = try ND2File(reading: source)
      source.reset()
      _ = try file.channelStatistics(percentiles: percents)
      #expect(source.mostReads(least: 4096) == most)
    }
  }

  @Test("Progress grows to one")
  func progress() throws {
    let sample = SampleFile(width: 40, height: 30, sampleType: .int32, loops: [.time(count: 9)])
    let shares = Lock<[Double]>([])
    _ = try ND2File(reading: try sample.source()).channelStatistics { share in
      shares.withLock { $0.append(share) }
    }
    let seen = shares.withLock { $0 }
    #expect(seen.count == 18)
    #expect(seen == seen.sorted() && seen.last == 1)
  }

  @Test("Cancelling ends the work")
  func cancellation() async throws {
    let sample = SampleFile(width: 64, height: 64, loops: [.time(count: 500)])
    let source = SlowAsyncSource(CountingByteSource(try sample.source()))
    var options = ReadingOptions()
    options.maxConcurrency = 1
    let file = try await ND2File(reading: source, options: options)
    let task = Task { try await file.channelStatistics() }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Percentages outside 0 to 100 are refused", arguments: [-1, 100.5, .nan, .infinity])
  func badPercentiles(percent: Double) throws {
    let file = try ND2File(reading: try SampleFile().source())
    let error = #expect(throws: ND2Error.self) {
      try file.channelStatistics(percentiles: [50, percent])
    }
    #expect(error?.code == .invalidRequest)
  }

  @Test("A file that promises far more than it holds is refused at once")
  func lies() throws {
    var sample = SampleFile(width: 64, height: 64, loops: [.time(count: 100_000)])
    sample.storedFrameCount = 2
    let file = try ND2File(reading: try sample.source())
    let error = #expect(throws: ND2Error.self) { try file.channelStatistics() }
    #expect(error?.code == .limitExceeded)
  }
}
