/// A dense, row-major array of one number type. Copies share memory.
public struct NDArray<Scalar: PixelScalar>: Sendable {
  /// The axes with their sizes, outermost first.
  public let sizes: AxisSizes
  let storage: ArrayStorage

  init(sizes: AxisSizes, storage: ArrayStorage) {
    self.sizes = sizes
    self.storage = storage
  }

  /// Number of elements along each axis, outermost first.
  public var shape: [Int] { sizes.shape }
  /// Number of elements.
  public var count: Int { storage.bytes.count / MemoryLayout<Scalar>.stride }

  /// Calls `body` with all elements, row-major.
  public func withUnsafeElements<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(storage.bytes.bindMemory(to: Scalar.self)))
    }
  }

  /// All elements, row-major, as an array of their own.
  public var elements: [Scalar] { withUnsafeElements { Array($0) } }

  /// The element at an index for each axis.
  ///
  /// An index outside its axis is a programming error, as with `Array`.
  public subscript(indices: Int...) -> Scalar { self[indices] }

  /// The element at an index for each axis.
  public subscript(indices: [Int]) -> Scalar {
    precondition(indices.count == sizes.count, "one index for each of \(sizes.axes)")
    var position = 0
    for (index, size) in zip(indices, sizes.shape) {
      precondition(index >= 0 && index < size, "index \(index) outside 0..<\(size)")
      position = position * size + index
    }
    return withUnsafeElements { $0[position] }
  }

  /// The same elements with their number type told at run time, without copying.
  public var erased: AnyNDArray {
    AnyNDArray(sizes: sizes, sampleType: Scalar.sampleType, storage: storage)
  }
}

extension NDArray: Equatable {
  /// Whether axes and all elements are equal.
  public static func == (a: NDArray, b: NDArray) -> Bool {
    a.sizes == b.sizes
      && a.withUnsafeElements { left in b.withUnsafeElements { left.elementsEqual($0) } }
  }
}
