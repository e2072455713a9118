/// Gives an asynchronous source the blocking form, for callers that have no tasks.
///
/// Every read waits on the caller's thread. Ranges that are wanted together are asked for together,
/// and files that are read from it read their frames side by side, as they do from the asynchronous
/// source itself. Within tasks the asynchronous source itself is the better choice: who waits there
/// holds one of the few threads that tasks run on.
public struct BlockingSource: ByteSource {
  /// The source that is waited for.
  public let base: any AsyncByteSource

  /// Waits for the reads of a source.
  public init(_ base: some AsyncByteSource) { self.base = base }

  /// The name of the source.
  public var name: String { base.name }

  /// Number of bytes.
  public func byteCount() throws -> UInt64 {
    let base = base
    return try BlockingWait.value { try await base.byteCount() }
  }

  /// Fills memory with the bytes from an offset on.
  public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    if buffer.isEmpty { return }
    let base = base
    let read = PlacedRead(offset: offset, memory: buffer)
    try BlockingWait.value { try await base.read([read]) }
  }

  /// The bytes of all ranges, asked for together.
  public func read(_ ranges: [Range<UInt64>]) throws -> [[UInt8]] {
    let base = base
    return try BlockingWait.value { try await base.read(ranges) }
  }

  /// A source of the same bytes as they are now.
  public func reopened() throws -> any ByteSource {
    guard let indexed = base as? IndexedSource else { return self }
    return BlockingSource(indexed.unpinned)
  }

  /// What tells whether the bytes are still the same.
  public func identity() throws -> SourceIdentity {
    let base = base
    return try BlockingWait.value { try await base.identity() }
  }

  /// A source of the bytes that had that identity.
  public func expecting(_ identity: SourceIdentity) throws -> any ByteSource {
    let base = base
    let expecting = try BlockingWait.value { try await base.expecting(identity) }
    return BlockingSource(expecting)
  }
}
