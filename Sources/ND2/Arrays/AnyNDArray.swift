import ND2Format

/// An array in memory whose number type is known at run time.
///
/// The result of reading pixels. Elements are in row-major order; slices and transposed arrays are
/// views that share them. Use ``as(_:)`` for typed access.
public struct AnyNDArray: AxisArray {
  /// The number type of the elements.
  public let sampleType: SampleType
  let layout: StridedLayout
  let storage: ArrayStorage

  init(layout: StridedLayout, sampleType: SampleType, storage: ArrayStorage) {
    self.layout = layout
    self.sampleType = sampleType
    self.storage = storage
  }

  /// A dense array over storage of exactly its size.
  init(sizes: AxisSizes, sampleType: SampleType, storage: ArrayStorage) {
    self.init(layout: StridedLayout(dense: sizes), sampleType: sampleType, storage: storage)
  }

  /// Creates an array of zeros.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that comes twice or has a negative size,
  ///   ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public init(zeros sizes: AxisSizes, sampleType: SampleType) throws {
    try self.init(sizes, sampleType, zeroed: true)
  }

  /// Creates an array whose elements hold anything until they are written.
  init(uninitialized sizes: AxisSizes, sampleType: SampleType) throws {
    try self.init(sizes, sampleType, zeroed: false)
  }

  private init(_ sizes: AxisSizes, _ sampleType: SampleType, zeroed: Bool) throws {
    guard let count = Checked.product(try sizes.checkedCount(), sampleType.byteCount) else {
      throw ND2Error(.limitExceeded, "an array of \(sizes) does not fit into memory")
    }
    self.init(
      sizes: sizes, sampleType: sampleType,
      storage: try ArrayStorage(byteCount: count, zeroed: zeroed))
  }

  /// The axes with their sizes, outermost first.
  public var sizes: AxisSizes { layout.sizes }
  /// Number of elements.
  public var count: Int { layout.count }
  /// Whether the elements lie one after the other in memory; views often do not.
  public var isContiguous: Bool { layout.isContiguous }

  /// Calls `body` with the elements' bytes: little-endian, row-major.
  ///
  /// The elements of a view that is not contiguous are copied for it.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    guard layout.isContiguous else { return try compacted().withUnsafeBytes(body) }
    let size = sampleType.byteCount
    let first = layout.offset * size
    return try withExtendedLifetime(storage) {
      try body(
        UnsafeRawBufferPointer(
          rebasing: storage.bytes[first..<(first + layout.count * size)]))
    }
  }

  /// The same elements one after the other; the array itself when they are.
  public func compacted() -> AnyNDArray { layout.isContiguous ? self : copied() }

  /// The same elements one after the other in memory of their own.
  func copied() -> AnyNDArray {
    let size = sampleType.byteCount
    let copy = ArrayStorage(ofCopy: layout.count * size)
    if let from = storage.bytes.baseAddress, let to = copy.bytes.baseAddress {
      withExtendedLifetime(storage) {
        StridedCopy.copy(layout, from: from, elementByteCount: size, to: to)
      }
    }
    return AnyNDArray(sizes: sizes, sampleType: sampleType, storage: copy)
  }

  /// The same elements with their number type, without copying; nil for another type.
  public func `as`<Scalar: PixelScalar>(_ type: Scalar.Type = Scalar.self) -> NDArray<Scalar>? {
    guard Scalar.sampleType == sampleType else { return nil }
    return NDArray(layout: layout, storage: storage)
  }

  /// The element at an index for each axis, as a double.
  ///
  /// An index outside its axis is a programming error, as with `Array`.
  public subscript(indices: Int...) -> Double {
    guard let position = layout.position(indices) else {
      preconditionFailure("\(indices) is outside \(sizes)")
    }
    return value(at: position)
  }

  /// The only element of an array of one element, as a double; nil for other arrays.
  public var scalar: Double? { layout.count == 1 ? value(at: layout.offset) : nil }

  /// The element at a place of the storage.
  func value(at position: Int) -> Double {
    func load<T: BitwiseCopyable>(_: T.Type) -> T {
      withExtendedLifetime(storage) {
        storage.bytes.load(fromByteOffset: position * MemoryLayout<T>.size, as: T.self)
      }
    }
    return switch sampleType {
    case .uint8: Double(load(UInt8.self))
    case .uint16: Double(load(UInt16.self))
    case .uint32: Double(load(UInt32.self))
    case .int8: Double(load(Int8.self))
    case .int16: Double(load(Int16.self))
    case .int32: Double(load(Int32.self))
    case .float32: Double(load(Float.self))
    case .float64: load(Double.self)
    }
  }
}

// Views.
extension AnyNDArray {
  private func with(_ layout: StridedLayout) -> AnyNDArray {
    AnyNDArray(layout: layout, sampleType: sampleType, storage: storage)
  }

  /// A part of the array as a view; axes that are not named are taken whole.
  public func slicing(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> AnyNDArray {
    with(layout.sliced(try sizes.resolve(slices)))
  }

  /// A view with the axes in another order; all of them must be named.
  public func transposed(_ axes: [Axis]) throws -> AnyNDArray {
    with(layout.permuted(try sizes.permutation(axes)))
  }

  /// A view without those axes, each of which must have one element.
  public func squeezed(_ axes: [Axis]) throws -> AnyNDArray {
    with(layout.dropping(try sizes.squeezable(axes)))
  }

  /// A view with a further axis of one element at a place.
  public func inserting(_ axis: Axis, at place: Int) throws -> AnyNDArray {
    try sizes.check(inserting: axis, at: place)
    return with(layout.inserting(axis, at: place))
  }

  /// A view with other names of the axes, as many as there are.
  public func renamingAxes(_ axes: [Axis]) throws -> AnyNDArray {
    try sizes.check(names: axes)
    return with(layout.renamed(axes))
  }

  /// The same elements, in row-major order, under other axes; a view where possible.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the new sizes have not as many elements.
  public func reshaped(to sizes: AxisSizes) throws -> AnyNDArray {
    let count = try sizes.checkedCount()
    guard count == layout.count else {
      throw ND2Error.invalidRequest(
        "\(layout.count) elements (\(self.sizes)) cannot become \(count) (\(sizes))")
    }
    let dense = compacted()
    let new = StridedLayout(dense: sizes)
    return dense.with(
      StridedLayout(sizes: sizes, strides: new.strides, offset: dense.layout.offset))
  }

  /// The same elements, in row-major order, under axes without names; a view where possible.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the new shape has not as many elements.
  public func reshaped(to shape: [Int]) throws -> AnyNDArray {
    try reshaped(to: AxisSizes(unnamed: shape))
  }
}

extension AnyNDArray: Equatable {
  /// Whether axes, number type and all bytes are equal.
  public static func == (a: AnyNDArray, b: AnyNDArray) -> Bool {
    a.sizes == b.sizes && a.sampleType == b.sampleType
      && a.withUnsafeBytes { left in b.withUnsafeBytes { left.hasSameBytes(as: $0) } }
  }
}
