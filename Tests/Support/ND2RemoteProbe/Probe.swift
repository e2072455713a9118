import ND2
import ND2Remote

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads ranges of a file and prints how fast and with how much work of the processor.
///
///     nd2-remote-probe source|bare URL RANGE_BYTES RANGE_COUNT CONCURRENCY
///     nd2-remote-probe stack URL CONCURRENCY [SIDE]
///
/// `source` reads with `RemoteSource`, `bare` with a loop on libcurl that does nothing else. Both
/// copy each range into memory of its own, which was written to before.
@main struct Probe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count > 1, arguments[1] == "stack" {
      return try await stack(Array(arguments.dropFirst(2)))
    }
    guard arguments.count == 6, let size = Int(arguments[3]), let count = Int(arguments[4]),
      let concurrency = Int(arguments[5]), size > 0, count > 0, concurrency > 0
    else { usage() }
    let buffers = (0..<concurrency).map { _ in
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
      memory.initializeMemory(as: UInt8.self, repeating: 1)
      return Buffer(memory: memory)
    }
    let run: Measured
    switch arguments[1] {
    case "source":
      run = try await source(arguments[2], size: size, count: count, into: buffers)
    default:
      #if Remote
        run = bare(arguments[2], size: size, count: count, into: buffers)
      #else
        exit(2)
      #endif
    }
    let gigabits = Double(run.byteCount) * 8 / 1e9
    let parts = [
      "\(arguments[1]) \(concurrency) at once:",
      "\(round(gigabits / run.seconds * 100) / 100) Gbit/s,",
      "\(round(run.processor * 1000 / gigabits * 10) / 10) ms of the processor per Gbit",
    ]
    print(parts.joined(separator: " "))
  }

  struct Buffer: @unchecked Sendable { let memory: UnsafeMutableRawBufferPointer }

  struct Measured {
    var byteCount: UInt64
    var seconds: Double
    /// Seconds of the processor, of all threads.
    var processor: Double
  }

  static func time(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func source(
    _ url: String, size: Int, count: Int, into buffers: [Buffer]
  ) async throws -> Measured {
    var options = RemoteOptions()
    options.maxConcurrency = buffers.count
    let source = try RemoteSource(url, options: options)
    let places = try await source.byteCount() / UInt64(size)
    let before = source.statistics.bytes
    let (start, work) = (time(CLOCK_MONOTONIC), time(CLOCK_PROCESS_CPUTIME_ID))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (worker, buffer) in buffers.enumerated() {
        group.addTask {
          for index in stride(from: worker, to: count, by: buffers.count) {
            let offset = UInt64(index) % places * UInt64(size)
            try await source.read([PlacedRead(offset: offset, memory: buffer.memory)])
          }
        }
      }
      try await group.waitForAll()
    }
    return Measured(
      byteCount: source.statistics.bytes - before, seconds: time(CLOCK_MONOTONIC) - start,
      processor: time(CLOCK_PROCESS_CPUTIME_ID) - work)
  }
}
