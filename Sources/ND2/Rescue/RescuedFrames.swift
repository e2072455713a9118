import ND2Format

/// The frames of a file that are left, one after the other, whatever else of it is damaged.
///
/// ```swift
/// let frames = try RescuedFrames(path: "crashed.nd2", shape: .init(width: 2048, height: 2048))
/// for frame in frames { print(frame.index, frame.isWhole, try frame.array().sizes) }
/// if let failure = frames.failure { throw failure }
/// ```
///
/// Needs neither map nor metadata, and works with files that cannot even be opened: the image chunks
/// are found by their headers, in the order in which they lie in the file. At any time one frame is
/// in memory. Files of version 1.0, whose images have no numbers, are not searched; ``ND2File`` opens
/// them without their map.
///
/// A frame may come twice when a file has two chunks of its name; the later one is the valid one.
public final class RescuedFrames: Sequence, IteratorProtocol {
  /// Size of frames, when the caller knows it.
  public let shape: FrameShape?
  /// Number format of the samples.
  public let sampleType: SampleType
  /// Why the iteration ended early: the source could not be read.
  public private(set) var failure: ND2Error?

  private let source: any ByteSource
  private let fileByteCount: UInt64
  private var finder: ChunkFinder
  private var found: [ScannedChunk] = []
  private var left: Int

  /// Begins to look for the frames of a source.
  ///
  /// - Parameters:
  ///   - source: where the file is.
  ///   - shape: size and number format of frames; without it ``RescuedFrame/array()`` is a row.
  ///   - sampleType: number format of the samples when no shape is given.
  ///   - limit: most frames to give.
  /// - Throws: ``ND2Error/Code/io`` when the source cannot be read.
  public init(
    reading source: some ByteSource, shape: FrameShape? = nil, sampleType: SampleType = .uint16,
    limit: Int = .max
  ) throws {
    self.source = source
    self.shape = shape
    self.sampleType = shape?.sampleType ?? sampleType
    left = limit
    fileByteCount = try source.byteCount()
    finder = ChunkFinder(fileByteCount: fileByteCount)
  }

  /// Begins to look for the frames of a local file; see ``init(reading:shape:sampleType:limit:)``.
  public convenience init(
    path: String, shape: FrameShape? = nil, sampleType: SampleType = .uint16, limit: Int = .max
  ) throws {
    try self.init(
      reading: try FileSource(path: path), shape: shape, sampleType: sampleType, limit: limit)
  }

  /// How much of the file was looked through, 0 to 1.
  public var share: Double {
    fileByteCount == 0 ? 1 : Double(finder.progress) / Double(fileByteCount)
  }

  /// The next frame; nil behind the last one, and when the source fails: ``failure`` then says why.
  public func next() -> RescuedFrame? {
    guard failure == nil else { return nil }
    do {
      return try nextFrame()
    } catch let error as ND2Error {
      failure = error.inFile(source.name)
    } catch {
      failure = ND2Error(.io, "\(error)", at: .init(file: source.name), cause: error)
    }
    return nil
  }

  /// The next frame; nil behind the last one.
  ///
  /// - Throws: ``ND2Error/Code/io`` when the source cannot be read.
  public func nextFrame() throws -> RescuedFrame? {
    while left > 0 {
      while let chunk = found.popLast() {
        guard let index = chunk.frame else { continue }
        left -= 1
        return try read(chunk, index)
      }
      let needed = finder.needed
      guard !needed.isEmpty else { return nil }
      finder.supply(try needed.map { try source.read($0) })
      found = finder.takeFinished().reversed()
    }
    return nil
  }

  private func read(_ chunk: ScannedChunk, _ index: Int) throws -> RescuedFrame {
    let prefix = FrameLayout.prefixByteCount
    let start = Swift.min(chunk.dataOffset, chunk.end)
    let bytes = try source.read(start..<chunk.end)
    var time: Double?
    if bytes.count >= Int(prefix) {
      let bits = bytes[0..<Int(prefix)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let value = Double(bitPattern: bits)
      // Writers put -1 when they do not know the time.
      time = value.isFinite && value >= 0 ? value : nil
    }
    return RescuedFrame(
      index: index, offset: chunk.offset, timeMs: time, bytes: Array(bytes.dropFirst(Int(prefix))),
      byteCount: chunk.dataByteCount - Swift.min(prefix, chunk.dataByteCount),
      isDoubtful: chunk.isDoubtful, shape: shape, sampleType: sampleType)
  }
}
