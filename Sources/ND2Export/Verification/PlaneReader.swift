import ND2
import ND2Codecs

/// Where planes come from, in groups that are read independently of each other: pages, frames, or the
/// planes that share chunks.
protocol PlaneReader: Sendable {
  /// Number of groups.
  var groupCount: Int { get }
  /// About the bytes that reading a group takes.
  var groupByteCount: Int { get }
  /// Reads a group: the bytes of each of its planes in order, piece by piece.
  func read(group: Int, _ take: (_ plane: Int, UnsafeRawBufferPointer) throws -> Void) throws
}

/// The SHA-256 of planes; of those that are not there, none.
package struct PlaneHashes: Sendable {
  private static let size = 32
  private var bytes: [UInt8]
  private var isThere: [Bool]

  package init(count: Int) {
    bytes = [UInt8](repeating: 0, count: count * Self.size)
    isThere = [Bool](repeating: false, count: count)
  }

  /// Number of planes.
  package var count: Int { isThere.count }

  /// The hash of a plane.
  package subscript(plane: Int) -> [UInt8]? {
    get {
      guard isThere.indices.contains(plane), isThere[plane] else { return nil }
      return Array(bytes[(plane * Self.size)..<((plane + 1) * Self.size)])
    }
    set {
      guard isThere.indices.contains(plane) else { return }
      isThere[plane] = newValue?.count == Self.size
      guard let newValue, newValue.count == Self.size else { return }
      bytes.replaceSubrange((plane * Self.size)..<((plane + 1) * Self.size), with: newValue)
    }
  }

  /// The hash of a plane in hexadecimal digits.
  package func text(_ plane: Int) -> String? {
    let digits = Array("0123456789abcdef".utf8)
    return self[plane].map { hash in
      String(
        decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }

  /// The bytes of hexadecimal digits; nil for other text.
  package static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count == size * 2 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }
}

/// How planes are hashed.
struct PlaneHashing: Sendable {
  /// About the bytes that may be held.
  static let memoryLimit = 128 << 20

  var threadCount: Int?
  var isCancelled: @Sendable () -> Bool = { false }
  /// Told of bytes that were hashed, by several threads.
  var advance: @Sendable (Int) -> Void = { _ in }
  /// Whether what cannot be read is left out; else it is an error.
  var isLenient = false

  /// Hashes all planes of a reader.
  ///
  /// - Returns: the hashes, and why planes could not be read, if so.
  func hashes(
    of reader: any PlaneReader, planeCount: Int
  ) throws -> (hashes: PlaneHashes, failure: (any Error)?) {
    let results = Lock((hashes: PlaneHashes(count: planeCount), failure: (any Error)?.none))
    let queue = WorkQueue(count: reader.groupCount, isCancelled: isCancelled)
    let threads = max(
      1,
      min(
        threadCount ?? WorkerTeam.coreCount, reader.groupCount,
        Self.memoryLimit / max(1, reader.groupByteCount)))
    WorkerTeam.run(count: threads) { _ in
      while let group = queue.take() {
        var running: [Int: SHA256] = [:]
        do {
          try reader.read(group: group) { plane, bytes in
            running[plane, default: SHA256()].update(bytes)
            advance(bytes.count)
            if isCancelled() { throw CancellationError() }
          }
          let done = running.map { ($0.key, $0.value.digest()) }
          results.withLock { results in
            for (plane, hash) in done { results.hashes[plane] = hash }
          }
        } catch is CancellationError {
          queue.fail(CancellationError())
        } catch {
          guard isLenient else {
            queue.fail(error)
            continue
          }
          results.withLock { if $0.failure == nil { $0.failure = error } }
        }
      }
    }
    try queue.finish()
    return results.withLock { $0 }
  }
}

/// The planes of an ND2 file; frames without data are zeros. Each group is read once.
struct SourcePlaneReader: PlaneReader {
  private static let bandByteCount = 4 << 20

  private let planes: ExportPlanes
  private let rowsPerBand: Int
  private let supply: FrameSupply

  /// - Parameter isCancelled: asked while a thread waits for a file far away.
  init(
    file: ND2File, planes: ExportPlanes, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.planes = planes
    rowsPerBand = planes.rowsPerRead(of: file, byteCount: Self.bandByteCount)
    supply = planes.supply(
      of: file, rowsPerBand: rowsPerBand, memoryLimit: PlaneHashing.memoryLimit,
      isCancelled: isCancelled)
  }

  var groupCount: Int { planes.frameCount }
  var groupByteCount: Int { 2 * rowsPerBand * planes.rowByteCount * planes.channelCount }

  func read(group: Int, _ take: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
    let memory = FrameMemory()
    let bandCount = (planes.height + rowsPerBand - 1) / rowsPerBand
    for band in 0..<bandCount {
      let size =
        min(rowsPerBand, planes.height - band * rowsPerBand) * planes.rowByteCount
      try supply.withPart(
        group * bandCount + band, byteCount: size * planes.channelCount, memory
      ) { bytes, _ in
        for channel in 0..<planes.channelCount {
          try take(
            group * planes.channelCount + channel,
            UnsafeRawBufferPointer(rebasing: bytes[(channel * size)..<((channel + 1) * size)]))
        }
      }
    }
  }

  /// Ends the reading; nobody reads any more.
  func stop() { supply.stop() }
}

/// The planes of an array in a file.
struct ArrayPlaneReader: PlaneReader {
  private static let pieceByteCount = 1 << 20

  let source: any ByteSource
  let offset: UInt64
  let planes: ExportPlanes

  /// - Throws: `ND2Error.Code.malformed` when the array is not one of these planes.
  init(path: String, format: ExportFormat, file: ND2File, _ planes: ExportPlanes) throws {
    let source = try FileSource(path: path)
    self.source = source
    self.planes = planes
    guard format == .npy || format == .npz else {
      offset = 0
      guard source.byteCount() == planes.byteCount else {
        throw Self.other("it has \(source.byteCount()) bytes, not \(planes.byteCount)", path)
      }
      return
    }
    let extent =
      format == .npy
      ? try NumPyExtent(npy: source)
      : try NumPyArchive(path: path).extent(ofArrayNamed: ArrayExport.arrayName)
    offset = extent.offset
    let count = extent.shape.reduce(UInt64(1)) { $0.multipliedReportingOverflow(by: UInt64($1)).0 }
    guard extent.sampleType == planes.sampleType,
      count == planes.byteCount / UInt64(planes.sampleType.byteCount)
    else {
      throw Self.other("its array has the shape \(extent.shape), \(extent.sampleType)", path)
    }
  }

  static func other(_ what: String, _ path: String) -> ND2Error {
    ND2Error(
      .malformed, "the output is not of this part of the file: \(what)", at: .init(file: path))
  }

  var groupCount: Int { planes.count }
  var groupByteCount: Int { Self.pieceByteCount }

  func read(group: Int, _ take: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
    let (frame, channel) = group.quotientAndRemainder(dividingBy: planes.channelCount)
    let place = planes.arrayIndex(ofFrame: frame) * planes.channelCount + channel
    let start = offset + UInt64(place) * UInt64(planes.planeByteCount)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(Self.pieceByteCount, planes.planeByteCount), alignment: 4096)
    defer { memory.deallocate() }
    var done = 0
    while done < planes.planeByteCount {
      let piece = UnsafeMutableRawBufferPointer(
        rebasing: memory[..<min(memory.count, planes.planeByteCount - done)])
      try source.read(at: start + UInt64(done), into: piece)
      try take(group, UnsafeRawBufferPointer(piece))
      done += piece.count
    }
  }
}
