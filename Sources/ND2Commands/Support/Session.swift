import ND2
import ND2Remote

/// One run of a verb: where it writes, what it has read, and whether it met damage.
final class Session {
  let console: Console
  let isQuiet: Bool
  let counters = ReadCounters()
  /// How addresses are read.
  var remote = RemoteFlags()
  /// What was sent for files across networks, for each of them.
  private let remoteCounters = Lock<[@Sendable () -> RemoteStatistics]>([])
  /// The worst that happened so far.
  private(set) var status = Outcome.done
  private let start = ContinuousClock.now

  init(console: Console, isQuiet: Bool) {
    self.console = console
    self.isQuiet = isQuiet
  }

  /// Prints a result line.
  func line(_ text: String = "") { console.output.line(text) }

  /// Prints lines of results.
  func lines(_ lines: [String]) {
    for line in lines { console.output.line(line) }
  }

  /// Prints a JSON document.
  func print(_ json: JSONValue) { console.output.line(json.text(indentation: 2)) }

  /// Says on stderr what was done, unless the user wants silence.
  func say(_ text: String) {
    if !isQuiet { console.errors.line(text) }
  }

  /// A bar for a long task.
  func progress(_ title: String, total: Int) -> ProgressBar {
    ProgressBar(title, total: total, sink: console.errors, isQuiet: isQuiet)
  }

  /// A bar for a long task whose share that is done is known, but not its steps.
  func progress(_ title: String) -> ProgressBar {
    ProgressBar(title, total: nil, sink: console.errors, isQuiet: isQuiet)
  }

  /// Takes notice of the defects of a file: damage decides on the exit code.
  ///
  /// - Parameter isShown: whether the verb shows them itself, so that stderr need not.
  func report(_ diagnostics: [Diagnostic], isShown: Bool = false) {
    for diagnostic in diagnostics where diagnostic.severity == .damage {
      if status == .done { status = .damaged }
      if !isShown { say("nd2: \(PlainText.singleLine(diagnostic.description))") }
    }
  }

  /// Notes that something is damaged, which was said already.
  func noteDamage() {
    if status == .done { status = .damaged }
  }

  /// Notes an error that was said already.
  func noteFailure() { status = .failed }

  /// Notes an error, prints its line, and goes on with the next file.
  func fail(_ error: any Error) {
    status = .failed
    console.errors.line("nd2: \(PlainText.singleLine(Self.message(of: error)))")
  }

  /// The sentence of an error.
  static func message(of error: any Error) -> String {
    switch error {
    case let error as ND2Error: error.description
    case is CancellationError: "cancelled"
    default: "\(error)"
    }
  }

  /// An error as JSON: stable code, sentence, place.
  static func json(of error: any Error) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let error = error as? ND2Error {
      members.append(.init("code", .string(error.code.description)))
      members.append(.init("message", .string(error.message)))
      members += json(of: error.location)
    } else {
      members.append(.init("code", "failed"))
      members.append(.init("message", .string(message(of: error))))
    }
    return ["error": .object(members)]
  }

  /// The parts of a place that are known.
  static func json(of location: ND2Error.Location) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let file = location.file { members.append(.init("file", .string(file))) }
    if let offset = location.offset { members.append(.init("offset", .unsigned(offset))) }
    if let chunk = location.chunk { members.append(.init("chunk", .string(chunk))) }
    if let path = location.path { members.append(.init("path", .string(path))) }
    return members
  }

  /// A defect as JSON.
  static func json(of diagnostic: Diagnostic) -> JSONValue {
    .object(
      [
        .init("severity", .string(diagnostic.severity.rawValue)),
        .init("message", .string(diagnostic.message)),
      ] + json(of: diagnostic.location))
  }

  /// Counts what is sent for a file.
  func count(_ source: RemoteSource) {
    let counter = source.counter
    remoteCounters.withLock { $0.append(counter) }
  }

  /// Opens the bytes of a path or of an address, on any thread; what is read of them is counted.
  func opener() throws -> @Sendable (String) throws -> any ByteSource {
    let (counters, remoteCounters) = (counters, remoteCounters)
    let options = try remote.options()
    return { path in
      guard Self.isAddress(path) else {
        return CountingSource(source: try FileSource(path: path), counters: counters)
      }
      let source = try RemoteSource(path, options: options)
      let counter = source.counter
      remoteCounters.withLock { $0.append(counter) }
      return BlockingSource(source)
    }
  }

  /// The line of `--stats`. Local reads are never repeated.
  var statistics: JSONValue {
    let remote = remoteCounters.withLock { $0 }.map { $0() }
    let requests = remote.reduce(counters.requests) { $0 + $1.requests }
    let bytes = remote.reduce(UInt64(clamping: counters.bytes)) { $0 &+ $1.bytes }
    let retries = remote.reduce(0) { $0 + $1.retries }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return [
      "requests": .integer(Int64(requests)),
      "bytes": .unsigned(bytes),
      "retries": .integer(Int64(retries)),
      "seconds": .double(Double(seconds) + Double(attoseconds / 1_000_000_000_000) * 1e-6),
    ]
  }
}
