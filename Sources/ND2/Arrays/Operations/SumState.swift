/// Accumulators of sums: exact for integers, in doubles for floating-point numbers.
final class SumState: ReductionState {
  private let type: SampleType
  private let isMean: Bool
  private let capacity: Int
  private(set) var count: Int
  /// Partial sums of small integers in 32 bits; sums of floating-point numbers.
  private let first: ArrayStorage?
  /// Rows that partial sums have seen.
  private var rows = 0
  /// Totals of integers in 64 bits.
  private var totals: ArrayStorage?
  /// Whether totals hold anything.
  private var usesTotals: Bool
  /// Elements that totals of 32-bit integers may see before they are carried over.
  private var room = SumState.most
  /// What was carried over from totals.
  private var carried: [Int128] = []

  /// Elements of 32 bits whose sum surely fits into 64 bits with a sign.
  private static let most = 1 << 31

  init(_ type: SampleType, isMean: Bool, count: Int) throws {
    self.type = type
    self.isMean = isMean
    capacity = count
    self.count = count
    usesTotals = !type.isNarrow
    switch type {
    case .uint32, .int32:
      first = nil
      totals = try .ofAccumulators(count, byteCount: 8)
    case .float32, .float64: first = try .ofAccumulators(count, byteCount: 8)
    case .uint8, .uint16, .int8, .int16: first = try .ofAccumulators(count, byteCount: 4)
    }
  }

  var columnsOfTile: Int { 1 << 14 }

  func mostElements(asRows: Bool) -> Int {
    type.isNarrow && !asRows ? SumKernels.mostRows : Self.most
  }

  func prepare(adding count: Int, asRows: Bool) throws {
    if type.isNarrow {
      if asRows {
        try needTotals()
      } else {
        if rows + count > SumKernels.mostRows { try flush() }
        rows += count
      }
    } else if !type.isFloatingPoint {
      if count > room { carry() }
      room -= count
    }
  }

  func addColumns(_ x: UnsafeRawPointer, _ block: RowBlock, to index: Int, seen: Int) {
    switch type {
    case .uint8, .uint16, .int8, .int16:
      guard let first else { return }
      SumKernels.columns(type, x, block, first.pointer(UInt32.self) + index)
    case .uint32, .int32:
      guard let totals else { return }
      SumKernels.columns(type, x, block, totals.pointer(Int64.self) + index)
    case .float32, .float64:
      guard let first else { return }
      SumKernels.columns(type, x, block, first.pointer(Double.self) + index)
    }
  }

  func addRows(_ x: UnsafeRawPointer, _ block: RowBlock, to index: Int, stride: Int, seen: Int) {
    if type.isFloatingPoint {
      guard let first else { return }
      SumKernels.rows(type, x, block, first.pointer(Double.self) + index, stride: stride)
    } else {
      guard let totals else { return }
      SumKernels.rows(type, x, block, totals.pointer(Int64.self) + index, stride: stride)
    }
  }

  private func needTotals() throws {
    if totals == nil { totals = try .ofAccumulators(capacity, byteCount: 8) }
    usesTotals = true
  }

  /// Adds partial sums to the totals.
  private func flush() throws {
    try needTotals()
    guard let first, let totals, rows > 0 else { return }
    SumKernels.flush(
      first.pointer(UInt32.self), isSigned: type.isSignedInteger, totals.pointer(Int64.self),
      count: count)
    rows = 0
  }

  /// Carries totals over to wider ones.
  private func carry() {
    guard let totals else { return }
    if carried.isEmpty { carried = [Int128](repeating: 0, count: count) }
    let pointer = totals.pointer(Int64.self)
    for index in 0..<count {
      carried[index] += Int128(pointer[index])
      pointer[index] = 0
    }
    room = Self.most
  }

