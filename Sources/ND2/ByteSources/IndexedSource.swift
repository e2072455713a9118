/// An asynchronous source of which parts are in memory: only the others are asked for.
struct IndexedSource: AsyncByteSource {
  /// The source as it is now, whatever it holds.
  let unpinned: any AsyncByteSource
  /// The source as it was when the parts were read.
  private let base: any AsyncByteSource
  private let known: SourceIdentity
  private let kept: KeptRanges

  /// Lays parts over a source that shall be what it was.
  ///
  /// - Throws: ``ND2Error/Code/changedWhileReading`` when it is known to be another.
  init(_ source: any AsyncByteSource, _ kept: KeptRanges, of identity: SourceIdentity) async throws
  {
    unpinned = source
    base = try await source.expecting(identity)
    known = identity
    self.kept = kept
  }

  var name: String { base.name }

  func byteCount() async throws -> UInt64 { known.byteCount }

  func identity() async throws -> SourceIdentity { known }

  func expecting(_ identity: SourceIdentity) async throws -> any AsyncByteSource {
    try identity.check(known, of: name)
    // The other one may know a mark that tells more.
    guard known.entityTag == nil, identity.entityTag != nil else { return self }
    return try await IndexedSource(unpinned, kept, of: identity)
  }

  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    let work = IndexedRead(ranges, kept)
    guard !work.missing.isEmpty else { return work.assembled([]) }
    return try work.checked(try await base.read(work.missing), from: name)
  }

  func read(_ reads: [PlacedRead]) async throws {
    let rest = try reads.compactMap { read -> PlacedRead? in
      guard let end = read.end else { throw IndexedRead.beyond(name, read.offset) }
      let range = read.offset..<end
      let missing = kept.missing(of: range)
      kept.copyEnds(of: range, missing: missing, into: read.memory)
      guard !missing.isEmpty else { return nil }
      let from = Int(missing.lowerBound - read.offset)
      return PlacedRead(
        offset: missing.lowerBound,
        memory: UnsafeMutableRawBufferPointer(
          rebasing: read.memory[from..<(from + Int(missing.upperBound - missing.lowerBound))]))
    }
    if !rest.isEmpty { try await base.read(rest) }
  }
}

/// A blocking source of which parts are in memory: only the others are read.
struct IndexedBlockingSource: ByteSource {
  private let unpinned: any ByteSource
  private let base: any ByteSource
  private let known: SourceIdentity
  private let kept: KeptRanges

  /// Lays parts over a source that shall be what it was.
  ///
  /// - Throws: ``ND2Error/Code/changedWhileReading`` when it is known to be another.
  init(_ source: any ByteSource, _ kept: KeptRanges, of identity: SourceIdentity) throws {
    unpinned = source
    base = try source.expecting(identity)
    known = identity
    self.kept = kept
  }

  var name: String { base.name }

  func byteCount() throws -> UInt64 { known.byteCount }

  func reopened() throws -> any ByteSource { try unpinned.reopened() }

  func identity() throws -> SourceIdentity { known }

  func expecting(_ identity: SourceIdentity) throws -> any ByteSource {
    try identity.check(known, of: name)
    guard known.entityTag == nil, identity.entityTag != nil else { return self }
    return try IndexedBlockingSource(unpinned, kept, of: identity)
  }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let end = PlacedRead(offset: offset, memory: buffer).end else {
      throw IndexedRead.beyond(name, offset)
    }
    let missing = kept.missing(of: offset..<end)
    kept.copyEnds(of: offset..<end, missing: missing, into: buffer)
    guard !missing.isEmpty else { return }
    let from = Int(missing.lowerBound - offset)
    try base.read(
      at: missing.lowerBound,
      into: UnsafeMutableRawBufferPointer(
        rebasing: buffer[from..<(from + Int(missing.upperBound - missing.lowerBound))]))
  }

  func read(_ ranges: [Range<UInt64>]) throws -> [[UInt8]] {
    let work = IndexedRead(ranges, kept)
    guard !work.missing.isEmpty else { return work.assembled([]) }
    return try work.checked(try base.read(work.missing), from: name)
  }
}

/// A read of several ranges, of which parts are in memory.
private struct IndexedRead {
  private let ranges: [Range<UInt64>]
  private let rests: [Range<UInt64>]
  private let kept: KeptRanges
  /// What has to be read.
  let missing: [Range<UInt64>]

  init(_ ranges: [Range<UInt64>], _ kept: KeptRanges) {
    self.ranges = ranges
    self.kept = kept
    rests = ranges.map { kept.missing(of: $0) }
    missing = rests.filter { !$0.isEmpty }
  }

  /// The bytes of all ranges.
  ///
  /// - Parameter supplied: those of ``missing``.
  func assembled(_ supplied: [[UInt8]]) -> [[UInt8]] {
    var supplied = supplied[...]
    return zip(ranges, rests).map { range, rest in
      if rest.isEmpty, let bytes = kept.bytes(range) { return bytes }
      let read = rest.isEmpty ? [] : supplied.popFirst() ?? []
      if rest == range { return read }
      let count = Int(range.upperBound - range.lowerBound)
      return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        let memory = UnsafeMutableRawBufferPointer(buffer)
        kept.copyEnds(of: range, missing: rest, into: memory)
        let from = Int(rest.lowerBound - range.lowerBound)
        UnsafeMutableRawBufferPointer(rebasing: memory[from..<(from + read.count)])
          .copyBytes(from: read)
        initialized = count
      }
    }
  }

  /// The bytes of all ranges, once the source has been found to keep its promise.
  func checked(_ supplied: [[UInt8]], from name: String) throws -> [[UInt8]] {
    guard supplied.count == missing.count,
      zip(supplied, missing).allSatisfy({ UInt64($0.count) == $1.upperBound - $1.lowerBound })
    else {
      throw ND2Error(
        .io, "the source gave other bytes than were asked for", at: .init(file: name))
    }
    return assembled(supplied)
  }

  static func beyond(_ name: String, _ offset: UInt64) -> ND2Error {
    ND2Error(
      .io, "a range beyond all files was asked for", at: .init(file: name, offset: offset))
  }
}

extension PlacedRead {
  /// Offset of the byte behind the last; nil when there is no such number.
  fileprivate var end: UInt64? {
    let (end, overflow) = offset.addingReportingOverflow(UInt64(memory.count))
    return overflow ? nil : end
  }
}
