/// Where the numbers of a stored array lie, for those who read parts of it.
package struct NumPyExtent: Sendable, Hashable {
  /// The offset of the first number in the file.
  package var offset: UInt64
  /// Number of elements along each axis.
  package var shape: [Int]
  /// The number type; numbers are little-endian and row-major.
  package var sampleType: SampleType

  /// - Parameter start: the offset of the header.
  init(_ header: NumPyHeader, from start: UInt64) throws {
    let type = header.element.sampleType
    guard !header.isFortranOrder, !header.element.isBigEndian,
      header.element.byteCount == type.byteCount, header.typeName == type.numpyDescription
    else { throw ND2Error(.unsupported, "numbers of type \(header.typeName), or not row-major") }
    offset = start + UInt64(header.byteCount)
    shape = header.shape
    sampleType = type
  }

  /// The array of a `.npy` file.
  package init(npy source: any ByteSource) throws {
    do {
      let (header, _) = try NumPyHeader.read(available: try source.byteCount(), source.read)
      try self.init(header, from: 0)
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }
}
