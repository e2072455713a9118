#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Places of an output that several threads fill at once; see ``WholeFile/Options/needsPlaces``.
///
/// It must not be used longer than the output is open.
package struct PlacedOutput: Sendable {
  /// macOS refuses more than 2 GiB at once.
  private static let mostBytes = 1 << 30

  private let descriptor: Int32
  /// Path of the output, for messages.
  package let path: String

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Writes bytes at an offset.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws {
    var (rest, place) = (bytes, offset)
    while let base = rest.baseAddress, !rest.isEmpty {
      let count = pwrite(
        descriptor, base, min(rest.count, Self.mostBytes), off_t(clamping: place))
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        place += UInt64(count)
      } else if count == 0 {
        throw SystemFailure.error("cannot write", EIO, file: path)
      } else if errno != EINTR {
        throw SystemFailure.error("cannot write", errno, file: path)
      }
    }
  }

  /// Reads bytes that were written; fewer at the end of what there is.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pread(
        descriptor, base + done, min(bytes.count - done, Self.mostBytes),
        off_t(clamping: offset + UInt64(done)))
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw SystemFailure.error("cannot read back", errno, file: path)
      }
    }
    return done
  }

  /// Sees to it that there is room for so many bytes, where the file system can tell.
  package func reserve(_ byteCount: UInt64) throws {
    #if os(Linux)
      guard byteCount > 0, let length = off_t(exactly: byteCount) else { return }
      let code = posix_fallocate(descriptor, 0, length)
      if code == ENOSPC || code == EFBIG {
        throw SystemFailure.error("cannot write", code, file: path)
      }
    #endif
  }
}

extension WholeFile {
  /// The places of the output.
  package var places: PlacedOutput { PlacedOutput(descriptor: descriptor, path: path) }
}
