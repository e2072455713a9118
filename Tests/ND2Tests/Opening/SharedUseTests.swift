import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// One open file used by many, and files of great size.
struct SharedUseTests {
  static func sample() -> SampleFile {
    var sample = SampleFile(
      width: 40, height: 30, channels: [SampleFile.Channel("a"), SampleFile.Channel("b")],
      loops: [.time(count: 20)])
    sample.storage.compression = .lossless
    return sample
  }

  @Test("Many tasks may read at once")
  func manyTasksMayReadAtOnce() async throws {
    let sample = Self.sample()
    let file = try ND2File(reading: try sample.source())
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<64 {
        group.addTask {
          let index = task % 20
          let frame = try await file.readFrame(index)
          _ = try await (file.events(), file.frameMetadata(index))
          let planes = ArrayReadingTests.expectedArray(
            sample, planes: [[0], [1]], frames: [index])
          return ArrayReadingTests.bytes(frame) == planes
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test("A cancelled read ends with the error of cancellation")
  func aCancelledReadEnds() async throws {
    let bytes = try Self.sample().bytes()
    let blocking = try ND2File(reading: MemorySource(bytes))
    let remote = try await ND2File(reading: CountingAsyncSource(bytes))
    for file in [blocking, remote] {
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await file.read()
      }
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("A blocking call on an asynchronous source is refused")
  func aBlockingCallIsRefused() async throws {
    let file = try await ND2File(reading: CountingAsyncSource(try Self.sample().bytes()))
    let error = Self.errorOfBlockingRead(file)
    #expect(error?.code == .invalidRequest)
  }

  private static func errorOfBlockingRead(_ file: ND2File) -> ND2Error? {
    do {
      _ = try file.read()
      return nil
    } catch {
      return error as? ND2Error
    }
  }

  @Test("Files beyond four gigabytes are read like others")
  func filesBeyondFourGigabytes() throws {
    var sample = Self.sample()
    let sound = try sample.bytes()
    let cut = UInt64(try ChunkPlaces(of: sound).frame(1).headerOffset)
    let gap = UInt64(5) << 30
    sample.flaws.mapEdit = SampleFile.Flaws.shift(Int64(gap), from: cut)
    let end = sound.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let bytes = try sample.bytes(with: .mapOffset(end + gap))
    let file = try ND2File(reading: GappedSource(bytes: bytes, cut: cut, gap: gap))
    #expect(file.diagnostics.isEmpty)
    #expect(file.byteCount > gap)
    for index in [0, 1, 19] {
      let frame = try file.readStoredFrame(index)
      #expect(ArrayReadingTests.bytes(frame) == sample.packedFrame(index))
    }
  }

  @Test("Indices of frames go far without memory for those between")
  func indicesGoFar() throws {
    var sample = Self.sample()
    sample.customChunks = [SampleFile.CustomChunk("ImageDataSeq|987654321!", [1, 2, 3])]
    let file = try ND2File(reading: try sample.source())
    #expect(file.frameCount == 20)
    #expect(file.storedFrameBound == 987_654_322)
    #expect(try file.readFrame(3) == ND2File(reading: try Self.sample().source()).readFrame(3))
  }
}

/// Bytes with a hole of zeros in them that takes no memory.
private struct GappedSource: ByteSource {
  let bytes: [UInt8]
  /// Where the hole begins, and how long it is.
  let cut: UInt64
  let gap: UInt64
  var name: String { "gapped.nd2" }

  func byteCount() -> UInt64 { UInt64(bytes.count) + gap }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    for index in buffer.indices {
      let position = offset + UInt64(index)
      if position < cut {
        buffer[index] = bytes[Int(position)]
      } else if position < cut + gap {
        buffer[index] = 0
      } else {
        buffer[index] = bytes[Int(position - gap)]
      }
    }
  }
}
