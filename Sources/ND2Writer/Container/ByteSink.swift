/// Where a file is written to: bytes are appended, never changed.
package protocol ByteSink: AnyObject {
  /// Number of bytes appended so far.
  var position: UInt64 { get }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws

  /// Makes what was appended the final content.
  func commit() throws

  /// Gives up what was appended.
  func discard()
}

extension ByteSink {
  package func discard() {}

  /// Appends bytes.
  package func append(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try append($0) }
  }

  /// Appends zeros.
  package func appendZeros(_ count: UInt64) throws {
    var left = count
    while left > 0 {
      let step = min(left, 4096)
      try zeroBlock.withUnsafeBytes { bytes in
        try append(UnsafeRawBufferPointer(rebasing: bytes[0..<Int(step)]))
      }
      left -= step
    }
  }

  /// Appends zeros up to the next multiple of 4096.
  package func alignToBlock() throws {
    let rest = position % 4096
    if rest != 0 { try appendZeros(4096 - rest) }
  }
}

private let zeroBlock = [UInt8](repeating: 0, count: 4096)

/// A sink that keeps everything in memory.
package final class MemorySink: ByteSink {
  /// The bytes appended so far.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var position: UInt64 { UInt64(bytes.count) }

  package func append(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }

  package func commit() {}
}
