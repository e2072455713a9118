/// A value that is fetched when it is first wanted, shared by all, and fetched anew before it
/// expires: credentials and tokens.
///
/// However many ask at once, one request is under way at most.
package actor ExpiringValue<Value: Sendable> {
  /// A value and when it expires, in seconds since 1970; nil for never.
  package typealias Fetched = (value: Value, expires: Double?)

  /// A new value is fetched so many seconds before the old one expires.
  private static var margin: Double { 300 }
  /// A value that lives shorter than the margin is at least used for so long.
  private static var shortestUse: Double { 10 }

  private let fetch: @Sendable () async throws -> Fetched
  private let clock: @Sendable () -> Double
  private var current: (fetched: Fetched, refreshes: Double?, serial: Int)?
  private var running: Task<(Fetched, Int), any Error>?
  private var serial = 0

  /// A value that `fetch` gives.
  package init(
    clock: @escaping @Sendable () -> Double = { UTCTime.now },
    fetch: @escaping @Sendable () async throws -> Fetched
  ) {
    self.clock = clock
    self.fetch = fetch
  }

  /// The value, and a number that identifies it.
  package func get() async throws -> (value: Value, serial: Int) {
    if let current {
      guard let refreshes = current.refreshes, clock() >= refreshes else {
        return (current.fetched.value, current.serial)
      }
      do {
        return try await renewed()
      } catch {
        // The old one still holds for a while.
        guard let expires = current.fetched.expires, clock() < expires else { throw error }
        return (current.fetched.value, current.serial)
      }
    }
    return try await renewed()
  }

  /// Forgets a value that a server refused, unless another has taken its place meanwhile.
  package func invalidate(serial: Int) {
    if current?.serial == serial { current = nil }
  }

  private func renewed() async throws -> (value: Value, serial: Int) {
    let task: Task<(Fetched, Int), any Error>
    if let running {
      task = running
    } else {
      serial += 1
      let number = serial
      let fetch = fetch
      task = Task { (try await fetch(), number) }
      running = task
    }
    do {
      let (fetched, number) = try await task.value
      if running == task {
        running = nil
        let refreshes = fetched.expires.map {
          max($0 - Self.margin, min($0, clock() + Self.shortestUse))
        }
        current = (fetched, refreshes, number)
      }
      return (fetched.value, number)
    } catch {
      if running == task { running = nil }
      throw error
    }
  }
}
