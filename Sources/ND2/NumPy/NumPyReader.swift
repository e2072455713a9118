/// Reads one array in NumPy's format from a run of bytes.
struct NumPyReader {
  /// The axes of the result, or nil for unnamed ones.
  let axes: [Axis]?
  /// The number type that the caller needs, or nil for any.
  let expected: SampleType?

  /// Reads the array that begins at the first byte; bytes behind its data are ignored.
  func array(from source: any ByteSource) throws -> AnyNDArray {
    do {
      let (header, _) = try NumPyHeader.read(available: try source.byteCount(), source.read)
      let sizes = try sizes(for: header)
      let raw = try ArrayStorage(byteCount: header.dataByteCount, zeroed: false)
      if header.dataByteCount > 0 {
        try source.read(at: UInt64(header.byteCount), into: raw.bytes)
      }
      return try array(of: raw, header, sizes)
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// The axes and sizes of the array with a header, which must be what the caller needs.
  func sizes(for header: NumPyHeader) throws -> AxisSizes {
    let stored = header.element.sampleType
    if let expected, expected != stored {
      throw ND2Error.invalidRequest(
        "the numbers are stored as '\(header.typeName)' and read as \(stored), not as \(expected)")
    }
    guard let axes else { return AxisSizes(unnamedAxes: header.shape) }
    guard axes.count == header.shape.count else {
      throw ND2Error.invalidRequest(
        "\(axes.count) axes were given for an array of \(header.shape.count)")
    }
    guard Set(axes).count == axes.count else {
      throw ND2Error.invalidRequest("an axis was given twice: \(axes)")
    }
    return AxisSizes(zip(axes, header.shape).map { AxisSizes.Element($0, $1) })
  }

  /// The array of stored data that belongs to nobody else.
  func array(
    of raw: ArrayStorage, _ header: NumPyHeader, _ sizes: AxisSizes
  ) throws -> AnyNDArray {
    var storage = try NumPyNumbers.converted(raw, from: header.element)
    let type = header.element.sampleType
    if header.isFortranOrder {
      storage = try FortranOrder.rowMajor(
        storage, shape: header.shape, elementByteCount: type.byteCount)
    }
    return AnyNDArray(sizes: sizes, sampleType: type, storage: storage)
  }
}

extension AxisSizes {
  /// Sizes of axes without names.
  fileprivate init(unnamedAxes shape: [Int]) {
    self.init(shape.map { Element(.custom, $0) })
  }
}
