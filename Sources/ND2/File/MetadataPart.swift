import ND2Format

/// A part of the metadata that is decoded on demand: which chunks it needs, how it is decoded.
struct MetadataPart<Value: Sendable>: Sendable {
  /// Key under which the decoded value is kept.
  let key: String
  /// Whether the decoded value is kept.
  var isKept = true
  /// The chunks that are needed.
  let chunkNames: @Sendable (ChunkMap) -> [String]
  /// Further chunks, named in the first ones.
  var furtherChunkNames: @Sendable ([String: ChunkData]) -> [String] = { _ in [] }
  /// Decodes the chunks that are there.
  let decode: @Sendable ([String: ChunkData], inout DiagnosticLog) throws -> Value
}

/// Values that were decoded once and are kept.
final class PartCache: Sendable {
  private let values = Lock<[String: any Sendable]>([:])

  subscript(key: String) -> (any Sendable)? { values.withLock { $0[key] } }

  func keep(_ value: any Sendable, for key: String) { values.withLock { $0[key] = value } }
}

extension ND2File {
  /// The value of a part, decoded now or taken from the cache.
  func load<Value>(_ part: MetadataPart<Value>) throws -> Value {
    if let kept = cache[part.key], let value = kept as? Value { return value }
    return try located {
      try finish(part, fetch(part.chunkNames(map), then: part.furtherChunkNames))
    }
  }

  /// The value of a part, decoded now or taken from the cache.
  func load<Value>(_ part: MetadataPart<Value>) async throws -> Value {
    if let kept = cache[part.key], let value = kept as? Value { return value }
    do {
      return try finish(part, await fetch(part.chunkNames(map), then: part.furtherChunkNames))
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  /// Fetches chunks, and then those that turn out to be needed as well.
  private func fetch(
    _ names: [String], then further: ([String: ChunkData]) -> [String]
  ) throws -> ChunkFetchPlan.Outcome {
    let source = try access.blocking
    var fetched = try source.run(fetchPlan(names))
    let more = further(fetched.chunks)
    if !more.isEmpty { fetched.add(try source.run(fetchPlan(more))) }
    return fetched
  }

  /// Fetches chunks, and then those that turn out to be needed as well.
  private func fetch(
    _ names: [String], then further: ([String: ChunkData]) -> [String]
  ) async throws -> ChunkFetchPlan.Outcome {
    let source = access.asynchronous
    var fetched = try await source.run(fetchPlan(names))
    let more = further(fetched.chunks)
    if !more.isEmpty { fetched.add(try await source.run(fetchPlan(more))) }
    return fetched
  }

  private func finish<Value>(
    _ part: MetadataPart<Value>, _ fetched: ChunkFetchPlan.Outcome
  ) throws -> Value {
    var log = fetched.diagnostics
    defer { diagnosticStore.append(contentsOf: log) }
    let value = try part.decode(fetched.chunks, &log)
    if part.isKept { cache.keep(value, for: part.key) }
    return value
  }

  func fetchPlan(_ names: [String]) -> ChunkFetchPlan {
    ChunkFetchPlan(names, in: map, fileByteCount: byteCount, options: options)
  }

  /// Runs `body`; its errors then name the file.
  func located<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }
}

extension ChunkFetchPlan.Outcome {
  /// Adds the chunks of a further fetch.
  mutating func add(_ other: ChunkFetchPlan.Outcome) {
    chunks.merge(other.chunks) { $1 }
    lost += other.lost
    diagnostics.append(contentsOf: other.diagnostics)
  }
}
