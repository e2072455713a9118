import Synchronization

/// A bar on stderr that shows how far a long task is; on a terminal only, and not when silent.
///
/// May be advanced from several threads.
final class ProgressBar: Sendable {
  private struct State: Sendable {
    var done = 0
    var lastShown: ContinuousClock.Instant?
    var isShown = false
  }

  private let title: String
  private let total: Int
  private let sink: TextSink
  private let isActive: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// - Parameters:
  ///   - title: what is being done.
  ///   - total: number of steps.
  ///   - isQuiet: whether the user wants silence.
  init(_ title: String, total: Int, sink: TextSink, isQuiet: Bool) {
    self.title = title
    self.total = total
    self.sink = sink
    isActive = sink.terminal.isInteractive && !isQuiet && total > 1
  }

  deinit { finish() }

  /// Notes finished steps.
  func advance(by steps: Int = 1) {
    guard isActive else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      state.done += steps
      // Quick tasks never show a bar, and a terminal needs no more than ten pictures a second.
      guard now - start > .milliseconds(300) else { return }
      if let last = state.lastShown, now - last < .milliseconds(100) { return }
      state.lastShown = now
      state.isShown = true
      sink.write("\r\u{1B}[K" + line(done: state.done))
    }
  }

  /// Takes the bar away.
  func finish() {
    state.withLock { state in
      if state.isShown { sink.write("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  private func line(done: Int) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let text = " \(HumanText.count(done)) of \(HumanText.count(total))"
    let room = max(0, min(40, sink.terminal.width - PlainText.width(title + text) - 4))
    let full = Int((share * Double(room)).rounded(.down))
    let bar =
      String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
    return "\(title) \(bar)\(text)"
  }
}
