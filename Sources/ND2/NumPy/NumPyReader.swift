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
      return try array(in: raw, header, sizes)
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
    let unnamed = AxisSizes(unnamed: header.shape)
    guard let axes else { return unnamed }
    try unnamed.check(names: axes)
    return AxisSizes(zip(axes, header.shape).map { AxisSizes.Element($0, $1) })
  }

  /// The array whose data begin at a byte of memory that belongs to nobody else.
  func array(
    in memory: ArrayStorage, from start: Int = 0, _ header: NumPyHeader, _ sizes: AxisSizes
  ) throws -> AnyNDArray {
    let type = header.element.sampleType
    let data = try NumPyData(
      memory, start..<(start + header.dataByteCount), of: header.element
    ).converted()
    let offset = data.range.lowerBound / type.byteCount
    guard header.isFortranOrder, header.count > 0 else {
      var layout = StridedLayout(dense: sizes)
      if offset > 0 {
        layout = StridedLayout(sizes: sizes, strides: layout.strides, offset: offset)
      }
      return AnyNDArray(layout: layout, sampleType: type, storage: data.memory)
    }
    var strides: [Int] = []
    var stride = 1
    for size in header.shape {
      strides.append(stride)
      stride *= size
    }
    let layout = StridedLayout(sizes: sizes, strides: strides, offset: offset)
    return try Self.rowMajor(
      AnyNDArray(layout: layout, sampleType: type, storage: data.memory))
  }

  /// The array with its elements one after the other.
  ///
  /// Unlike `compacted()` it throws when there is no memory: the size comes from a file.
  private static func rowMajor(_ view: AnyNDArray) throws -> AnyNDArray {
    if view.isContiguous { return view }
    let result = try AnyNDArray(uninitialized: view.sizes, sampleType: view.sampleType)
    if let source = view.storage.bytes.baseAddress, let target = result.storage.bytes.baseAddress {
      withExtendedLifetime((view, result)) {
        StridedCopy.copy(
          view.layout, from: source, elementByteCount: view.sampleType.byteCount, to: target)
      }
    }
    return result
  }
}
