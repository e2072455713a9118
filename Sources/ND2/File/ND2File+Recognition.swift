import ND2Format

// What a file is, without opening it.
extension ND2File {
  /// Whether a local file is an ND2 file of any generation, by its first bytes and, for the first
  /// generation, its last ones.
  ///
  /// The file may be damaged all the same.
  ///
  /// - Throws: ``ND2Error/Code/io`` when the file cannot be read.
  public static func isSupported(path: String) throws -> Bool {
    try isSupported(reading: try FileSource(path: path))
  }

  /// Whether a source holds an ND2 file of any generation; see ``isSupported(path:)``.
  public static func isSupported(reading source: some ByteSource) throws -> Bool {
    switch try signature(source) {
    case .modern: true
    case .jpeg2000: try isLegacy(reading: source)
    case .unknown: false
    }
  }

  /// Whether a local file is an ND2 file of the first generation (JPEG 2000).
  ///
  /// - Throws: ``ND2Error/Code/io`` when the file cannot be read.
  public static func isLegacy(path: String) throws -> Bool {
    try isLegacy(reading: try FileSource(path: path))
  }

  /// Whether a source holds an ND2 file of the first generation; see ``isLegacy(path:)``.
  public static func isLegacy(reading source: some ByteSource) throws -> Bool {
    guard case .jpeg2000 = try signature(source) else { return false }
    let count = try source.byteCount()
    return FileSignature.isLegacy(tail: try source.read((count - min(count, 40))..<count))
  }

  private static func signature(_ source: some ByteSource) throws -> FileSignature {
    let count = try source.byteCount()
    return FileSignature(try source.read(0..<min(count, UInt64(FileSignature.byteCount))))
  }
}
