import ND2
import ND2Codecs

enum SavedIndexTargets {
  /// Largest file that is opened with an index of it.
  private static let mostByteCount: UInt64 = 1 << 20

  static func exercise(_ bytes: [UInt8]) {
    open(try? SavedIndex(decoding: bytes))
    let sum = CRC32C.checksum(bytes.dropLast(4))
    let mended = bytes.dropLast(4) + (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    open(try? SavedIndex(decoding: Array(mended)))
    let identity = SourceIdentity(byteCount: UInt64(bytes.count) * 8)
    let encoded = try? SavedIndex.encode(
      bytes, name: "hostile", identity: identity, isComplete: bytes.count & 1 != 0)
    open(encoded.flatMap { try? SavedIndex(decoding: $0) })
  }

  /// The inflated stream of an index.
  static func stream(of bytes: [UInt8]) -> [UInt8] {
    guard let index = try? SavedIndex(decoding: bytes) else { return [] }
    func number(_ value: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let ranges = index.byteRanges
    var stream = number(UInt64(ranges.count))
    for range in ranges {
      stream += number(range.lowerBound) + number(range.upperBound - range.lowerBound)
    }
    for range in ranges { stream += index.bytes(range) ?? [] }
    return stream
  }

  private static func open(_ index: SavedIndex?) {
    guard let index else { return }
    consume((index.name, index.byteRanges, try? index.encoded()))
    guard index.identity.byteCount <= mostByteCount else { return }
    let source = HollowSource(count: index.identity.byteCount)
    var options = ReadingOptions()
    options.threadCount = 1
    options.limits = EncodingTargets.tight
    guard let file = try? ND2File(reading: source, index: index, options: options) else { return }
    consume((file.sizes, file.metadata, file.diagnostics.map(\.description)))
    consume(try? file.unstructuredMetadata().text())
    if file.frameCount > 0 { consume(try? file.readStoredFrame(0)) }
  }
}

/// A file of zeros.
private struct HollowSource: ByteSource {
  let count: UInt64
  var name: String { "hollow.nd2" }

  func byteCount() -> UInt64 { count }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard offset <= count, UInt64(buffer.count) <= count - offset else {
      throw ND2Error(.io, "the data ends before")
    }
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }
}
