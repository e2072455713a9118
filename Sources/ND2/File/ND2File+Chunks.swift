import ND2Format

/// A chunk of a file, as its chunk map says.
public struct ChunkInfo: Hashable, Sendable, Codable {
  /// The name, with its `!`.
  public var name: String
  /// Position of the chunk's header in the file.
  public var offset: UInt64
  /// Size of the chunk's data in bytes, when the map says it.
  public var byteCount: UInt64?
}

extension ND2File {
  /// All chunks of the file, in the order in which they lie in it.
  ///
  /// Of a file of version 1.0 these are its boxes: the codestreams `LUNK|0!`, `LUNK|1!`, …, the
  /// documents of each frame `VIMD|0!`, `VCAL|0!`, …, and others such as `AIM1!`, `TINF!`.
  public var chunks: [ChunkInfo] {
    map.inFileOrder.map {
      ChunkInfo(name: $0.name, offset: $0.entry.offset, byteCount: $0.entry.byteCount)
    }
  }

  /// Whether the file has a chunk of that name.
  public func hasChunk(_ name: String) -> Bool { map[Self.fullName(name)] != nil }

  /// The data of a chunk as stored.
  ///
  /// - Parameter name: the chunk's name; its final `!` may be left out.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the file has no such chunk,
  ///   ``ND2Error/Code/malformed`` when it is not where the map says nor anywhere near.
  public func chunk(_ name: String) throws -> [UInt8] {
    try located { try data(of: name, try access.blocking.run(fetchPlan([Self.fullName(name)]))) }
  }

  /// The data of a chunk as stored.
  ///
  /// - Parameter name: the chunk's name; its final `!` may be left out.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the file has no such chunk,
  ///   ``ND2Error/Code/malformed`` when it is not where the map says nor anywhere near.
  public func chunk(_ name: String) async throws -> [UInt8] {
    let fetched = try await access.asynchronous.run(fetchPlan([Self.fullName(name)]))
    return try located { try data(of: name, fetched) }
  }

  /// The decoded tree of a metadata chunk, with raw names.
  ///
  /// - Throws: as ``chunk(_:)-53mln``, and ``ND2Error/Code/malformed`` when the data is no tree.
  public func metadataTree(ofChunk name: String) throws -> MetadataValue {
    try tree(name, try chunk(name))
  }

  /// The decoded tree of a metadata chunk, with raw names.
  ///
  /// - Throws: as ``chunk(_:)-53mln``, and ``ND2Error/Code/malformed`` when the data is no tree.
  public func metadataTree(ofChunk name: String) async throws -> MetadataValue {
    try tree(name, try await chunk(name))
  }

  private static func fullName(_ name: String) -> String {
    name.hasSuffix("!") ? name : name + "!"
  }

  private func data(of name: String, _ fetched: ChunkFetchPlan.Outcome) throws -> [UInt8] {
    diagnosticStore.append(contentsOf: fetched.diagnostics)
    let name = Self.fullName(name)
    if let chunk = fetched.chunks[name] { return chunk.bytes }
    guard map[name] != nil else {
      throw ND2Error(.invalidRequest, "the file has no chunk '\(name)'")
    }
    throw ND2Error(
      .malformed, "the chunk map names a chunk that cannot be read",
      at: .init(offset: map[name]?.offset, chunk: name))
  }

  private func tree(_ name: String, _ bytes: [UInt8]) throws -> MetadataValue {
    let name = Self.fullName(name)
    do {
      let decoded =
        isLegacy
        ? try LegacyDocument.decode(bytes, limits: options.limits)
        : try MetadataDecoder.decode(bytes, limits: options.limits)
      var log = DiagnosticLog()
      log.damage(decoded.problems, in: name)
      diagnosticStore.append(contentsOf: log)
      return decoded.root
    } catch {
      throw ND2Error(error, in: "cannot decode the chunk", chunk: name).inFile(path)
    }
  }
}
