import ND2
import ND2Remote

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Probe {
  /// Opens a file and reads its first focus stack, twice: fresh memory is dear the first time.
  ///
  ///     nd2-remote-probe stack URL CONCURRENCY [SIDE]
  ///
  /// With `SIDE` a square from the middle of every plane.
  static func stack(_ arguments: [String]) async throws {
    guard (2...3).contains(arguments.count), let concurrency = Int(arguments[1]),
      concurrency > 0
    else { usage() }
    var remote = RemoteOptions()
    remote.maxConcurrency = concurrency
    var reading = ReadingOptions()
    reading.maxConcurrency = concurrency
    let source = try RemoteSource(arguments[0], options: remote)
    let begin = time(CLOCK_MONOTONIC)
    let file = try await ND2File(reading: source, options: reading)
    let opened = time(CLOCK_MONOTONIC) - begin
    let opening = source.statistics
    print(
      "opened in \(milliseconds(opened)) ms: \(opening.requests) requests,",
      "\(opening.bytes / 1024) KB")
    var crop: StackCrop?
    if arguments.count == 3, let side = Int(arguments[2]) {
      let shape = file.fiveAxes.shape
      let (y, x) = (max(0, shape[3] - side) / 2, max(0, shape[4] - side) / 2)
      crop = StackCrop(
        z: 0..<shape[2], y: y..<min(shape[3], y + side), x: x..<min(shape[4], x + side))
    }
    for _ in 0..<2 {
      let before = source.statistics
      let (start, work) = (time(CLOCK_MONOTONIC), time(CLOCK_PROCESS_CPUTIME_ID))
      let pixels = try await file.readStack(crop: crop)
      let seconds = time(CLOCK_MONOTONIC) - start
      let processor = time(CLOCK_PROCESS_CPUTIME_ID) - work
      let gigabits = Double(pixels.byteCount) * 8 / 1e9
      print(
        "stack \(concurrency) at once: \(milliseconds(seconds)) ms,",
        "\(hundredths(gigabits / seconds)) Gbit/s of pixels,",
        "\(source.statistics.requests - before.requests) requests,",
        "\((source.statistics.bytes - before.bytes) / 1024) KB,",
        "\(hundredths(processor * 1000 / gigabits)) ms of the processor per Gbit")
    }
  }

  static func usage() -> Never {
    print("usage: nd2-remote-probe source|bare URL RANGE_BYTES RANGE_COUNT CONCURRENCY")
    print("       nd2-remote-probe stack URL CONCURRENCY [SIDE]")
    exit(2)
  }

  private static func milliseconds(_ seconds: Double) -> Double {
    (seconds * 10_000).rounded() / 10
  }

  private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
