import CTIFF
import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file that libtiff believes to write: its directories really are written, in large pieces;
/// blocks of pixels are there already, and libtiff is only told their places.
final class TIFFOutputClient {
  private static let bufferByteCount = 4 << 20

  private let output: PlacedOutput
  private var position: UInt64 = 0
  private var end: UInt64
  /// What is not written yet, and where it belongs.
  private var buffer: [UInt8] = []
  private var bufferStart: UInt64 = 0
  /// Where the block is that libtiff is about to write.
  private var block: UInt64?
  /// What went wrong.
  private(set) var failure: (any Error)?

  /// - Parameter end: the end of the pixels.
  init(_ output: PlacedOutput, end: UInt64) {
    self.output = output
    self.end = end
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  /// The end of the file.
  var endOffset: UInt64 { end }

  /// Lets libtiff note a block that is at that place.
  func noting<Result>(blockAt place: UInt64, _ body: () -> Result) -> Result {
    block = place
    defer { block = nil }
    return body()
  }

  /// Writes what is not written yet.
  func flush() throws {
    guard !buffer.isEmpty else { return }
    try buffer.withUnsafeBytes { try output.write($0, at: bufferStart) }
    bufferStart += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  // MARK: - What libtiff calls

  func seek(_ offset: UInt64, _ origin: Int32) -> UInt64 {
    switch origin {
    case SEEK_END: position = block ?? end &+ offset
    case SEEK_CUR: position &+= offset
    default: position = offset
    }
    return position
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    if block == nil {
      do {
        try put(bytes)
      } catch {
        if failure == nil { failure = error }
        return -1
      }
    }
    position += UInt64(bytes.count)
    if block == nil { end = max(end, position) }
    return bytes.count
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    let bufferEnd = bufferStart + UInt64(buffer.count)
    if position == bufferEnd {
      buffer += bytes
      if buffer.count >= Self.bufferByteCount { try flush() }
      return
    }
    if position >= bufferStart, position + UInt64(bytes.count) <= bufferEnd {
      let first = Int(position - bufferStart)
      buffer.replaceSubrange(first..<(first + bytes.count), with: bytes)
      return
    }
    // Before the buffer are links from one directory to the next; behind it a new piece begins.
    if position + UInt64(bytes.count) <= bufferStart {
      return try output.write(bytes, at: position)
    }
    try flush()
    if position < end { return try output.write(bytes, at: position) }
    bufferStart = position
    buffer += bytes
  }

  func read(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    do {
      if !buffer.isEmpty, position + UInt64(bytes.count) > bufferStart {
        let bufferEnd = bufferStart + UInt64(buffer.count)
        if position >= bufferStart, position + UInt64(bytes.count) <= bufferEnd {
          let first = Int(position - bufferStart)
          buffer.withUnsafeBytes {
            bytes.copyMemory(
              from: UnsafeRawBufferPointer(rebasing: $0[first..<(first + bytes.count)]))
          }
          position += UInt64(bytes.count)
          return bytes.count
        }
        try flush()
      }
      let count = try output.read(bytes, at: position)
      position += UInt64(count)
      return count
    } catch {
      if failure == nil { failure = error }
      return -1
    }
  }
}

extension TIFFOutputClient {
  /// A handle of libtiff that writes a new file here; nil when libtiff refuses.
  func open(isBig: Bool, _ message: UnsafeMutablePointer<nd2_tiff_message>) -> OpaquePointer? {
    nd2_tiff_open(
      "output", isBig ? "wl8" : "wl4", Unmanaged.passUnretained(self).toOpaque(),
      { client, bytes, count in
        guard let client, let bytes, count >= 0 else { return -1 }
        let output = Unmanaged<TIFFOutputClient>.fromOpaque(client).takeUnretainedValue()
        return tmsize_t(
          output.read(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))))
      },
      { client, bytes, count in
        guard let client, let bytes, count >= 0 else { return -1 }
        let output = Unmanaged<TIFFOutputClient>.fromOpaque(client).takeUnretainedValue()
        return tmsize_t(output.write(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
      },
      { client, offset, origin in
        guard let client else { return .max }
        return Unmanaged<TIFFOutputClient>.fromOpaque(client).takeUnretainedValue()
          .seek(offset, origin)
      }, { _ in 0 },
      { client in
        guard let client else { return 0 }
        return Unmanaged<TIFFOutputClient>.fromOpaque(client).takeUnretainedValue().endOffset
      }, message)
  }
}
