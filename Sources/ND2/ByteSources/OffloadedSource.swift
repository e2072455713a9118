import Dispatch

/// Makes a blocking source asynchronous: its reads run on threads of their own.
///
/// Blocking calls never run on Swift's cooperative threads: a few slow reads from a network drive
/// would hold up every task of the process.
struct OffloadedSource: AsyncByteSource {
  let base: any ByteSource

  var name: String { base.name }

  func byteCount() async throws -> UInt64 {
    try await Offload.run { try base.byteCount() }
  }

  func read(_ ranges: [Range<UInt64>]) async throws -> [[UInt8]] {
    try await Offload.run { try ranges.map { try base.read($0) } }
  }
}

/// Runs blocking work away from the cooperative threads.
package enum Offload {
  private static let queue = DispatchQueue(
    label: "ND2.blocking", qos: .userInitiated, attributes: .concurrent)

  /// Runs `body` on a thread where it may block, and gives its result.
  package static func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Swift.Result { try body() })
      }
    }
  }

  /// Runs `body` on a thread of its own: for work that waits most of the time, and of which there is
  /// much at once. The queue is slow to use more threads than there are cores.
  static func runAlone<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let work: @Sendable () -> Void = {
        continuation.resume(with: Swift.Result { try body() })
      }
      if !WorkerTeam.start(work) { queue.async(execute: work) }
    }
  }
}
