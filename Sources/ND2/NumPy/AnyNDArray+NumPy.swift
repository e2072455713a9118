extension AnyNDArray {
  /// Reads an array from a NumPy file (`.npy`).
  ///
  /// All numeric types of the format are read: 8- to 32-bit integers and 32- and 64-bit floats as
  /// they are, truth values as ``SampleType/uint8`` (0 and 1), half-precision floats as
  /// ``SampleType/float32``, and 64-bit integers as ``SampleType/float64`` when that is exact for
  /// every number. The order of bytes and axes does not matter; the result is row-major.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - axes: the axes of the array, outermost first; by default they have no names, as in the
  ///     file.
  /// - Throws: ``ND2Error/Code/io`` when the file cannot be read, ``ND2Error/Code/malformed`` when
  ///   it is not a NumPy file or is cut short, ``ND2Error/Code/unsupported`` for other types
  ///   (complex numbers, text, structures, objects) and for 64-bit integers that no double equals,
  ///   ``ND2Error/Code/invalidRequest`` when the number of axes is not that of the array.
  public init(npy path: String, axes: [Axis]? = nil) throws {
    let source = try FileSource(path: path)
    self = try NumPyReader(axes: axes, expected: nil).array(from: source)
  }

  /// Reads an array from the bytes of a NumPy file (`.npy`).
  ///
  /// - Throws: as ``init(npy:axes:)``, but for input and output.
  public init(npyBytes bytes: [UInt8], axes: [Axis]? = nil) throws {
    self = try NumPyReader(axes: axes, expected: nil).array(from: MemorySource(bytes))
  }

  /// The array as the bytes of a NumPy file (`.npy`): row-major, little-endian, without the names
  /// of the axes.
  public var npyBytes: [UInt8] {
    let header = NumPyFormat.header(shape: shape, sampleType: sampleType)
    return withUnsafeBytes { data in
      [UInt8](unsafeUninitializedCapacity: header.count + data.count) { buffer, count in
        let target = UnsafeMutableRawBufferPointer(buffer)
        target.copyBytes(from: header)
        UnsafeMutableRawBufferPointer(rebasing: target[header.count...]).copyMemory(from: data)
        count = header.count + data.count
      }
    }
  }

  /// Writes the array as a NumPy file (`.npy`), which appears whole or not at all.
  ///
  /// The elements are written from where they are; those of views that are not contiguous are
  /// gathered some at a time. The file does not tell the names of the axes.
  ///
  /// - Parameters:
  ///   - path: the file; devices and pipes are written directly.
  ///   - overwriting: whether a file that is there may be replaced.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the path is taken, ``ND2Error/Code/io`` when
  ///   the file cannot be written.
  public func write(npy path: String, overwriting: Bool = false) throws {
    let file = try WholeFile(path: path, options: .init(overwriting: overwriting))
    try file.write(NumPyFormat.header(shape: shape, sampleType: sampleType))
    try forEachRun { try file.write($0) }
    try file.commit()
  }
}

extension NDArray {
  /// Reads an array of this number type from a NumPy file (`.npy`).
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - axes: the axes of the array, outermost first; by default they have no names, as in the
  ///     file.
  /// - Throws: as ``AnyNDArray/init(npy:axes:)``, and ``ND2Error/Code/invalidRequest`` with the
  ///   stored type when the file holds other numbers: nothing is converted to `Scalar`.
  public init(npy path: String, axes: [Axis]? = nil) throws {
    try self.init(try FileSource(path: path), axes: axes)
  }

  /// Reads an array of this number type from the bytes of a NumPy file (`.npy`).
  ///
  /// - Throws: as ``init(npy:axes:)``, but for input and output.
  public init(npyBytes bytes: [UInt8], axes: [Axis]? = nil) throws {
    try self.init(MemorySource(bytes), axes: axes)
  }

  private init(_ source: any ByteSource, axes: [Axis]?) throws {
    let reader = NumPyReader(axes: axes, expected: Scalar.sampleType)
    let array = try reader.array(from: source)
    self.init(sizes: array.sizes, storage: array.storage)
  }

  /// The array as the bytes of a NumPy file (`.npy`), as ``AnyNDArray/npyBytes``.
  public var npyBytes: [UInt8] { erased.npyBytes }

  /// Writes the array as a NumPy file (`.npy`), as ``AnyNDArray/write(npy:overwriting:)``.
  public func write(npy path: String, overwriting: Bool = false) throws {
    try erased.write(npy: path, overwriting: overwriting)
  }
}
