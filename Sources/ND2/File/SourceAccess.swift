/// The source of an open file, blocking or asynchronous, and the plans that run on it.
enum SourceAccess: Sendable {
  case blocking(any ByteSource)
  case asynchronous(any AsyncByteSource)

  var name: String {
    switch self {
    case .blocking(let source): source.name
    case .asynchronous(let source): source.name
    }
  }

  /// The source for calls that block.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the file was opened asynchronously.
  var blocking: any ByteSource {
    get throws {
      if case .blocking(let source) = self { return source }
      throw ND2Error(
        .invalidRequest, "this source is asynchronous: use the async form of the call",
        at: .init(file: name))
    }
  }

  /// The source for calls on threads that may wait, however the file was opened.
  var waiting: any ByteSource {
    switch self {
    case .blocking(let source): source
    case .asynchronous(let source): BlockingSource(source)
    }
  }

  /// The source for asynchronous calls; one that blocks is given threads of its own.
  var asynchronous: any AsyncByteSource {
    switch self {
    case .blocking(let source as BlockingSource): source.base
    case .blocking(let source): OffloadedSource(base: source)
    case .asynchronous(let source): source
    }
  }

  /// The asynchronous source that the file comes from in the end, if it does.
  var remote: (any AsyncByteSource)? {
    switch self {
    case .blocking(let source): (source as? BlockingSource)?.base
    case .asynchronous(let source): source
    }
  }
}

extension ND2File {
  /// Whether every read is a request to somewhere else, so that many at once are worthwhile.
  package var isRemote: Bool { access.remote != nil }

  /// Number of threads that are of use when each has a piece of the file: as many as there are cores;
  /// of a file far away, where they mostly wait, as many as requests may be sent at a time.
  ///
  /// - Parameters:
  ///   - byteCount: bytes of a piece.
  ///   - memoryLimit: bytes that all pieces may take, unless there are no more of them than cores.
  package func threadCount(forPiecesOf byteCount: Int, memoryLimit: Int = 256 << 20) -> Int {
    let cores = WorkerTeam.coreCount
    guard isRemote else { return cores }
    return max(cores, min(options.maxConcurrency, 256, memoryLimit / max(1, byteCount)))
  }
}
