import ND2
import ND2Writer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writing: frames through `ND2FileWriter` beside the same bytes through plain `write`, and compressed
/// frames on all cores beside one.
///
/// `nd2-bench write FOLDER [MEGABYTES] [ROUNDS]` prints for each round megabytes a second, time of the
/// processor (of system and program, on all cores), the share of the first way's speed, and the greatest
/// memory of the process so far.
enum Writing {
  private static let side = 2048

  static func run(_ words: [String]) throws {
    guard let folder = words.first else {
      print("usage: nd2-bench write FOLDER [MEGABYTES] [ROUNDS]")
      exit(2)
    }
    let megabytes = words.count > 1 ? Int(words[1]) ?? 2048 : 2048
    let rounds = words.count > 2 ? Int(words[2]) ?? 3 : 3
    let frame = noise()
    let count = max(1, megabytes << 20 / frame.count)
    let ways: [(name: String, file: String, body: (String) throws -> Void)] = [
      ("plain", "plain.bin", { try writePlainly($0, frame, count) }),
      ("writer", "frames.nd2", { try write($0, frame, count) }),
      ("planar", "planar.nd2", { try writePlanar($0, frame, count) }),
    ]
    try compare(ways, in: folder, bytes: count * frame.count, rounds)
    let few = max(1, count / 8)
    try compare(
      [
        ("zlib, 1 thread", "one.nd2", { try write($0, frame, few, threads: 1) }),
        ("zlib, all", "all.nd2", { try write($0, frame, few, threads: nil) }),
      ], in: folder, bytes: few * frame.count, rounds)
  }

  /// Prints the speed of each way, and its share of that of the first.
  private static func compare(
    _ ways: [(name: String, file: String, body: (String) throws -> Void)], in folder: String,
    bytes: Int, _ rounds: Int
  ) throws {
    for round in 0..<rounds {
      var times = [(wall: Double, processor: Double)](repeating: (0, 0), count: ways.count)
      // Another one begins each time: what the machine does afterwards falls on all.
      for step in ways.indices {
        let place = (round + step) % ways.count
        times[place] = try measure("\(folder)/\(ways[place].file)", ways[place].body)
      }
      for (place, way) in ways.enumerated() {
        let (time, first) = (times[place], times[0])
        print(
          "\(round + 1) \(way.name): \(Int(Double(bytes) / 1e6 / time.wall)) MB/s"
            + " (\(percent(first.wall / time.wall))), \(Int(time.processor * 1000)) ms of processor"
            + " (\(percent(first.processor / time.processor))), peak \(peakMegabytes()) MB")
      }
    }
  }

  /// A frame of 16-bit noise around a background, of which zlib saves a good part.
  private static func noise() -> [UInt8] {
    var state: UInt64 = 7
    var bytes: [UInt8] = []
    bytes.reserveCapacity(side * side * 2)
    for _ in 0..<(side * side) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = 100 + UInt16(truncatingIfNeeded: state >> 58)
      bytes.append(UInt8(truncatingIfNeeded: value))
      bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return bytes
  }

  private static func write(_ path: String, _ frame: [UInt8], _ count: Int) throws {
    try write(path, frame, count, ND2FileDescription(width: side, height: side), .init())
  }

  private static func write(
    _ path: String, _ frame: [UInt8], _ count: Int, threads: Int?
  ) throws {
    var description = ND2FileDescription(width: side, height: side)
    description.storage.compression = .lossless
    var options = ND2FileWriter.Options()
    options.threadCount = threads
    try write(path, frame, count, description, options)
  }

  /// Frames of the same size in four channels, plane by plane in memory.
  private static func writePlanar(_ path: String, _ frame: [UInt8], _ count: Int) throws {
    let description = ND2FileDescription(
      width: side, height: side / 2, sampleType: .uint8,
      channels: (0..<4).map { .init("C\($0)") })
    try write(path, frame, count, description, .init(), layout: .planar)
  }

  private static func write(
    _ path: String, _ frame: [UInt8], _ count: Int, _ description: ND2FileDescription,
    _ options: ND2FileWriter.Options, layout: ND2FileWriter.FrameLayout = .interleaved
  ) throws {
    var description = description
    description.loops = [.time(count: count)]
    let writer = try ND2FileWriter(
      path: path, overwriting: true, description: description, options: options)
    for index in 0..<count {
      try writer.append(frame, layout: layout, record: FrameRecord(timeMs: Double(index)))
    }
    try writer.finish()
  }

  private static func writePlainly(_ path: String, _ frame: [UInt8], _ count: Int) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw ND2Error(.io, "cannot create \(path)") }
    defer { close(descriptor) }
    for _ in 0..<count {
      try frame.withUnsafeBytes { bytes in
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
          #if canImport(Glibc)
            let step = Glibc.write(descriptor, base, rest.count)
          #else
            let step = Darwin.write(descriptor, base, rest.count)
          #endif
          guard step > 0 else { throw ND2Error(.io, "cannot write \(path)") }
          rest = UnsafeRawBufferPointer(rebasing: rest[step...])
        }
      }
    }
  }

  /// Seconds of a piece of work that makes a file, by the clock and of the processor; the file is
  /// removed, and nothing of it waits for the disk when the next one begins.
  private static func measure(
    _ path: String, _ body: (String) throws -> Void
  ) throws -> (wall: Double, processor: Double) {
    unlink(path)
    sync()
    let (start, used) = (seconds(), processorSeconds())
    try body(path)
    let taken = (seconds() - start, processorSeconds() - used)
    unlink(path)
    return taken
  }

  private static func processorSeconds() -> Double {
    let usage = usage()
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  private static func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }

  private static func peakMegabytes() -> Int {
    #if canImport(Glibc)
      return usage().ru_maxrss / 1000
    #else
      return usage().ru_maxrss / 1_000_000
    #endif
  }

  private static func usage() -> rusage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }
}
