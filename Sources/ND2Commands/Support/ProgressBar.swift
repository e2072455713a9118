import ND2

/// A bar on stderr that shows how far a long task is; on a terminal only, and not when silent.
///
/// May be advanced from several threads.
final class ProgressBar: Sendable {
  private struct State: Sendable {
    var done = 0
    var share = 0.0
    var byteCount: UInt64?
    var lastShown: ContinuousClock.Instant?
    var isShown = false
  }

  private let title: String
  private let total: Int?
  private let sink: TextSink
  private let isActive: Bool
  private let start = ContinuousClock.now
  private let state = Lock(State())

  /// - Parameters:
  ///   - title: what is being done.
  ///   - total: number of steps; nil when only the share is known that is done.
  ///   - isQuiet: whether the user wants silence.
  init(_ title: String, total: Int?, sink: TextSink, isQuiet: Bool) {
    self.title = title
    self.total = total
    self.sink = sink
    isActive = sink.terminal.isInteractive && !isQuiet && total.map { $0 > 1 } ?? true
  }

  deinit { finish() }

  /// Notes finished steps.
  func advance(by steps: Int = 1) {
    update { state in
      state.done += steps
      if let total, total > 0 { state.share = Double(state.done) / Double(total) }
    }
  }

  /// Notes which share of the task is done, 0 to 1.
  ///
  /// - Parameter byteCount: how many bytes were worked on, for the rate and the time that is left.
  func show(share: Double, byteCount: UInt64? = nil) {
    update { state in
      state.share = share
      state.byteCount = byteCount
    }
  }

  private func update(_ change: (inout State) -> Void) {
    guard isActive else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      change(&state)
      // Quick tasks never show a bar, and a terminal needs no more than ten pictures a second.
      guard now - start > .milliseconds(300) else { return }
      if let last = state.lastShown, now - last < .milliseconds(100) { return }
      state.lastShown = now
      state.isShown = true
      sink.write("\r\u{1B}[K" + line(state))
    }
  }

  /// Takes the bar away.
  func finish() {
    state.withLock { state in
      if state.isShown { sink.write("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  /// Such as `, 120 MB/s, 4 s left`.
  private func rate(_ share: Double, _ byteCount: UInt64?) -> String {
    let (whole, attoseconds) = (ContinuousClock.now - start).components
    let seconds = Double(whole) + Double(attoseconds) * 1e-18
    guard let byteCount, seconds > 0.1, share > 0 else { return "" }
    let rate = UInt64(exactly: (Double(byteCount) / seconds).rounded()) ?? 0
    let left = HumanText.duration(
      milliseconds: (seconds * (1 - share) / share).rounded(.up) * 1000)
    return ", \(HumanText.bytes(rate))/s, \(left) left"
  }

  private func line(_ state: State) -> String {
    let share = state.share > 0 ? min(1, state.share) : 0
    let text =
      (total.map { " \(HumanText.count(state.done)) of \(HumanText.count($0))" }
        ?? " \(Int((share * 100).rounded(.down))) %") + rate(share, state.byteCount)
    let room = max(0, min(40, sink.terminal.width - PlainText.width(title + text) - 4))
    let full = Int((share * Double(room)).rounded(.down))
    let bar =
      String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
    return "\(title) \(bar)\(text)"
  }
}
