#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of an array. Large blocks are aligned to huge pages, which the system is asked to use:
/// touching fresh memory page by page costs more than reading the file (docs/benchmarks.md).
final class ArrayStorage: @unchecked Sendable {
  // Mutable memory behind a class: arrays copy on write, so that shared storage is never written.
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer?

  private static let hugePage = 2 << 20

  /// Allocates zeroed memory.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the system does not give it.
  init(byteCount: Int) throws {
    guard byteCount >= 2 * Self.hugePage else {
      bytes = .allocate(byteCount: byteCount, alignment: 64)
      mapping = nil
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    let failure = ND2Error(
      .limitExceeded, "\(byteCount) bytes for the result cannot be had from the system")
    let (size, overflow) = byteCount.addingReportingOverflow(Self.hugePage)
    guard !overflow,
      let region = mmap(
        nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Self.anonymous, -1, 0),
      region != MAP_FAILED
    else { throw failure }
    let address = UInt(bitPattern: region)
    let page = UInt(Self.hugePage)
    let offset = Int((page - address % page) % page)
    bytes = UnsafeMutableRawBufferPointer(start: region + offset, count: byteCount)
    mapping = UnsafeMutableRawBufferPointer(start: region, count: size)
    #if os(Linux)
      madvise(region + offset, byteCount, Int32(MADV_HUGEPAGE))
    #endif
  }

  deinit {
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      bytes.deallocate()
    }
  }

  #if canImport(Darwin)
    private static let anonymous = MAP_ANON
  #else
    private static let anonymous = MAP_ANONYMOUS
  #endif
}
