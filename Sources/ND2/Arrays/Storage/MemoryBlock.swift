#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A large piece of memory from the system, aligned to huge pages, which the system is asked to use.
struct MemoryBlock: @unchecked Sendable {
  /// Size from which memory is taken from the system in blocks.
  static let smallest = 2 * hugePage
  private static let hugePage = 2 << 20

  /// The memory that may be used.
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  /// Takes zeroed memory from the system, or nil when it does not give it.
  init?(byteCount: Int) {
    let (size, overflow) = byteCount.addingReportingOverflow(Self.hugePage)
    guard !overflow,
      let region = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Self.anonymous, -1, 0),
      region != MAP_FAILED
    else { return nil }
    let page = UInt(Self.hugePage)
    let offset = Int((page - UInt(bitPattern: region) % page) % page)
    bytes = UnsafeMutableRawBufferPointer(start: region + offset, count: byteCount)
    mapping = UnsafeMutableRawBufferPointer(start: region, count: size)
    #if os(Linux)
      madvise(region + offset, byteCount, Int32(MADV_HUGEPAGE))
    #endif
  }

  /// Gives the memory back to the system.
  func release() { munmap(mapping.baseAddress, mapping.count) }

  #if canImport(Darwin)
    private static let anonymous = MAP_ANON
  #else
    private static let anonymous = MAP_ANONYMOUS
  #endif
}
