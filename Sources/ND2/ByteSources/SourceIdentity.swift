/// What tells whether a source still holds the bytes that it held before.
public struct SourceIdentity: Hashable, Sendable, Codable {
  /// Number of bytes.
  public var byteCount: UInt64
  /// A mark that changes with the bytes, such as the ETag of an object store; nil when there is none.
  public var entityTag: String?

  /// An identity.
  public init(byteCount: UInt64, entityTag: String? = nil) {
    self.byteCount = byteCount
    self.entityTag = entityTag
  }

  /// Whether bytes of the other identity can be those of this one.
  public func agrees(with other: SourceIdentity) -> Bool {
    if let mine = entityTag, let its = other.entityTag, mine != its { return false }
    return byteCount == other.byteCount
  }
}

extension ByteSource {
  /// The number of bytes, and no mark.
  public func identity() throws -> SourceIdentity {
    SourceIdentity(byteCount: try byteCount())
  }

  /// The source itself, once its identity has been compared.
  public func expecting(_ identity: SourceIdentity) throws -> any ByteSource {
    try identity.check(try self.identity(), of: name)
    return self
  }
}

extension AsyncByteSource {
  /// The number of bytes, and no mark.
  public func identity() async throws -> SourceIdentity {
    SourceIdentity(byteCount: try await byteCount())
  }

  /// The source itself, once its identity has been compared.
  public func expecting(_ identity: SourceIdentity) async throws -> any AsyncByteSource {
    try identity.check(try await self.identity(), of: name)
    return self
  }
}

extension SourceIdentity {
  /// - Throws: ``ND2Error/Code/changedWhileReading`` when a source holds other bytes.
  func check(_ now: SourceIdentity, of name: String) throws {
    if agrees(with: now) { return }
    let what =
      byteCount == now.byteCount
      ? "its entity tag is another" : "it has \(now.byteCount) bytes instead of \(byteCount)"
    throw ND2Error(
      .changedWhileReading, "the file is not what it was: \(what)", at: .init(file: name))
  }
}
