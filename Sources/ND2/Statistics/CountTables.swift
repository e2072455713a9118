#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tables of counters that several threads fill: each its own tables of 32 bits, which are added to
/// common ones of 64 bits at the end, and before a counter could overflow.
///
/// Memory of counters that are never touched is not taken from the system.
final class CountTables: @unchecked Sendable {
  // The common counters are only touched under the lock, or when all threads are done.
  /// Counters of a table.
  let binCount: Int
  /// Number of tables.
  let tableCount: Int
  private let lock = Lock(())
  private let totals: UnsafeMutablePointer<UInt64>

  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  init(tableCount: Int, binCount: Int) throws {
    self.tableCount = tableCount
    self.binCount = binCount
    totals = try Self.zeros(tableCount * binCount, UInt64.self)
  }

  deinit { free(totals) }

  /// The common counters of a table; all threads must be done.
  func counts(_ table: Int) -> UnsafeBufferPointer<UInt64> {
    UnsafeBufferPointer(start: totals + table * binCount, count: binCount)
  }

  /// Tables of one thread.
  func local(laneCount: Int = 1) throws -> Local { try Local(self, laneCount: laneCount) }

  /// Tables of one thread. Each has several lanes that are filled by turns, because counting equal
  /// numbers one after the other in one place means waiting for it.
  final class Local {
    private let tables: CountTables
    private let counters: UnsafeMutablePointer<UInt32>
    let laneCount: Int
    private var room = CountTables.Local.most

    /// Elements that no counter can overflow with.
    private static let most = 1 << 31

    fileprivate init(_ tables: CountTables, laneCount: Int) throws {
      self.tables = tables
      self.laneCount = laneCount
      counters = try CountTables.zeros(
        tables.tableCount * tables.binCount * laneCount, UInt32.self)
    }

    deinit { free(counters) }

    /// The lanes of a table, one behind the other.
    func lanes(_ table: Int) -> UnsafeMutablePointer<UInt32> {
      counters + table * tables.binCount * laneCount
    }

    /// Makes sure that each table can take so many further elements.
    func prepare(adding count: Int) {
      if count > room { flush() }
      room -= count
    }

    /// Adds all counters to the common ones.
    func flush() {
      room = Self.most
      let bins = tables.binCount
      tables.lock.withLock { _ in
        for table in 0..<tables.tableCount {
          let total = tables.totals + table * bins
          for lane in 0..<laneCount {
            let own = lanes(table) + lane * bins
            for bin in 0..<bins where own[bin] != 0 {
              total[bin] &+= UInt64(own[bin])
              own[bin] = 0
            }
          }
        }
      }
    }
  }

  fileprivate static func zeros<T: BitwiseCopyable>(
    _ count: Int, _: T.Type
  ) throws -> UnsafeMutablePointer<T> {
    guard let memory = calloc(max(1, count), MemoryLayout<T>.size) else {
      throw ND2Error(.limitExceeded, "the memory for \(count) counters cannot be had")
    }
    return memory.bindMemory(to: T.self, capacity: count)
  }
}