  func merge(_ other: any ReductionState, seen: Int, seenByOther: Int) throws {
    guard let other = other as? SumState, other.count == count, other.type == type else { return }
    if type.isFloatingPoint {
      guard let first, let added = other.first?.pointer(Double.self) else { return }
      let sums = first.pointer(Double.self)
      for index in 0..<count { sums[index] += added[index] }
      return
    }
    if type.isNarrow {
      try needTotals()
      try other.flush()
    }
    guard let added = other.totals?.pointer(Int64.self) else { return }
    if !type.isNarrow {
      let used = Self.most - other.room
      if used > room { carry() }
      room -= used
    }
    guard let sums = totals?.pointer(Int64.self) else { return }
    for index in 0..<count { sums[index] &+= added[index] }
    if !other.carried.isEmpty {
      if carried.isEmpty { carried = [Int128](repeating: 0, count: count) }
      for index in 0..<count { carried[index] += other.carried[index] }
    }
  }

  func reset(count: Int) {
    self.count = count
    if let first {
      let size = type.isFloatingPoint ? 8 : 4
      first.bytes.baseAddress?.initializeMemory(as: UInt8.self, repeating: 0, count: count * size)
    }
    if usesTotals {
      totals?.bytes.baseAddress?.initializeMemory(as: UInt8.self, repeating: 0, count: count * 8)
    }
    usesTotals = !type.isNarrow
    rows = 0
    room = Self.most
    carried = []
  }

  /// Partial sums of 8- and 16-bit integers.
  var partial: UnsafeMutablePointer<UInt32>? { first?.pointer(UInt32.self) }
  /// Totals of integers, when there is memory for them.
  var wholeTotals: UnsafeMutablePointer<Int64>? { totals?.pointer(Int64.self) }

  /// The sums of integers, exactly.
  func exactSums() throws -> ExactSums {
    if type.isNarrow, !usesTotals, let first {
      return type.isSignedInteger
        ? .signed(UnsafePointer(first.pointer(Int32.self)))
        : .unsigned(UnsafePointer(first.pointer(UInt32.self)))
    }
    if type.isNarrow { try flush() }
    guard let totals = totals?.pointer(Int64.self) else { return .wide([]) }
    if carried.isEmpty { return .long(UnsafePointer(totals)) }
    return .wide((0..<count).map { Int128(totals[$0]) + carried[$0] })
  }

  func finish(seen: Int, to result: UnsafeMutableRawPointer) throws {
    let doubles = result.assumingMemoryBound(to: Double.self)
    let divisor = isMean ? Double(seen) : 1
    if type.isFloatingPoint {
      guard let sums = first?.pointer(Double.self) else { return }
      for index in 0..<count { doubles[index] = sums[index] / divisor }
      return
    }
    switch try exactSums() {
    case .signed(let sums):
      for index in 0..<count { doubles[index] = Double(sums[index]) / divisor }
    case .unsigned(let sums):
      for index in 0..<count { doubles[index] = Double(sums[index]) / divisor }
    case .long(let sums):
      for index in 0..<count { doubles[index] = Double(sums[index]) / divisor }
    case .wide(let sums):
      for index in sums.indices { doubles[index] = Double(sums[index]) / divisor }
    }
  }
}

/// Sums of integers in as few bits as they need; the memory is that of the accumulators.
enum ExactSums {
  case signed(UnsafePointer<Int32>)
  case unsigned(UnsafePointer<UInt32>)
  case long(UnsafePointer<Int64>)
  case wide([Int128])

  /// The memory of sums of 32 bits; the bits of signed ones are those of unsigned ones.
  var narrow: UnsafePointer<UInt32>? {
    switch self {
    case .signed(let sums): UnsafePointer(OpaquePointer(sums))
    case .unsigned(let sums): sums
    case .long, .wide: nil
    }
  }

  /// A sum that fits into 64 bits, as those of 8- and 16-bit integers do.
  @inline(__always)
  subscript(index: Int) -> Int64 {
    switch self {
    case .signed(let sums): Int64(sums[index])
    case .unsigned(let sums): Int64(sums[index])
    case .long(let sums): sums[index]
    case .wide(let sums): Int64(truncatingIfNeeded: sums[index])
    }
  }
}
