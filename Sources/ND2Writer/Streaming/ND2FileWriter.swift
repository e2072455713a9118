import ND2
import ND2Format

/// Writes an ND2 file frame by frame: as fast as the disk takes it, in constant memory.
///
/// ```swift
/// let writer = try ND2FileWriter(path: "cells.nd2", description: description)
/// for frame in 0..<description.frameCount {
///   try writer.append(pixels(frame), record: FrameRecord(timeMs: Double(frame) * 500))
/// }
/// try writer.finish()
/// ```
///
/// The file gets its name by ``finish()``: it is there whole or not at all. Until then it grows
/// under a temporary name beside it; ``discard()``, and a writer that is let go, remove that.
///
/// Frames come in order, or in any order by their index; frames that never come are missing in the
/// file. Memory does not grow with the size of frames: a chunk costs some 24 bytes, a frame about 9,
/// a recorded number 8. Frames that are to be compressed are gathered, compressed on all cores and
/// written in the order in which they came.
///
/// After an error of the disk nothing more can be written. Other errors leave the writer as it was.
/// A writer is used by one thread at a time.
public final class ND2FileWriter {
  /// How a file is written.
  public struct Options: Hashable, Sendable {
    /// Most threads that compress frames; nil for one on each core.
    public var threadCount: Int?
    /// Whether the trees of binary metadata are compressed. Files of XML metadata ignore it.
    public var compressesMetadata = false

    /// Creates the default: all cores, plain metadata.
    public init() {}
  }

  private enum State {
    case open
    case finished
    case discarded
    case failed(any Error)
  }

  /// What the file holds besides its pixels, as far as it is known.
  ///
  /// After ``finish()`` an open-ended loop has the count that was written, and recorded columns
  /// have their values.
  public private(set) var description: ND2FileDescription

  private let sink: any ByteSink
  private let assembly: FileAssembly
  private let pipeline: FramePipeline
  private var ledger: FrameLedger
  private var columns: RecordedColumns
  private var masks = MaskLedger()
  private var rows: [UInt8] = []
  private var state = State.open

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: where the file is to appear.
  ///   - overwriting: whether a file that is there is replaced, at the end.
  ///   - description: what the file holds besides its pixels.
  ///   - options: how it is written.
  /// - Throws: `ND2Error` with `invalidRequest` when the path is taken or the description contradicts
  ///   itself, `unsupported` for version 1.0, `io` when no file can be created there.
  public convenience init(
    path: String, overwriting: Bool = false, description: ND2FileDescription,
    options: Options = Options()
  ) throws {
    try description.validateForStreaming()
    try self.init(
      FileSink(path: path, overwrite: overwriting), description: description, options: options)
  }

  /// Begins a file in a sink.
  package init(
    _ sink: any ByteSink, description: ND2FileDescription, options: Options = Options()
  ) throws {
    try description.validateForStreaming()
    self.description = description
    self.sink = sink
    let isOpenEnded = description.openLoop != nil
    ledger = FrameLedger(describedCount: isOpenEnded ? nil : description.frameCount)
    columns = RecordedColumns(description.recordedColumns)
    pipeline = FramePipeline(
      description, threadCount: options.threadCount ?? WorkerTeam.coreCount)
    do {
      assembly = try FileAssembly(
        sink, version: description.version, compressesTrees: options.compressesMetadata)
      // A file that is never finished can be recovered: it says how its frames are to be read.
      try assembly.writeAttributes(description, sequenceCount: 0)
      try assembly.writeOpening(description, firstTimeMs: 0)
    } catch {
      sink.discard()
      throw error
    }
  }

  deinit {
    if case .open = state { sink.discard() }
  }

