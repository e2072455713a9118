public import ND2
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Copies a file from a source into the local file system: many ranges side by side, and what was
/// interrupted goes on where it was.
///
/// The bytes are gathered in a file beside the output, with a note of the ranges that it has. Only
/// when all are there, and the source has not changed, does the output appear. From a server that gives
/// no parts of files a copy is fetched in one piece, and begins anew when it was interrupted.
public struct FileDownload: Sendable {
  /// Where the bytes come from.
  public let source: any AsyncByteSource
  /// Path of the output.
  public let path: String
  /// Ranges that are fetched at a time.
  public var maxConcurrency = 16
  /// Whether an existing output is replaced.
  public var overwrites = false

  static let pieceByteCount: UInt64 = 8 << 20

  /// What was done.
  public struct Report: Sendable, Hashable {
    /// Size of the file.
    public var byteCount: UInt64
    /// Bytes that were there from an earlier attempt.
    public var resumedByteCount: UInt64
  }

  /// A download.
  public init(from source: some AsyncByteSource, to path: String) {
    self.source = source
    self.path = path
  }

  /// Path of the file that gathers the bytes.
  public var partialPath: String { path + ".part" }
  /// Path of the note of what is there.
  var notePath: String { path + ".part.json" }

  /// Copies the file.
  ///
  /// Cancelling the task keeps what is there, for the next time.
  ///
  /// - Parameter progress: told how many bytes are there and how many there will be.
  /// - Throws: `ND2Error` when the output exists, cannot be written, or the source fails or changes;
  ///   `CancellationError`.
  public func run(
    progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
  ) async throws -> Report {
    guard overwrites || access(path, F_OK) != 0 else {
      throw failure("the output exists already", .invalidRequest)
    }
    let identity: SourceIdentity
    do {
      identity = try await source.identity()
    } catch {
      guard let remote = source as? RemoteSource, remote.comesOnlyWhole else { throw error }
      return try await stream(remote, progress)
    }
    let source = try await source.expecting(identity)
    let note = DownloadNote.load(notePath, identity: identity) ?? DownloadNote(identity)
    let descriptor = open(partialPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemFailure("cannot be written", partialPath) }
    defer { close(descriptor) }
    var status = stat()
    let isThere = fstat(descriptor, &status) == 0 && UInt64(status.st_size) == identity.byteCount
    let state = Lock(isThere ? note : DownloadNote(identity))
    if !isThere {
      try DiskSpace.check(identity.byteCount, for: partialPath)
      guard let size = off_t(exactly: identity.byteCount), ftruncate(descriptor, 0) == 0,
        ftruncate(descriptor, size) == 0
      else { throw systemFailure("cannot be made as long as the source", partialPath) }
    }
    let resumed = state.withLock { $0.doneByteCount }
    progress(resumed, identity.byteCount)
    do {
      try await fetch(source, state, into: descriptor, progress)
    } catch {
      state.withLock { $0.save(notePath) }
      throw error
    }
    guard fsync(descriptor) == 0 else { throw systemFailure("cannot be written", partialPath) }
    guard fstat(descriptor, &status) == 0, UInt64(status.st_size) == identity.byteCount else {
      throw failure("the copy has another size than the source", .io)
    }
    guard rename(partialPath, path) == 0 else { throw systemFailure("cannot be made", path) }
    unlink(notePath)
    return Report(byteCount: identity.byteCount, resumedByteCount: resumed)
  }

  /// Copies a file of a server that gives no parts: in one piece, which cannot go on later.
  private func stream(
    _ source: RemoteSource, _ progress: @escaping @Sendable (UInt64, UInt64) -> Void
  ) async throws -> Report {
    let descriptor = open(partialPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemFailure("cannot be written", partialPath) }
    defer { close(descriptor) }
    unlink(notePath)
    let place = Lock((done: UInt64(0), total: UInt64?.none))
    do {
      let byteCount = try await source.stream { total in
        if let total { try DiskSpace.check(total, for: partialPath) }
        place.withLock { $0 = (0, total) }
      } take: { bytes in
        let (done, total) = place.withLock { $0 }
        try write(bytes, at: done, to: descriptor)
        place.withLock { $0.done = done + UInt64(bytes.count) }
        progress(done + UInt64(bytes.count), total ?? done + UInt64(bytes.count))
      }
      guard let size = off_t(exactly: byteCount), ftruncate(descriptor, size) == 0,
        fsync(descriptor) == 0
      else { throw systemFailure("cannot be written", partialPath) }
      guard rename(partialPath, path) == 0 else { throw systemFailure("cannot be made", path) }
      return Report(byteCount: byteCount, resumedByteCount: 0)
    } catch {
      unlink(partialPath)
      throw error
    }
  }

