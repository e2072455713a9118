import ND2Format

// Files that are still being written.
extension ND2File {
  /// The file as it is now, after more of it was written.
  ///
  /// Only what came since is looked through: the search for chunks goes on from the last chunk that
  /// was known. The metadata is read anew. This file stays as it is.
  ///
  /// Until the acquisition ends the file has no chunk map, and nothing says which frames are whole. A
  /// frame counts when the header of the next chunk stands behind it, or when the file ends behind
  /// it; a last one of which bytes are missing, or behind which there is room without a header,
  /// counts as missing. Where a file system makes a file longer before the data is in it, and by no
  /// more than one frame at a time, the last frame may still be incomplete: it is sure once there
  /// is another one.
  ///
  /// The result is opened with ``ReadingOptions/isBeingWritten``.
  ///
  /// - Throws: as ``init(path:options:)``.
  public func refreshed() throws -> ND2File {
    let source = try access.blocking.reopened()
    return try ND2File(reading: source, options: growingOptions, continuing: continuation)
  }

  /// The file as it is now, after more of it was written; see the blocking form.
  public func refreshed() async throws -> ND2File {
    switch access {
    case .blocking(let source):
      let (options, continuation) = (growingOptions, continuation)
      return try await Offload.run {
        let source = try source.reopened()
        return try ND2File(reading: source, options: options, continuing: continuation)
      }
    case .asynchronous(let known):
      // What a saved index holds is how the file was.
      let source = (known as? IndexedSource)?.unpinned ?? known
      return try await ND2File(
        reading: source, options: growingOptions, continuing: continuation)
    }
  }

  /// Whether the file has no chunk map, as while it is being written and after a crash, or a wrong
  /// one, so that its chunks were searched for.
  public var isSearched: Bool { lastScannedChunk != nil || store.isScanned }

  private var growingOptions: ReadingOptions {
    var options = options
    options.isBeingWritten = true
    return options
  }

  private var continuation: ChunkScan.Continuation? {
    lastScannedChunk.map { ChunkScan.Continuation(map: map, offset: $0) }
  }
}
