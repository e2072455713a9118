import ND2
import ND2Export

/// How far a conversion is: a bar for people, or events in JSON, one a line, for programs.
final class ConversionProgress: Sendable {
  private struct State: Sendable {
    var phase = "write"
    var phaseStart = ContinuousClock.now
    var last: ContinuousClock.Instant?
    var progress: ExportProgress?
  }

  private let sink: TextSink
  private let isJSON: Bool
  private let file: String
  private let bar: ProgressBar?
  private let start = ContinuousClock.now
  private let state = Lock(State())

  /// - Parameters:
  ///   - file: what is converted, for events.
  ///   - hasBar: whether there may be a bar.
  init(_ session: Session, file: String, isJSON: Bool, hasBar: Bool = true) {
    sink = session.console.errors
    self.isJSON = isJSON
    self.file = file
    bar = hasBar && !isJSON ? session.progress("Converting") : nil
  }

  /// Another kind of work begins.
  func begin(_ phase: String) {
    state.withLock { state in
      state.phase = phase
      state.phaseStart = .now
      state.last = nil
      state.progress = nil
    }
  }

  /// Shows how far the work is.
  func update(_ progress: ExportProgress) {
    if let bar { return bar.show(share: progress.share, byteCount: progress.byteCount) }
    guard isJSON else { return }
    let now = ContinuousClock.now
    let line = state.withLock { state -> String? in
      state.progress = progress
      // The first, and then five a second.
      if let last = state.last, now - last < .milliseconds(200) { return nil }
      state.last = now
      return event(
        "progress", Self.members(progress, seconds: seconds(since: state.phaseStart)),
        phase: state.phase)
    }
    if let line { sink.line(line) }
  }

  /// The work is done.
  func finish(_ result: JSONValue) {
    bar?.finish()
    guard isJSON else { return }
    let (last, phase) = state.withLock { ($0.progress, $0.phase) }
    var members: [JSONValue.Member] = []
    if let last {
      members = Self.members(last, seconds: seconds(since: start)).filter { $0.name != "remaining" }
    }
    sink.line(event("done", members + [.init("result", result)], phase: phase))
  }

  /// The work came to an end before it was done.
  func fail(_ error: any Error) {
    bar?.finish()
    guard isJSON else { return }
    let phase = state.withLock { $0.phase }
    let isCancelled = error is CancellationError
    var members = Session.json(of: error)["error"]?.members ?? []
    members.append(.init("seconds", .double(seconds(since: start))))
    sink.line(event(isCancelled ? "cancelled" : "error", members, phase: phase))
  }

  private func event(_ name: String, _ members: [JSONValue.Member], phase: String) -> String {
    let head: [JSONValue.Member] = [
      .init("event", .string(name)), .init("input", .string(file)), .init("phase", .string(phase)),
    ]
    return JSONValue.object(head + members).text()
  }

  private static func members(_ progress: ExportProgress, seconds: Double) -> [JSONValue.Member] {
    let rate = seconds > 0 ? Double(progress.byteCount) / seconds : 0
    let left = Double(progress.totalByteCount) - Double(progress.byteCount)
    return [
      .init("planes", .integer(Int64(progress.planeCount))),
      .init("total", .integer(Int64(progress.totalPlaneCount))),
      .init("bytes", .unsigned(progress.byteCount)),
      .init("totalBytes", .unsigned(progress.totalByteCount)),
      .init("seconds", .double(seconds)), .init("rate", .double(rate)),
      .init("remaining", rate > 0 ? .double(max(0, left) / rate) : .null),
    ]
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds / 1_000_000_000_000) * 1e-6
  }
}
