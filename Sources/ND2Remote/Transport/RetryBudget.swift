/// A failure that may pass.
struct PassingFailure: Error {
  /// What happened, for people.
  var reason: String
  /// Whether nothing came at all for as long as one may wait.
  var isTimeout = false
  /// Whether the server has too much to do.
  var isOverload = false
  /// Seconds that the server asks to wait.
  var retryAfter: Double?
}

/// Decides whether and when a request is repeated.
struct RetryBudget {
  private let maxRetries: Int
  private let maxSeconds: Double
  private var failureCount = 0
  /// Failures that make the delay longer, also those that do not count.
  private var delayCount = 0
  private var servedCount: Int?
  private var timeoutCount = 0
  private var firstFailure: UInt64?
  /// Attempts so far.
  private(set) var attemptCount = 0

  /// Bytes from which on an attempt counts as successful in part.
  private static let progressByteCount = 64 << 10
  /// Waiting as long again for a server that says nothing is done only so often.
  private static let mostTimeouts = 1

  init(_ options: RemoteOptions) {
    maxRetries = max(0, options.maxRetries)
    maxSeconds = options.maxRetrySeconds
  }

  /// Takes note of a failure. Gives the seconds to wait before the next attempt, or nil when there
  /// shall be none.
  ///
  /// - Parameter servedCount: useful answers that the server gave so far, to this request and others.
  mutating func delay(
    after failure: PassingFailure, received byteCount: Int, servedCount: Int = 0
  ) -> Double? {
    let now = EngineClock.now()
    attemptCount += 1
    if byteCount >= Self.progressByteCount {
      failureCount = 0
      delayCount = 0
      timeoutCount = 0
    }
    // A server that is busy with others will come to this request, unless time runs out.
    let isProgressing = failure.isOverload && self.servedCount.map { servedCount > $0 } ?? false
    self.servedCount = servedCount
    let start = firstFailure ?? now
    firstFailure = start
    if !isProgressing { failureCount += 1 }
    delayCount += 1
    if failure.isTimeout { timeoutCount += 1 }
    guard failureCount <= maxRetries, timeoutCount <= Self.mostTimeouts else { return nil }
    let left = maxSeconds - Double(now &- start) / 1e9
    // Full jitter: many clients that failed together do not come back together.
    let ceiling = min(8, 0.1 * Double(1 << min(delayCount - 1, 10)))
    var delay = Double.random(in: 0...ceiling)
    if let retryAfter = failure.retryAfter { delay = max(delay, retryAfter) }
    return delay <= left ? delay : nil
  }
}
