import ND2Format

extension NumPyArchive {
  /// Writes arrays as a NumPy archive (`.npz`), which appears whole or not at all.
  ///
  /// Equal arrays give equal bytes. Without compression nothing is copied, as in
  /// ``AnyNDArray/write(npy:overwriting:)``; with it one compressed array at a time is in memory.
  ///
  /// - Parameters:
  ///   - arrays: the arrays with their names, without `.npy`.
  ///   - path: the file; devices and pipes are written directly.
  ///   - compressing: whether the arrays are compressed, where that makes them smaller.
  ///   - overwriting: whether a file that is there may be replaced.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the path is taken, a name comes twice, is
  ///   empty, is too long or has a NUL character; ``ND2Error/Code/io`` when the file cannot be
  ///   written.
  public static func write(
    _ arrays: [(name: String, array: AnyNDArray)], to path: String, compressing: Bool = false,
    overwriting: Bool = false
  ) throws {
    try check(arrays.map(\.name))
    let file = try WholeFile(path: path, options: .init(overwriting: overwriting))
    try write(arrays, compressing: compressing, with: ZipWriter { try file.write($0) })
    try file.commit()
  }

  /// Writes an archive of one array whose bytes come one after the other and only once.
  ///
  /// - Parameters:
  ///   - name: its name, without `.npy`.
  ///   - shape: its number of elements along each axis.
  ///   - sampleType: its number type.
  ///   - output: takes the bytes of the archive, in order.
  ///   - bytes: hands over the elements: little-endian, row-major.
  package static func write(
    _ name: String, shape: [Int], sampleType: SampleType,
    to output: @escaping (UnsafeRawBufferPointer) throws -> Void,
    bytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try check([name])
    let header = NumPyFormat.header(shape: shape, sampleType: sampleType)
    guard let count = Checked.product(shape + [sampleType.byteCount]) else {
      throw ND2Error(.limitExceeded, "an array of the shape \(shape) is too large")
    }
    var writer = ZipWriter(write: output)
    try writer.append(
      name: "\(name).npy", lead: header, byteCount: UInt64(count), streaming: bytes)
    try writer.finish()
  }

  /// Writes arrays to wherever the writer's bytes go.
  static func write(
    _ arrays: [(name: String, array: AnyNDArray)], compressing: Bool, with writer: ZipWriter
  ) throws {
    var writer = writer
    for (name, array) in arrays {
      let file = "\(name).npy"
      let header = NumPyFormat.header(shape: array.shape, sampleType: array.sampleType)
      if compressing {
        let isDone = try array.withUnsafeBytes { data in
          try writer.append(name: file, deflating: header, data)
        }
        if isDone { continue }
      }
      let byteCount = UInt64(header.count) + UInt64(array.count * array.sampleType.byteCount)
      try writer.append(name: file, byteCount: byteCount) { take in
        try header.withUnsafeBytes(take)
        try array.forEachRun(take)
      }
    }
    try writer.finish()
  }

  private static func check(_ names: [String]) throws {
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count <= 65_000 else {
        throw ND2Error.invalidRequest(
          "'\(name.prefix(40))' cannot be a name in an archive: it must have 1 to 65000 bytes "
            + "and no NUL")
      }
      guard seen.insert(name).inserted else {
        throw ND2Error.invalidRequest("two arrays are called '\(name)'")
      }
    }
  }
}
