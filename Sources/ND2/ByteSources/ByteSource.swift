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

  /// A source of the same bytes with their number of now, for files that grow.
  ///
  /// A source whose ``byteCount()`` always is that of the moment can give itself, which is what it
  /// does unless it is implemented.
  func reopened() throws -> any ByteSource
}

extension ByteSource {
  /// The source itself.
  public func reopened() throws -> any ByteSource { self }

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
}
