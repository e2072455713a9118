/// The requests of one source: how many there may be at once, and those that wait for their turn.
///
/// Only the engine's thread uses it. The number adapts: it is halved when the server has too much to
/// do, and grows by one with every so many answers as there are requests at once. When one at a time is too
/// much there are pauses, too.
package final class RequestLane: @unchecked Sendable {
  private let most: Int
  private var limit: Double
  private(set) var activeCount = 0
  private var waiting: [Transfer?] = []
  private var next = 0
  private var lastDecrease: UInt64 = 0
  /// How long the last pause was that the server did not ask for.
  private var pause: UInt64 = 0
  /// Nothing is sent before this time of the engine's clock.
  private(set) var pausedUntil: UInt64 = 0

  /// A lane with room for so many requests at once.
  package init(most: Int) {
    self.most = max(1, most)
    limit = Double(self.most)
  }

  var isWaiting: Bool { next < waiting.count }

  func append(_ transfer: Transfer) { waiting.append(transfer) }

  /// The next transfer that may start now, which then counts as active.
  func startNext(now: UInt64) -> Transfer? {
    guard now >= pausedUntil, activeCount < Int(limit) else { return nil }
    while next < waiting.count {
      let transfer = waiting[next]
      waiting[next] = nil
      next += 1
      if next > 64, next * 2 > waiting.count {
        waiting.removeFirst(next)
        next = 0
      }
      // Those that were cancelled while they waited have ended.
      guard let transfer, transfer.stage == .waiting else { continue }
      activeCount += 1
      return transfer
    }
    return nil
  }

  /// Takes note of how a request ended.
  func end(_ transfer: Transfer, _ outcome: TransferOutcome, now: UInt64) {
    activeCount -= 1
    var isOverload = false
    switch outcome.end {
    case .timedOut: isOverload = true
    case .complete, .stopped:
      guard let head = outcome.head else { break }
      isOverload = head.status == 429 || head.status == 503
      if isOverload, let seconds = RetryAfter.seconds(head) {
        let pause = UInt64(min(seconds, 60) * 1e9)
        pausedUntil = max(pausedUntil, now &+ pause)
      }
    case .cancelled, .failed: return
    }
    if isOverload {
      // Answers to requests that were sent before the last decrease say nothing new.
      guard transfer.startTime >= lastDecrease else { return }
      if limit <= 1 {
        // One at a time is still too much: the server counts requests a second.
        pause = min(max(50_000_000, pause * 2), 2_000_000_000)
        pausedUntil = max(pausedUntil, now &+ pause)
      }
      limit = max(1, limit / 2)
      lastDecrease = now
    } else {
      pause = 0
      limit = min(Double(most), limit + 1 / limit)
    }
  }
}
