import ND2
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Arithmetic of arrays in memory against what the memory allows.
///
/// Beside each operation stands a loop on as many threads that reads the bytes of its operands, in
/// pieces, and after each writes as many bytes as the operation has results for it; nothing else.
/// Both take turns; results and memory are warm.
enum Arrays {
  private static let rounds = 9
  nonisolated(unsafe) private static var wanted = ""

  /// Prints the lines of operations whose names contain `words`.
  static func run(_ words: String = "") throws {
    wanted = words
    let (stack, plane) = ([16, 2048, 2048], 2048 * 2048)
    let pixels = try numbers(UInt16.self, stack) { UInt16(truncatingIfNeeded: $0 >> 40) }
    let floats = try numbers(Float.self, [8, 2048, 2048]) { Float($0 >> 44) / 16 }
    let bytes = try numbers(UInt8.self, stack) { UInt8(truncatingIfNeeded: $0 >> 40) }
    let small = try pixels[.time, 0..<3]
    let picture = try floats[.time, 0].cast(to: .float32)
    let background = try picture * 0.5
    print("operation, payload, GB/s, limit GB/s, ratio")
    for (name, array) in [("u16", pixels), ("f32", floats), ("u8", bytes)] {
      let read = Double(array.byteCount)
      for reduction in Reduction.allCases {
        let size = reduction.resultType(of: array.sampleType).byteCount
        try measure("\(reduction.rawValue) \(name) outer axis", read, Double(plane * size)) {
          try array.reduced(reduction, over: [.time])
        }
        try measure(
          "\(reduction.rawValue) \(name) inner axis", read,
          Double(array.count / 2048 * size)
        ) { try array.reduced(reduction, over: [.x]) }
        try measure("\(reduction.rawValue) \(name) all", read, 0) {
          try array.reduced(reduction, over: [])
        }
      }
      try measure("histogram \(name) all", read, 0) { try array.histogram(bins: 256) }
      try measure("median \(name) all", read, 0) { try array.median() }
    }
    try measure("median u16 outer axis", Double(pixels.byteCount), Double(plane * 8)) {
      try pixels.median(over: .time)
    }
    let count = Double(small.count)
    try measure("cast u16 f32", count * 2, count * 4) { try small.cast(to: .float32) }
    try measure("cast u16 u8", count * 2, count) { try small.cast(to: .uint8) }
    try measure("cast f32 u16", Double(plane * 4), Double(plane * 2)) {
      try picture.cast(to: .uint16)
    }
    try measure("u16 - f32 plane for each", count * 2, count * 4) { try small - background }
    try measure("f32 - f32", Double(plane * 8), Double(plane * 4)) { try picture - background }
    try measure("u16 * number", count * 2, count * 4) { try small * 0.5 }
    let turned = try small.transposed(.time, .x, .y)
    try measure("cast u16 f32 transposed", count * 2, count * 4) { try turned.cast(to: .float32) }
    try measure("transposed - dense", count * 4, count * 4) { try turned - small }
  }

  private static func numbers<T: PixelScalar>(
    _: T.Type, _ shape: [Int], _ number: (UInt64) -> T
  ) throws -> AnyNDArray {
    var array = try NDArray<T>(zeros: AxisSizes(zip([.time, .y, .x], shape).map { .init($0, $1) }))
    var state: UInt64 = 88_172_645_463_325_252
    array.withUnsafeMutableElements { elements in
      for index in elements.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        elements[index] = number(state)
      }
    }
    return array.erased
  }

  private static func measure<Result>(
    _ name: String, _ read: Double, _ written: Double, _ body: () throws -> Result
  ) throws {
    guard wanted.isEmpty || has(name, wanted) else { return }
    var (ours, limits): ([Double], [Double]) = ([], [])
    for round in 0..<(rounds + 2) {
      let start = seconds()
      _ = try body()
      let middle = seconds()
      traffic(Int(read), Int(written))
      if round < 2 { continue }
      ours.append(middle - start)
      limits.append(seconds() - middle)
    }
    let (a, b) = (ours.sorted()[rounds / 2], limits.sorted()[rounds / 2])
    print(
      "\(name), \(Int(read) >> 20) MB, \(text(read / a / 1e9)), \(text(read / b / 1e9)), "
        + text(b / a))
  }

  private static func has(_ name: String, _ words: String) -> Bool {
    words.split(separator: " ").allSatisfy { word in
      name.split(separator: " ").contains { $0.hasPrefix(word) }
    }
  }

  private static func text(_ value: Double) -> String {
    "\((value * 100).rounded() / 100)"
  }

  nonisolated(unsafe) private static let source = memory()
  nonisolated(unsafe) private static let target = memory()

  private static func memory() -> UnsafeMutableRawPointer {
    let count = 160 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 2 << 20)
    #if os(Linux)
      madvise(memory, count, Int32(MADV_HUGEPAGE))
    #endif
    memset(memory, 1, count)
    return memory
  }

  /// Reads and writes so many bytes, by one thread for each core.
  private static func traffic(_ read: Int, _ written: Int) {
    let piece = 256 << 10
    let count = read / piece
    let share = written / max(1, count)
    let next = Atomic<Int>(0)
    let sum = Atomic<UInt64>(0)
    Limit.parallel(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) {
      var own: UInt64 = 0
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { break }
        let words = (source + index * piece).assumingMemoryBound(to: UInt64.self)
        var part: UInt64 = 0
        for word in 0..<(piece / 8) { part ^= words[word] }
        own ^= part
        memset(target + index * share, Int32(truncatingIfNeeded: part & 1), share)
      }
      sum.wrappingAdd(own, ordering: .relaxed)
    }
    if sum.load(ordering: .relaxed) == 12345 { print("") }
  }
}
