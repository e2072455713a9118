import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// A sink that counts what it is given and fails when it is full.
private final class CountingSink: ByteSink {
  private(set) var position: UInt64 = 0
  private(set) var calls = 0
  private(set) var addresses: Set<UnsafeRawPointer> = []
  private(set) var isDiscarded = false
  private(set) var isCommitted = false
  private let capacity: UInt64
  /// Pieces of at least so many bytes have their address noted.
  private let large: Int

  init(capacity: UInt64 = .max, large: Int = .max) {
    self.capacity = capacity
    self.large = large
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    guard position + UInt64(bytes.count) <= capacity else { throw ND2Error(.io, "full") }
    position += UInt64(bytes.count)
    calls += 1
    if bytes.count >= large, let base = bytes.baseAddress { addresses.insert(base) }
  }

  func commit() { isCommitted = true }
  func discard() { isDiscarded = true }
}

@Suite("How streaming ends, and what it keeps")
struct StreamingEndTests {
  private let description = ND2FileDescription(
    width: 64, height: 64, sampleType: .uint8, loops: [.openEndedTime()])

  private func frame(_ value: UInt8 = 1) -> [UInt8] { [UInt8](repeating: value, count: 4096) }

  @Test("The file appears by finishing, and nothing else does")
  func finishing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.nd2")
    let writer = try ND2FileWriter(path: path, description: description)
    try writer.append(frame())
    #expect(directory.fileNames.allSatisfy { $0.hasSuffix(".part") })
    try writer.finish()
    writer.discard()
    #expect(directory.fileNames == ["a.nd2"])
    #expect(try ND2File(path: path).frameCount == 1)
  }

  @Test("Without finishing nothing is left")
  func nothingLeft() throws {
    let directory = try TemporaryDirectory()
    do {
      let writer = try ND2FileWriter(path: directory.file("a.nd2"), description: description)
      try writer.append(frame())
    }
    #expect(directory.fileNames.isEmpty)
    let writer = try ND2FileWriter(path: directory.file("a.nd2"), description: description)
    writer.discard()
    #expect(directory.fileNames.isEmpty)
    let error = #expect(throws: ND2Error.self) { try writer.append(frame()) }
    #expect(error?.message == "the file was discarded")
  }

  @Test("A file that is there is replaced only when that is allowed, and only at the end")
  func overwriting() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1], as: "a.nd2")
    #expect(throws: ND2Error.self) { try ND2FileWriter(path: path, description: description) }
    let writer = try ND2FileWriter(path: path, overwriting: true, description: description)
    try writer.append(frame())
    #expect(try directory.read("a.nd2") == [1])
    try writer.finish()
    #expect(try directory.read("a.nd2").count > 1)
    #expect(directory.fileNames == ["a.nd2"])
  }

  @Test("A full disk ends writing; the error comes again")
  func fullDisk() throws {
    for isCompressed in [false, true] {
      var description = description
      description.storage.compression = isCompressed ? .lossless : .none
      let sink = CountingSink(capacity: 200_000)
      let writer = try ND2FileWriter(sink, description: description)
      var failure: ND2Error?
      for _ in 0..<2000 {
        do {
          try writer.append(frame())
        } catch let error as ND2Error {
          failure = error
          break
        }
      }
      #expect(failure?.code == .io)
      #expect(sink.isDiscarded)
      #expect(throws: ND2Error.self) { try writer.append(frame()) }
      #expect(throws: ND2Error.self) { try writer.finish() }
      #expect(!sink.isCommitted)
    }
  }

  #if os(Linux)
    @Test("A device that is full is an error of the disk")
    func fullDevice() throws {
      let writer = try ND2FileWriter(path: "/dev/full", description: description)
      let error = #expect(throws: ND2Error.self) {
        for _ in 0..<1000 { try writer.append(frame()) }
        try writer.finish()
      }
      #expect(error?.code == .io)
    }
  #endif

  @Test("Frames that lie in memory as in the file are not copied")
  func noCopy() throws {
    let sink = CountingSink(large: 4096)
    let writer = try ND2FileWriter(sink, description: description)
    let pixels = frame()
    try pixels.withUnsafeBytes { bytes in
      for _ in 0..<50 { try writer.append(bytes) }
      // Besides that address: blocks of zeros and of header, of which there are few.
      #expect(sink.addresses.contains(try #require(bytes.baseAddress)))
    }
  }

  @Test("Frames that are reordered pass through one buffer")
  func oneBuffer() throws {
    var description = description
    (description.width, description.height) = (100, 101)
    description.channels = [.rgb()]
    let sink = CountingSink(large: 20_000)
    let writer = try ND2FileWriter(sink, description: description)
    let pixels = [UInt8](repeating: 1, count: 30_300)
    for _ in 0..<50 { try writer.append(pixels) }
    #expect(sink.addresses.count == 1)
    try writer.finish()
    #expect(sink.isCommitted)
  }

  @Test("Compressed frames are written batch by batch")
  func batches() throws {
    var description = description
    (description.width, description.height) = (1024, 1024)
    description.storage.compression = .lossless
    var options = ND2FileWriter.Options()
    options.threadCount = 3
    let sink = CountingSink()
    let writer = try ND2FileWriter(sink, description: description, options: options)
    var random = Randomness(seed: 4)
    let pixels = random.bytes(1 << 20)
    var waiting = 0
    for count in 1...24 {
      try writer.append(pixels)
      let written = Int(sink.position / UInt64(pixels.count))
      waiting = max(waiting, count - written)
    }
    #expect(waiting <= 6)
    try writer.finish()
    #expect(sink.position > UInt64(24 * pixels.count))
  }

  @Test("Threads change nothing in the bytes", arguments: [1, 2, 5])
  func threads(count: Int) throws {
    var description = description
    (description.width, description.height) = (1200, 350)
    description.storage.compression = .lossless
    description.storage.writesPyramid = true
    var options = ND2FileWriter.Options()
    options.threadCount = count
    let sink = MemorySink()
    let writer = try ND2FileWriter(sink, description: description, options: options)
    for index in 0..<11 {
      try writer.append(
        (0..<420_000).map { UInt8(truncatingIfNeeded: ($0 &* index) >> 6) })
    }
    try writer.finish()
    let file = try FrameLayoutTests.open(sink.bytes)
    for index in 0..<11 {
      let expected = (0..<420_000).map { UInt8(truncatingIfNeeded: ($0 &* index) >> 6) }
      #expect(try FrameLayoutTests.read(file, index) == expected)
    }
    #expect(!file.pyramidLevels.isEmpty)
  }
}
