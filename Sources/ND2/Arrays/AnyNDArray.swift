import ND2Format

/// A dense, row-major array whose number type is known at run time.
///
/// The result of reading pixels. Copies share memory. Use ``as(_:)`` for typed access.
public struct AnyNDArray: Sendable {
  /// The axes with their sizes, outermost first.
  public let sizes: AxisSizes
  /// The number type of the elements.
  public let sampleType: SampleType
  let storage: ArrayStorage

  init(sizes: AxisSizes, sampleType: SampleType, storage: ArrayStorage) {
    self.sizes = sizes
    self.sampleType = sampleType
    self.storage = storage
  }

  /// Creates an array of zeros.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public init(zeros sizes: AxisSizes, sampleType: SampleType) throws {
    guard let count = Checked.product(sizes.shape + [sampleType.byteCount]) else {
      throw ND2Error(.limitExceeded, "an array of \(sizes) does not fit into memory")
    }
    self.init(sizes: sizes, sampleType: sampleType, storage: try ArrayStorage(byteCount: count))
  }

  /// Number of elements along each axis, outermost first.
  public var shape: [Int] { sizes.shape }
  /// Number of elements.
  public var count: Int { byteCount / sampleType.byteCount }
  /// Size of the elements in bytes.
  public var byteCount: Int { storage.bytes.count }

  /// Calls `body` with the elements' bytes: little-endian, row-major.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.bytes)) }
  }

  /// The same elements with their number type, without copying; nil for another type.
  public func `as`<Scalar: PixelScalar>(_ type: Scalar.Type = Scalar.self) -> NDArray<Scalar>? {
    guard Scalar.sampleType == sampleType else { return nil }
    return NDArray(sizes: sizes, storage: storage)
  }

  /// The element at an index for each axis, as a double.
  public subscript(indices: Int...) -> Double {
    switch sampleType {
    case .uint8: value(UInt8.self, indices) { Double($0) }
    case .uint16: value(UInt16.self, indices) { Double($0) }
    case .uint32: value(UInt32.self, indices) { Double($0) }
    case .int8: value(Int8.self, indices) { Double($0) }
    case .int16: value(Int16.self, indices) { Double($0) }
    case .int32: value(Int32.self, indices) { Double($0) }
    case .float32: value(Float.self, indices) { Double($0) }
    case .float64: value(Double.self, indices) { $0 }
    }
  }

  private func value<T: PixelScalar>(
    _ type: T.Type, _ indices: [Int], _ convert: (T) -> Double
  ) -> Double {
    convert(NDArray<T>(sizes: sizes, storage: storage)[indices])
  }
}

extension AnyNDArray: Equatable {
  /// Whether axes, number type and all bytes are equal.
  public static func == (a: AnyNDArray, b: AnyNDArray) -> Bool {
    a.sizes == b.sizes && a.sampleType == b.sampleType
      && a.withUnsafeBytes { left in b.withUnsafeBytes { left.elementsEqual($0) } }
  }
}

extension AnyNDArray: CustomStringConvertible {
  /// Axes, number type and size.
  public var description: String {
    "\(sampleType) array, \(sizes.isEmpty ? "1 pixel" : "\(sizes)")"
  }
}
