/// A random-access run of bytes that answers on the caller's thread.
///
/// Requirements on an implementation: a read gives exactly the range or throws; an empty range is
/// no request; several threads may read at once; there is no cursor. Whoever only has asynchronous
/// access implements ``AsyncByteSource`` instead.
public protocol ByteSource: Sendable {
  /// What the bytes come from, for people: a path or an address without credentials.
  var name: String { get }

  /// Number of bytes.
  func byteCount() throws -> UInt64

  /// Fills `buffer` with the bytes from `offset` on, or throws.
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws

  /// The bytes of all ranges, in their order.
  ///
  /// Reads one after the other unless it is implemented: a source that is waited for long may fetch
  /// them side by side.
  func read(_ ranges: [Range<UInt64>]) throws -> [[UInt8]]

  /// A source of the same bytes with their number of now, for files that grow.
  ///
  /// A source whose ``byteCount()`` always is that of the moment can give itself, which is what it
  /// does unless it is implemented.
  func reopened() throws -> any ByteSource

  /// What tells whether the bytes are still the same; the number of bytes unless it is implemented.
  func identity() throws -> SourceIdentity

  /// A source of the bytes that had that identity, which gives an error once they have changed.
  ///
  /// A source for which asking is dear takes the identity for granted until it reads, and need not
  /// ask for the number of bytes.
  ///
  /// - Throws: ``ND2Error/Code/changedWhileReading`` when the bytes are known to be others.
  func expecting(_ identity: SourceIdentity) throws -> any ByteSource
}

extension ByteSource {
  /// The source itself.
  public func reopened() throws -> any ByteSource { self }

  /// Reads one range after the other.
  public func read(_ ranges: [Range<UInt64>]) throws -> [[UInt8]] {
    try ranges.map { try read($0) }
  }

  /// The bytes of a range.
  public func read(_ range: Range<UInt64>) throws -> [UInt8] {
    guard let count = Int(exactly: range.upperBound - range.lowerBound) else {
      throw ND2Error(.limitExceeded, "a read of \(range.count) bytes does not fit into memory")
    }
    if count == 0 { return [] }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}

/// A random-access run of bytes that answers asynchronously, such as one across a network.
public protocol AsyncByteSource: Sendable {
  /// What the bytes come from, for people: a path or an address without credentials.
  var name: String { get }

  /// Number of bytes.
  func byteCount() async throws -> UInt64

  /// The bytes of all ranges, in their order. The ranges may be fetched side by side and merged.
  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]]

  /// Reads several ranges, each into memory of the caller, or throws.
  ///
  /// The ranges may be fetched side by side, merged, and in any order. When this returns or throws,
  /// nothing is written into the memory any more. Implemented by way of
  /// the read that gives arrays, unless a source can do without the copy.
  func read(_ reads: [PlacedRead]) async throws

  /// What tells whether the bytes are still the same; the number of bytes unless it is implemented.
  func identity() async throws -> SourceIdentity

  /// A source of the bytes that had that identity, which gives an error once they have changed.
  ///
  /// A source for which asking is dear takes the identity for granted until it reads.
  func expecting(_ identity: SourceIdentity) async throws -> any AsyncByteSource
}

/// A range of bytes of a source, and the memory that they are read into.
public struct PlacedRead: @unchecked Sendable {
  /// Offset of the first byte.
  public var offset: UInt64
  /// Where the bytes go: as many as there is room. The caller keeps it alive, and alone writes to it
  /// or reads from it until the read has ended.
  public var memory: UnsafeMutableRawBufferPointer

  /// A range of bytes and its memory.
  public init(offset: UInt64, memory: UnsafeMutableRawBufferPointer) {
    self.offset = offset
    self.memory = memory
  }
}

extension AsyncByteSource {
  /// Reads into arrays and copies them.
  public func read(_ reads: [PlacedRead]) async throws {
    let ranges = try reads.map { read in
      let (end, overflow) = read.offset.addingReportingOverflow(UInt64(read.memory.count))
      guard !overflow else {
        throw ND2Error(.io, "a range beyond all files was asked for", at: .init(file: name))
      }
      return read.offset..<end
    }
    let supplied = try await self.read(ranges)
    guard supplied.count == reads.count,
      zip(supplied, reads).allSatisfy({ $0.count == $1.memory.count })
    else {
      throw ND2Error(
        .io, "the source gave other bytes than were asked for", at: .init(file: name))
    }
    for (bytes, read) in zip(supplied, reads) { read.memory.copyBytes(from: bytes) }
  }
}
