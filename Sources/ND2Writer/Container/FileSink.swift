package import ND2

/// A sink that writes a local file: under a temporary name first, and renamed when it is complete.
///
/// Small pieces are gathered before they are written. A sink that is dropped before ``commit()``
/// leaves nothing behind.
package final class FileSink: ByteSink {
  private static let bufferByteCount = 256 << 10

  package private(set) var position: UInt64 = 0
  private let file: WholeFile
  private var buffer: [UInt8] = []

  /// Writes into a file that was begun; ``commit()`` completes it.
  package init(_ file: WholeFile) {
    self.file = file
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  /// Creates the temporary file beside `path`.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when `path` exists and must not be overwritten,
  ///   `ND2Error.Code.io` when no file can be created there.
  package convenience init(path: String, overwrite: Bool) throws {
    self.init(try WholeFile(path: path, options: .init(overwriting: overwrite)))
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws {
    position += UInt64(bytes.count)
    if buffer.count + bytes.count > Self.bufferByteCount { try flush() }
    if bytes.count >= Self.bufferByteCount {
      try file.write(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  package func commit() throws {
    try flush()
    try file.commit()
  }

  package func discard() {
    buffer = []
    file.discard()
  }

  private func flush() throws {
    if buffer.isEmpty { return }
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
