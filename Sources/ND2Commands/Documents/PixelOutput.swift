import ND2
import ND2Codecs

/// Where an array goes whose bytes come one after the other: a NumPy file, a NumPy archive, or
/// nowhere but into a checksum.
enum PixelOutput {
  case array(OutputFile)
  /// An archive of one array of that name.
  case archive(OutputFile, name: String)
  case checksum

  /// Hands over an array.
  ///
  /// - Parameters:
  ///   - sizes: its axes.
  ///   - type: its number type.
  ///   - bytes: gives its elements piece by piece: little-endian, row-major.
  /// - Returns: the SHA-256 of its elements; nil unless that was wanted.
  func take(
    _ sizes: AxisSizes, _ type: SampleType,
    _ bytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> String? {
    switch self {
    case .array(let file):
      try file.write(NumPyFormat.header(shape: sizes.shape, sampleType: type))
      try bytes { try file.write($0) }
      try file.commit()
      return nil
    case .archive(let file, let name):
      try NumPyArchive.write(
        name, shape: sizes.shape, sampleType: type, to: { try file.write($0) }, bytes: bytes)
      try file.commit()
      return nil
    case .checksum:
      var hash = SHA256()
      try bytes { hash.update($0) }
      return hash.hexadecimal()
    }
  }
}

extension Session {
  /// Says what was written, or prints the checksum with shape and type.
  func tell(_ sizes: AxisSizes, _ type: SampleType, path: String?, checksum: String?) {
    if let checksum {
      let shape = sizes.shape.map(String.init).joined(separator: ",")
      line("\(checksum)  \(shape.isEmpty ? "()" : shape)  \(type)")
    } else if let path {
      say("Wrote \(path): \(sizes.isEmpty ? "1 pixel" : sizes.description), \(type)")
    }
  }
}
