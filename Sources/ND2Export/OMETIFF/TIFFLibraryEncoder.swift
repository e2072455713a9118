import CTIFF
import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compresses by LZW with the coder of libtiff: strips of a file that is never anywhere, of which only
/// the bytes of the strips are kept. For one thread.
final class TIFFLibraryEncoder {
  /// Takes what libtiff writes.
  private final class Sink {
    var bytes: [UInt8] = []
    var isCollecting = false
    var position: UInt64 = 0
    var end: UInt64 = 0
  }

  /// Strips before the file is begun anew.
  private static let mostStrips: UInt32 = 1 << 12

  private let sink = Sink()
  private let message: UnsafeMutablePointer<nd2_tiff_message>
  private let handle: OpaquePointer
  private var strip = TIFFLibraryEncoder.mostStrips

  init() throws {
    message = .allocate(capacity: 1)
    message.initialize(to: nd2_tiff_message())
    let client = Unmanaged.passUnretained(sink).toOpaque()
    guard
      let handle = nd2_tiff_open(
        "strips", "wl8", client, { _, _, _ in 0 },
        { client, bytes, count in
          guard let client, let bytes, count >= 0 else { return -1 }
          let sink = Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue()
          if sink.isCollecting {
            sink.bytes += UnsafeRawBufferPointer(start: bytes, count: Int(count))
          }
          sink.position += UInt64(count)
          sink.end = max(sink.end, sink.position)
          return count
        },
        { client, offset, origin in
          guard let client else { return .max }
          let sink = Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue()
          switch origin {
          case SEEK_END: sink.position = sink.end &+ offset
          case SEEK_CUR: sink.position &+= offset
          default: sink.position = offset
          }
          return sink.position
        }, { _ in 0 },
        { client in
          guard let client else { return 0 }
          return Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue().end
        }, message)
    else {
      let error = TIFFMessage.error("cannot compress", message)
      message.deallocate()
      throw error
    }
    self.handle = handle
  }

  deinit {
    sink.isCollecting = false
    TIFFClose(handle)
    message.deallocate()
  }

  /// Appends the compressed bytes to `output`.
  func encode(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws {
    if strip >= Self.mostStrips { try begin() }
    sink.bytes.removeAll(keepingCapacity: true)
    sink.isCollecting = true
    let data = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    let count = TIFFWriteEncodedStrip(handle, strip, data, tmsize_t(bytes.count))
    sink.isCollecting = false
    strip += 1
    guard count == tmsize_t(bytes.count) else {
      throw TIFFMessage.error("cannot compress", message)
    }
    output += sink.bytes
  }

  /// Begins an image of many strips; its sizes mean nothing to the coder.
  private func begin() throws {
    TIFFFreeDirectory(handle)
    TIFFCreateDirectory(handle)
    strip = 0
    let isFine =
      nd2_tiff_set_long(handle, UInt32(TIFFTAG_IMAGEWIDTH), 1 << 16) != 0
      && nd2_tiff_set_long(handle, UInt32(TIFFTAG_IMAGELENGTH), Self.mostStrips) != 0
      && nd2_tiff_set_long(handle, UInt32(TIFFTAG_ROWSPERSTRIP), 1) != 0
      && nd2_tiff_set_short(handle, UInt32(TIFFTAG_BITSPERSAMPLE), 8) != 0
      && nd2_tiff_set_short(handle, UInt32(TIFFTAG_SAMPLESPERPIXEL), 1) != 0
      && nd2_tiff_set_short(handle, UInt32(TIFFTAG_PLANARCONFIG), 1) != 0
      && nd2_tiff_set_short(
        handle, UInt32(TIFFTAG_COMPRESSION), UInt16(COMPRESSION_LZW)) != 0
    guard isFine else { throw TIFFMessage.error("cannot compress", message) }
  }
}

/// What libtiff says of a failure.
enum TIFFMessage {
  static func error(
    _ action: String, _ message: UnsafeMutablePointer<nd2_tiff_message>, file: String? = nil
  ) -> ND2Error {
    let text = withUnsafeBytes(of: &message.pointee) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return ND2Error(
      .io, text.isEmpty ? "\(action): libtiff failed" : "\(action): \(text)", at: .init(file: file))
  }
}