  /// Writes a file in memory.
  ///
  /// - Parameters:
  ///   - description: what the file holds besides its pixels.
  ///   - options: how it is written.
  ///   - body: appends the frames; the file is finished behind it.
  /// - Returns: the bytes of the file.
  /// - Throws: what `body` throws, and what ``init(path:overwriting:description:options:)`` and
  ///   ``finish()`` do.
  public static func bytes(
    description: ND2FileDescription, options: Options = Options(),
    _ body: (ND2FileWriter) throws -> Void
  ) throws -> [UInt8] {
    let sink = MemorySink()
    let writer = try ND2FileWriter(sink, description: description, options: options)
    try body(writer)
    try writer.finish()
    return sink.bytes
  }

  /// Number of frames that were appended.
  public var writtenFrameCount: Int { ledger.writtenCount }

  /// The frame that is next when no index is given: the one behind that of the last append.
  public var nextFrame: Int { ledger.next }

  // MARK: - Frames

  /// Appends a frame whose place in memory is known.
  func append(_ source: FrameSource, at index: Int?, record: FrameRecord) throws {
    try checkIsOpen()
    let index = index ?? ledger.next
    try ledger.check(index)
    let values = try columns.check(record)
    try writing {
      if let stored = source.storedBytes(of: description), pipeline.isDirect {
        try assembly.appendFrame(index, timeMs: record.timeMs ?? -1, payload: stored)
      } else if pipeline.isDirect {
        let count = description.rowByteCount * description.height
        if rows.count != count { rows = [UInt8](repeating: 0, count: count) }
        rows.withUnsafeMutableBytes {
          RowGathering.gather(source, of: description, into: $0)
        }
        try rows.withUnsafeBytes {
          try assembly.appendFrame(index, timeMs: record.timeMs ?? -1, payload: $0)
        }
      } else {
        let count = description.rowByteCount * description.height
        let rows = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
          RowGathering.gather(
            source, of: description, into: UnsafeMutableRawBufferPointer(buffer))
          initialized = count
        }
        try pipeline.append(
          PendingFrame(number: index, timeMs: record.timeMs ?? -1, rows: rows), to: assembly)
      }
    }
    ledger.note(index, timeMs: record.timeMs)
    columns.note(values, frame: index)
  }

  // MARK: - Everything else

  /// Changes what the file holds besides its pixels, at any time before ``finish()``: texts, events,
  /// regions, microscope, names, layers of masks and so on.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when the change contradicts what is written: geometry,
  ///   counts of loops and of channels, storage, version, and the recorded columns stay as they are.
  public func update(_ change: (inout ND2FileDescription) throws -> Void) throws {
    try checkIsOpen()
    var changed = description
    try change(&changed)
    guard changed.fixedPart == description.fixedPart else {
      throw ND2Error(
        .invalidRequest,
        "geometry, counts of loops and channels, storage, version and recorded columns cannot"
          + " change once writing has begun")
    }
    try changed.validateForStreaming()
    description = changed
  }

  /// Appends an event.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` after the end of writing.
  public func append(_ event: ND2FileDescription.Event) throws {
    try update { $0.events.append(event) }
  }

  /// Appends a region of interest.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` after the end of writing.
  public func append(_ region: ND2FileDescription.Region) throws {
    try update { $0.regions.append(region) }
  }

  /// Appends a chunk of any content. It is written at once and not kept in memory.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` for a name that no chunk can have, or that the writer
  ///   or an earlier call uses; `io` when writing fails.
  public func append(_ chunk: ND2FileDescription.CustomChunk) throws {
    try checkIsOpen()
    try chunk.validate()
    guard ChunkName.frameIndex(chunk.name) == nil, !ChunkName.isWritten(chunk.name),
      masks.note(chunk: chunk.name)
    else {
      throw ND2Error(
        .invalidRequest, "the file has a chunk of that name", at: .init(chunk: chunk.name))
    }
    try writing { try assembly.append(chunk) }
  }

  /// Appends the mask of a frame to a layer of run-length masks.
  ///
  /// - Parameters:
  ///   - mask: the mask, of the size of the image.
  ///   - id: identity of a layer of ``ND2FileDescription/maskLayers``.
  ///   - frame: index of the frame.
  /// - Throws: `ND2Error` with `invalidRequest` when there is no such layer or frame, when the mask has
  ///   another size or was given already; `io` when writing fails.
  public func append(
    _ mask: ND2FileDescription.Mask, toLayer id: UInt32, frame: Int
  ) throws {
    guard let layer = description.maskLayers.first(where: { $0.id == id }) else {
      throw ND2Error(.invalidRequest, "there is no layer of masks with the identity \(id)")
    }
    try check(mask, frame: frame, isGiven: layer.masks[frame] != nil, layer: "\(id)")
    try writing { try assembly.append(mask, frame: frame, of: layer) }
  }

  /// Appends the mask of a frame to a layer of tiled masks.
  ///
  /// - Parameters:
  ///   - mask: the mask, of the size of the image.
  ///   - id: identity of a layer of ``ND2FileDescription/rasterLayers``.
  ///   - frame: index of the frame.
  /// - Throws: `ND2Error` with `invalidRequest` when there is no such layer or frame, when the mask has
  ///   another size or was given already; `io` when writing fails.
  public func append(
    _ mask: ND2FileDescription.Mask, toRasterLayer id: Int, frame: Int
  ) throws {
    guard let layer = description.rasterLayers.first(where: { $0.id == id }) else {
      throw ND2Error(.invalidRequest, "there is no layer of tiled masks with the identity \(id)")
    }
    try check(mask, frame: frame, isGiven: layer.masks[frame] != nil, layer: "tiled \(id)")
    try writing { try assembly.append(mask, frame: frame, of: layer) }
  }

  private func check(
    _ mask: ND2FileDescription.Mask, frame: Int, isGiven: Bool, layer: String
  ) throws {
    try checkIsOpen()
    guard mask.width == description.width, mask.height == description.height else {
      throw ND2Error(
        .invalidRequest,
        "a mask has \(description.width) × \(description.height) pixels;"
          + " given: \(mask.width) × \(mask.height)")
    }
    guard frame >= 0, frame < ledger.describedCount ?? FrameLedger.mostFrames else {
      throw ND2Error(.invalidRequest, "there is no frame \(frame)")
    }
    guard !isGiven, masks.note(layer: layer, frame: frame) else {
      throw ND2Error(.invalidRequest, "frame \(frame) has a mask in layer \(layer) already")
    }
  }

  // MARK: - End

  /// Writes what stands behind the frames, and makes the file appear.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` when no frame was appended, when a column of recorded
  ///   data that was given as a whole has another number of values, or when the path was taken in the
  ///   meantime; `io` when writing fails. After `io` nothing is left.
  public func finish() throws {
    try checkIsOpen()
    guard ledger.writtenCount > 0 else {
      throw ND2Error(.invalidRequest, "a file has at least one frame; none was appended")
    }
    var closed = description
    closed.closeLoop(frames: ledger.end)
    let count = closed.frameCount
    closed.recordedColumns = try columns.complete(count)
    try writing {
      try pipeline.drain(to: assembly)
      try assembly.refreshOpening(closed, firstTimeMs: ledger.firstTimeMs)
      try assembly.writeClosing(closed, times: ledger.times(count))
      try assembly.writeAttributes(closed, sequenceCount: count)
      try assembly.finish()
      try sink.commit()
    }
    description = closed
    state = .finished
  }

  /// Gives the file up; nothing stays of it. Does nothing after ``finish()``.
  public func discard() {
    guard case .open = state else { return }
    sink.discard()
    state = .discarded
  }

  private func checkIsOpen() throws {
    switch state {
    case .open: return
    case .finished: throw ND2Error(.invalidRequest, "the file is finished")
    case .discarded: throw ND2Error(.invalidRequest, "the file was discarded")
    case .failed(let error): throw error
    }
  }

  /// Does what writes to the file; after an error nothing stays of it.
  private func writing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      sink.discard()
      state = .failed(error)
      throw error
    }
  }
}
