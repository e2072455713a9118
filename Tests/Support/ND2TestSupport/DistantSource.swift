import Dispatch
package import ND2

/// Bytes in memory that are only had asynchronously, as across a network: counts what is under way,
/// and answers when the test wants it to.
package final class DistantSource: AsyncByteSource {
  /// How reads are answered.
  package struct Behaviour: Sendable {
    /// Reads are held back until so many were under way at once.
    package var companions = 1
    /// Reads that touch these bytes fail.
    package var failing: Range<UInt64>?
    /// Whether no read ends unless it is cancelled.
    package var isStuck = false

    package init() {}
  }

  private struct State: Sendable {
    var behaviour: Behaviour?
    var now = 0
    var most = 0
    var bytesNow = 0
    var mostBytes = 0
    var ranges: [Range<UInt64>] = []
  }

  /// Reads of fewer bytes are not counted.
  private static let leastByteCount = 2048

  private let base: MemorySource
  private let state = Lock(State())

  package init(_ base: MemorySource) { self.base = base }

  /// Counts from now on, and answers like this.
  package func begin(_ change: (inout Behaviour) -> Void = { _ in }) {
    var behaviour = Behaviour()
    change(&behaviour)
    state.withLock { $0 = State(behaviour: behaviour) }
  }

  package var name: String { base.name }
  /// Reads under way.
  package var now: Int { state.withLock { $0.now } }
  /// The most reads that were under way at once.
  package var mostAtOnce: Int { state.withLock { $0.most } }
  /// The most bytes that were under way at once.
  package var mostBytesAtOnce: Int { state.withLock { $0.mostBytes } }
  /// Reads that were begun.
  package var readCount: Int { state.withLock { $0.ranges.count } }
  /// Bytes that were asked for.
  package var byteCount: Int { state.withLock { $0.ranges.reduce(0) { $0 + $1.count } } }

  /// Whether no byte was asked for twice.
  package var readsOnce: Bool {
    let ranges = state.withLock { $0.ranges }.sorted { $0.lowerBound < $1.lowerBound }
    return zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
  }

  package func byteCount() async throws -> UInt64 { base.byteCount() }

  package func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    let counted = ranges.filter { $0.count >= Self.leastByteCount }
    let count = counted.reduce(0) { $0 + $1.count }
    let isCounted = !counted.isEmpty
    let behaviour = state.withLock { state -> Behaviour? in
      guard isCounted, let behaviour = state.behaviour else { return nil }
      state.ranges += counted
      state.now += 1
      state.most = max(state.most, state.now)
      state.bytesNow += count
      state.mostBytes = max(state.mostBytes, state.bytesNow)
      return behaviour
    }
    guard let behaviour else { return try ranges.map { try base.read($0) } }
    defer {
      state.withLock { state in
        state.now -= 1
        state.bytesNow -= count
      }
    }
    // Not for ever: a test that waits in vain shall fail.
    for _ in 0..<10_000 where behaviour.isStuck || mostAtOnce < behaviour.companions {
      try Task.checkCancellation()
      await Self.pause()
    }
    if let failing = behaviour.failing, counted.contains(where: { $0.overlaps(failing) }) {
      throw ND2Error(.io, "the line is broken", at: .init(file: name))
    }
    return try ranges.map { try base.read($0) }
  }

  /// A millisecond. A sleeping task would be woken by threads that the test may be holding.
  private static func pause() async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(1)) {
        continuation.resume()
      }
    }
  }
}
