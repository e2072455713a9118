public import ND2
import ND2Format

/// Saves what is left of a damaged ND2 file into a sound one.
///
/// ```swift
/// let report = try FileRescue(reading: FileSource(path: "crashed.nd2")).write(to: "saved.nd2")
/// print(report.savedFrameCount, report.lostFrames)
/// ```
///
/// Chunks are found by their headers, so that neither the chunk map nor the beginning of the file is
/// needed, and copied as they are. The map is written anew; so are the image attributes when they are
/// gone or do not count the frames. The damaged file is only read. Memory grows with the number of
/// chunks, not with their sizes.
public struct FileRescue: Sendable {
  /// How a file is saved.
  public struct Options: Hashable, Sendable {
    /// Whether frames of which rows are missing are kept, with zeros for these.
    public var keepsPartialFrames = false
    /// Size and number format of frames, for files whose attributes are gone.
    public var frameShape: FrameShape?
    /// Whether an output that exists may be replaced.
    public var overwrites = false
    /// Bounds on what the file may make the library do.
    public var limits = ParsingLimits.standard

    /// Creates options with the defaults.
    public init() {}
  }

  private let source: any ByteSource
  private let options: Options

  /// Prepares to save the file that a source holds.
  public init(reading source: some ByteSource, options: Options = Options()) {
    self.source = source
    self.options = options
  }

  /// Writes the output. It appears whole or not at all.
  ///
  /// - Parameters:
  ///   - path: where; never the damaged file.
  ///   - progress: told the share that is done, 0 to 1.
  /// - Returns: what was saved and what was not.
  /// - Throws: `ND2Error` with `notAnND2File` when nothing of an ND2 file was found, with
  ///   `malformed` when no frame could be saved, with `invalidRequest` when the output exists or the
  ///   size of the frames must be given, with `io`.
  public func write(
    to path: String, progress: @escaping (Double) -> Void = { _ in }
  ) throws -> RescueReport {
    var file = WholeFile.Options(overwriting: options.overwrites)
    file.inputs = [source.name]
    return try write(to: FileSink(try WholeFile(path: path, options: file)), progress: progress)
  }

  /// Writes the output to a sink and commits it.
  package func write(
    to sink: any ByteSink, progress: @escaping (Double) -> Void = { _ in }
  ) throws -> RescueReport {
    do {
      let byteCount = try source.byteCount()
      let head = try source.read(0..<min(byteCount, UInt64(FileSignature.byteCount)))
      var report: RescueReport
      if case .jpeg2000 = FileSignature(head) {
        report = try BoxRescue(source: source, byteCount: byteCount)
          .write(to: sink, progress: progress)
      } else {
        var rescue = try ChunkRescue(
          source: source, byteCount: byteCount, head: head, options: options, progress: progress)
        report = try rescue.write(to: sink)
      }
      report.byteCount = sink.position
      try sink.commit()
      return report
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }
}

extension ByteSource {
  /// Copies bytes to a sink, block by block.
  func copy(_ range: Range<UInt64>, to sink: any ByteSink) throws {
    let block: UInt64 = 4 << 20
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + block)
      try sink.append(try read(start..<end))
      start = end
    }
  }

  /// Whether bytes are all zero.
  func isZero(_ range: Range<UInt64>) throws -> Bool {
    let block: UInt64 = 1 << 20
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + block)
      guard try read(start..<end).allSatisfy({ $0 == 0 }) else { return false }
      start = end
    }
    return true
  }
}
