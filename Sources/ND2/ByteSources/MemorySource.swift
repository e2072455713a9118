/// Bytes in memory.
public struct MemorySource: ByteSource {
  /// The bytes.
  public let bytes: [UInt8]
  /// What the bytes come from, for people.
  public let name: String

  /// Creates a source of bytes that are in memory already.
  public init(_ bytes: [UInt8], name: String = "") {
    self.bytes = bytes
    self.name = name
  }

  /// Number of bytes.
  public func byteCount() -> UInt64 { UInt64(bytes.count) }

  /// Fills `buffer` with the bytes from `offset` on, or throws ``ND2Error/Code/io``.
  public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard let start = Int(exactly: offset), start <= bytes.count,
      buffer.count <= bytes.count - start
    else {
      throw ND2Error(
        .io, "the data ends at \(bytes.count), before byte \(offset) + \(buffer.count)",
        at: .init(file: name.isEmpty ? nil : name, offset: offset))
    }
    bytes.withUnsafeBytes { source in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source[start..<(start + buffer.count)]))
    }
  }
}
