public import ND2

/// The bytes of a file across a network, for opening with `ND2File(reading:)`.
///
/// ```swift
/// let file = try await ND2File(reading: RemoteSource("https://host/image.nd2"))
/// ```
///
/// Reads are merged into few requests, sent side by side, and repeated after failures that may pass.
/// The size is learnt with the first answer, and every later answer must be of the same object: when
/// it changes, reads throw `ND2Error.Code.changedWhileReading`. Errors and ``name`` never hold
/// credentials. A source may be used by many tasks at once.
public final class RemoteSource: AsyncByteSource {
  private enum Backing: Sendable {
    case local(FileSource)
    #if Remote
      case http(HTTPObject)
    #endif
  }

  private let backing: Backing

  /// A source for an address of `http`, `https`, `s3`, `gs`, `az`, `abfs`, `abfss` or `file`. Nothing is sent
  /// before the first use.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for an address that cannot be understood,
  ///   `ND2Error.Code.unsupported` for other schemes and in builds without the package trait `Remote`,
  ///   `ND2Error.Code.io` for a local file, or a netrc file, that cannot be opened.
  public init(_ address: String, options: RemoteOptions = RemoteOptions()) throws {
    if let path = try LocalAddress.path(address) {
      backing = .local(try FileSource(path: path))
      return
    }
    #if Remote
      try options.check()
      backing = .http(HTTPObject(try RemoteTarget(address, options: options), options: options))
    #else
      throw ND2Error(
        .unsupported, "this build cannot read across networks: the package trait Remote is off")
    #endif
  }

  #if Remote
    /// A source for requests to a target.
    package init(_ target: RemoteTarget, options: RemoteOptions = RemoteOptions()) throws {
      try options.check()
      backing = .http(HTTPObject(target, options: options))
    }
  #endif

  /// The address without credentials.
  public var name: String {
    switch backing {
    case .local(let file): file.name
    #if Remote
      case .http(let object): object.name
    #endif
    }
  }

  /// What was sent and received so far; nothing for local files.
  public var statistics: RemoteStatistics {
    switch backing {
    case .local: RemoteStatistics()
    #if Remote
      case .http(let object): object.statistics
    #endif
    }
  }

  /// Tells ``statistics`` without keeping what the source keeps of the file.
  package var counter: @Sendable () -> RemoteStatistics {
    switch backing {
    case .local: return { RemoteStatistics() }
    #if Remote
      case .http(let object):
        let counts = object.counts
        return { counts.withLock { $0 } }
    #endif
    }
  }

  /// Number of bytes.
  ///
  /// The first call asks the server, and fetches the beginning (64 KB) and the end (256 KB) in the same
  /// round trip: what opening a file needs first.
  public func byteCount() async throws -> UInt64 {
    switch backing {
    case .local(let file): return file.byteCount()
    #if Remote
      case .http(let object): return try await object.facts().byteCount
    #endif
    }
  }

  /// The bytes of all ranges, in their order; small ones are kept for the next time.
  public func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    switch backing {
    case .local(let file):
      return try await Offload.run { try ranges.map { try file.read($0) } }
    #if Remote
      case .http(let object): return try await object.read(ranges)
    #endif
    }
  }

  /// Reads several ranges straight into memory of the caller.
  public func read(_ reads: [PlacedRead]) async throws {
    switch backing {
    case .local(let file):
      try await Offload.run {
        for read in reads { try file.read(at: read.offset, into: read.memory) }
      }
    #if Remote
      case .http(let object): try await object.read(reads)
    #endif
    }
  }

  /// Whether the file can only be copied, since the server does not give parts of it and it is too large
  /// to be kept; known once an attempt to use it has failed.
  var comesOnlyWhole: Bool {
    switch backing {
    case .local: return false
    #if Remote
      case .http(let object): return object.comesOnlyWhole
    #endif
    }
  }

  /// Hands on all bytes in their order, with one request; see `HTTPObject.stream`.
  func stream(
    begin: @escaping (UInt64?) throws -> Void,
    take: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> UInt64 {
    switch backing {
    case .local: throw ND2Error.invalidRequest("a local file is not streamed")
    #if Remote
      case .http(let object): return try await object.stream(begin: begin, take: take)
    #endif
    }
  }

  /// The number of bytes, and the ETag that the server gives.
  public func identity() async throws -> SourceIdentity {
    switch backing {
    case .local(let file): return try file.identity()
    #if Remote
      case .http(let object):
        let facts = try await object.facts()
        return SourceIdentity(byteCount: facts.byteCount, entityTag: facts.entityTag)
    #endif
    }
  }

  /// A source of the object that had that identity. Nothing is asked of the server: every read makes
  /// sure that it is still the same. Both sources count together.
  public func expecting(_ identity: SourceIdentity) async throws -> any AsyncByteSource {
    switch backing {
    case .local(let file):
      _ = try file.expecting(identity)
      return self
    #if Remote
      case .http(let object): return RemoteSource(backing: .http(object.expecting(identity)))
    #endif
    }
  }

  private init(backing: Backing) { self.backing = backing }
}