  private func fetch(
    _ source: any AsyncByteSource, _ state: Lock<DownloadNote>, into descriptor: Int32,
    _ progress: @escaping @Sendable (UInt64, UInt64) -> Void
  ) async throws {
    let (missing, total) = state.withLock { ($0.missing, $0.identity.byteCount) }
    let buffers = ScratchPool()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, piece) in missing.enumerated() {
        if number >= max(1, maxConcurrency) { try await group.next() }
        try Task.checkCancellation()
        group.addTask {
          let range = DownloadNote.range(of: piece, in: total)
          let buffer = buffers.take(Int(range.upperBound - range.lowerBound))
          defer { buffers.give(buffer) }
          let memory = buffer.memory
          try await source.read([PlacedRead(offset: range.lowerBound, memory: memory)])
          try write(UnsafeRawBufferPointer(memory), at: range.lowerBound, to: descriptor)
          let done = state.withLock { state in
            state.done.insert(piece)
            if state.done.count % 32 == 0 { state.save(notePath) }
            return state.doneByteCount
          }
          progress(done, total)
        }
      }
      try await group.waitForAll()
    }
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, to descriptor: Int32
  ) throws {
    var rest = bytes
    var place = off_t(clamping: offset)
    while let base = rest.baseAddress, !rest.isEmpty {
      let count = pwrite(descriptor, base, rest.count, place)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        place += off_t(count)
      } else if count == 0 || errno != EINTR {
        throw systemFailure("cannot be written", partialPath)
      }
    }
  }

  private func failure(_ message: String, _ code: ND2Error.Code) -> ND2Error {
    ND2Error(code, message, at: .init(file: path))
  }

  private func systemFailure(_ what: String, _ path: String) -> ND2Error {
    ND2Error(.io, "it \(what): \(String(cString: strerror(errno)))", at: .init(file: path))
  }
}

/// Which pieces of a file are there.
struct DownloadNote: Sendable {
  var identity: SourceIdentity
  var done: Set<Int> = []

  private struct Document: Codable {
    var fileSize: UInt64
    var etag: String?
    var pieceSize: UInt64
    var pieces: [Int]

    enum CodingKeys: String, CodingKey {
      case etag, pieces
      case fileSize = "file_size"
      case pieceSize = "piece_size"
    }
  }

  init(_ identity: SourceIdentity) { self.identity = identity }

  private var pieceCount: Int {
    Int(
      clamping: (identity.byteCount + FileDownload.pieceByteCount - 1) / FileDownload.pieceByteCount
    )
  }

  var missing: [Int] { (0..<pieceCount).filter { !done.contains($0) } }

  var doneByteCount: UInt64 {
    done.reduce(0) {
      let range = Self.range(of: $1, in: identity.byteCount)
      return $0 + (range.upperBound - range.lowerBound)
    }
  }

  static func range(of piece: Int, in byteCount: UInt64) -> Range<UInt64> {
    let start = min(UInt64(piece) * FileDownload.pieceByteCount, byteCount)
    return start..<min(start + FileDownload.pieceByteCount, byteCount)
  }

  /// What an earlier attempt noted; nil when there was none, or of another file.
  static func load(_ path: String, identity: SourceIdentity) -> DownloadNote? {
    guard let source = try? FileSource(path: path), source.byteCount() < 64 << 20,
      let text = try? source.read(0..<source.byteCount()),
      let json = try? JSONValue(parsing: text), let document: Document = try? json.decode(),
      document.pieceSize == FileDownload.pieceByteCount, document.fileSize == identity.byteCount,
      // Without a tag nobody knows whether it is the same file.
      let tag = document.etag, tag == identity.entityTag
    else { return nil }
    var note = DownloadNote(identity)
    note.done = Set(document.pieces.filter { (0..<note.pieceCount).contains($0) })
    return note
  }

  /// Notes what is there. A note that cannot be written only costs the next attempt its start.
  func save(_ path: String) {
    let document = Document(
      fileSize: identity.byteCount, etag: identity.entityTag,
      pieceSize: FileDownload.pieceByteCount, pieces: done.sorted())
    guard let json = try? JSONValue(encoding: document),
      let file = try? WholeFile(path: path, options: .init(overwriting: true))
    else { return }
    try? file.write(Array(json.text().utf8))
    try? file.commit()
  }
}
