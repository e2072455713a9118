/// Work in pieces, by several threads when there is much of it.
package enum ParallelWork {
  /// Bytes from which work is given to several threads.
  private static let manyBytes = 4 << 20

  /// Threads for so much work: all cores when it is worth while, else one.
  static func threadCount(_ wanted: Int?, byteCount: Int) -> Int {
    Swift.max(1, wanted ?? (byteCount >= manyBytes ? WorkerTeam.coreCount : 1))
  }

  /// Calls `body` with every piece's number, on so many threads, in any order.
  package static func run(
    count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void
  ) throws {
    try run(count: count, threads: threads, state: {}, { try body($1) })
  }

  /// Calls `body` with every piece's number and what `state` made for the thread.
  static func run<State>(
    count: Int, threads: Int, state: @escaping @Sendable () throws -> State,
    _ body: @escaping @Sendable (State, Int) throws -> Void
  ) throws {
    if count == 0 { return }
    if threads <= 1 || count == 1 {
      let own = try state()
      for item in 0..<count { try body(own, item) }
      return
    }
    let queue = WorkQueue(count: count)
    WorkerTeam.run(count: Swift.min(threads, count)) { _ in
      do {
        let own = try state()
        while let item = queue.take() { try body(own, item) }
      } catch { queue.fail(error) }
    }
    try queue.finish()
  }
}
