import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2

@Suite("Frames read ahead")
struct FrameReadAheadTests {
  private let sample = SampleFile(width: 64, height: 40, loops: [.time(count: 30)])
  private let frameByteCount = 64 * 40 * 2

  private func open(
    _ change: (inout ReadingOptions) -> Void = { _ in }
  ) async throws -> (DistantSource, ND2File) {
    var options = ReadingOptions()
    change(&options)
    let source = DistantSource(try sample.source())
    let file = try await ND2File(reading: source, options: options)
    source.begin()
    return (source, file)
  }

  private func ahead(
    _ file: ND2File, frames: Int = 30, memoryLimit: Int = 64 << 20,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> FrameReadAhead {
    let selections = (0..<frames).map { ArraySelection(.time, $0) }
    let ahead = file.readAhead(
      of: selections, memoryLimit: memoryLimit, isCancelled: isCancelled)
    return try #require(ahead)
  }

  @Test("A local file is not read ahead") func local() throws {
    let file = try ND2File(reading: try sample.source())
    #expect(file.readAhead(of: [.all], memoryLimit: 1, isCancelled: { false }) == nil)
  }

  @Test("Many frames are under way while the first is waited for, each read once")
  func manyAtOnce() async throws {
    let (source, file) = try await open()
    let local = try ND2File(reading: try sample.source())
    source.begin { $0.companions = 30 }
    let ahead = try ahead(file)
    try await Offload.run {
      defer { ahead.stop() }
      for frame in 0..<30 {
        let truth = try local.read(ArraySelection(.time, frame)).withUnsafeBytes { Array($0) }
        try ahead.withPart(frame) { bytes, isWhole in
          #expect(isWhole && Array(bytes) == truth)
        }
      }
    }
    #expect(source.mostAtOnce == 30)
    #expect(source.readsOnce && source.byteCount == 30 * frameByteCount)
  }

  @Test("No more frames are under way, or wait to be taken, than the memory has room for")
  func memory() async throws {
    let (source, file) = try await open()
    source.begin { $0.companions = 5 }
    let few = try ahead(file, memoryLimit: 5 * frameByteCount + 100)
    try await Offload.run {
      try few.withPart(0) { _, _ in }
      few.stop()
    }
    // The first made room for one more.
    #expect(source.mostAtOnce == 5 && source.readCount <= 6)
    #expect(source.mostBytesAtOnce <= 5 * (frameByteCount + 64))

    // Two, however large they are.
    source.begin { $0.companions = 2 }
    let least = try ahead(file, memoryLimit: 1)
    try await Offload.run {
      defer { least.stop() }
      for frame in 0..<30 { try least.withPart(frame) { _, _ in } }
    }
    #expect(source.mostAtOnce == 2)
  }

  @Test("A crop of frames with several channels is counted with the rows that it is taken from")
  func scratch() async throws {
    let sample = SampleFile(
      width: 64, height: 40, channels: [.init("a"), .init("b")], loops: [.time(count: 12)])
    let source = DistantSource(try sample.source())
    let file = try await ND2File(reading: source)
    source.begin { $0.companions = 3 }
    // 2560 bytes of the result, and 10240 that they are taken from.
    let selections = (0..<12).map {
      ArraySelection(.time, $0).with(.channel, 1).with(.x, 0..<32)
    }
    let made = file.readAhead(
      of: selections, memoryLimit: 3 * 12_800, isCancelled: { false })
    let ahead = try #require(made)
    try await Offload.run {
      defer { ahead.stop() }
      for frame in 0..<12 { try ahead.withPart(frame) { #expect($0.count == 2560 && $1) } }
    }
    #expect(source.mostAtOnce == 3)
  }

  @Test("No more requests are made at a time than the options allow") func width() async throws {
    let (source, file) = try await open { $0.maxConcurrency = 3 }
    source.begin { $0.companions = 3 }
    let ahead = try ahead(file)
    try await Offload.run {
      defer { ahead.stop() }
      for frame in 0..<30 { try ahead.withPart(frame) { _, _ in } }
    }
    #expect(source.mostAtOnce == 3)
  }

  @Test("Threads that take frames in turn get all of them with little memory")
  func threads() async throws {
    let (source, file) = try await open()
    let ahead = try ahead(file, memoryLimit: 1)
    let sizes = Lock<[Int: Int]>([:])
    let queue = WorkQueue(count: 30)
    try await Offload.run {
      defer { ahead.stop() }
      WorkerTeam.run(count: 7) { _ in
        while let frame = queue.take() {
          do {
            try ahead.withPart(frame) { bytes, _ in sizes.withLock { $0[frame] = bytes.count } }
          } catch {
            queue.fail(error)
          }
        }
      }
      try queue.finish()
    }
    #expect(sizes.withLock { $0 }.count == 30)
    #expect(source.readsOnce)
  }

  @Test("An error belongs to its frame only") func failure() async throws {
    let (source, file) = try await open()
    let offset = try #require(file.frameOffset(7))
    source.begin { $0.failing = (offset + 4096)..<(offset + 4097) }
    let ahead = try ahead(file)
    try await Offload.run {
      defer { ahead.stop() }
      for frame in 0..<30 {
        guard frame == 7 else {
          try ahead.withPart(frame) { _, isWhole in #expect(isWhole) }
          continue
        }
        let error = #expect(throws: ND2Error.self) { try ahead.withPart(7) { _, _ in } }
        #expect(error?.code == .io)
      }
      #expect(throws: ND2Error.self) { try ahead.withPart(3) { _, _ in } }
    }
  }

  @Test("Who waits is let go when the work is cancelled, and nothing is read any more")
  func cancellation() async throws {
    let (source, file) = try await open()
    source.begin { $0.isStuck = true }
    let flag = CancellationFlag()
    let ahead = try ahead(file) { flag.isSet }
    try await Offload.run {
      #expect(throws: CancellationError.self) {
        try ahead.withPart(0) { _, _ in }
      }
      ahead.stop()
    } whileRunning: {
      while source.now < 30 { try await Task.sleep(for: .milliseconds(1)) }
      flag.set()
    }
    #expect(source.now == 0)
  }
}

extension Offload {
  /// Runs `body` beside something that happens meanwhile.
  fileprivate static func run(
    _ body: @escaping @Sendable () throws -> Void,
    whileRunning other: () async throws -> Void
  ) async throws {
    async let done: Void = run(body)
    try await other()
    try await done
  }
}
