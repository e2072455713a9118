#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A piece of memory from the system; a large one is aligned to huge pages, which the system is asked
/// to use.
///
/// Threads that make and drop arrays of about a megabyte in turn would leave the general allocator
/// with many times the memory that is in use.
struct MemoryBlock: @unchecked Sendable {
  /// Size from which memory is taken from the system in blocks.
  static let smallest = 256 << 10
  private static let hugePage = 2 << 20

  /// The memory that may be used.
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  /// Takes zeroed memory from the system, or nil when it does not give it.
  init?(byteCount: Int) {
    let isLarge = byteCount >= 2 * Self.hugePage
    let (size, overflow) = byteCount.addingReportingOverflow(isLarge ? Self.hugePage : 0)
    guard !overflow,
      let region = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Self.anonymous, -1, 0),
      region != MAP_FAILED
    else { return nil }
    let page = UInt(Self.hugePage)
    let offset = isLarge ? Int((page - UInt(bitPattern: region) % page) % page) : 0
    bytes = UnsafeMutableRawBufferPointer(start: region + offset, count: byteCount)
    mapping = UnsafeMutableRawBufferPointer(start: region, count: size)
    #if os(Linux)
      if isLarge { madvise(region + offset, byteCount, Int32(MADV_HUGEPAGE)) }
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
