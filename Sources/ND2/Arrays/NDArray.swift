import ND2Format

/// An array in memory of one number type.
///
/// Elements are in row-major order; slices and transposed arrays are views that share them. Arrays
/// are values: writing to one never changes another.
///
/// ```swift
/// if let pixels = try file.read().as(UInt16.self) {
///   let brightest = try pixels[.channel, 0].max()
/// }
/// ```
public struct NDArray<Scalar: PixelScalar>: AxisArray {
  private(set) var layout: StridedLayout
  private(set) var storage: ArrayStorage

  init(layout: StridedLayout, storage: ArrayStorage) {
    self.layout = layout
    self.storage = storage
  }

  /// A dense array over storage of exactly its size.
  init(sizes: AxisSizes, storage: ArrayStorage) {
    self.init(layout: StridedLayout(dense: sizes), storage: storage)
  }

  /// Creates an array of zeros.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that comes twice or has a negative size,
  ///   ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public init(zeros sizes: AxisSizes) throws {
    let zeros = try AnyNDArray(zeros: sizes, sampleType: Scalar.sampleType)
    self.init(layout: zeros.layout, storage: zeros.storage)
  }

  /// Creates an array of elements in row-major order.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there are not as many as the sizes say.
  public init(_ elements: some Collection<Scalar>, sizes: AxisSizes) throws {
    let count = try sizes.checkedCount()
    guard elements.count == count else {
      throw ND2Error.invalidRequest("\(elements.count) elements for an array of \(sizes)")
    }
    try self.init(zeros: sizes)
    withUnsafeMutableElements { _ = $0.update(fromContentsOf: elements) }
  }

  /// Creates an array of elements in row-major order, whose axes have no names.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there are not as many as the shape says.
  public init(_ elements: some Collection<Scalar>, shape: [Int]) throws {
    try self.init(elements, sizes: AxisSizes(unnamed: shape))
  }

  /// The axes with their sizes, outermost first.
  public var sizes: AxisSizes { layout.sizes }
  /// The number type of the elements.
  public var sampleType: SampleType { Scalar.sampleType }
  /// Number of elements.
  public var count: Int { layout.count }
  /// Whether the elements lie one after the other in memory; views often do not.
  public var isContiguous: Bool { layout.isContiguous }

  /// The same elements with their number type told at run time, without copying.
  public var erased: AnyNDArray {
    AnyNDArray(layout: layout, sampleType: Scalar.sampleType, storage: storage)
  }

  /// The same elements one after the other; the array itself when they are.
  public func compacted() -> NDArray { NDArray(erased.compacted()) }

  /// The array of that type; the number types must agree.
  init(_ array: AnyNDArray) {
    assert(array.sampleType == Scalar.sampleType)
    self.init(layout: array.layout, storage: array.storage)
  }

  /// Calls `body` with all elements, row-major.
  ///
  /// The elements of a view that is not contiguous are copied for it.
  public func withUnsafeElements<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try erased.withUnsafeBytes { try body($0.bindMemory(to: Scalar.self)) }
  }

  /// Calls `body` with all elements, row-major, to be changed.
  ///
  /// Elements that other arrays share are copied first.
  public mutating func withUnsafeMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    let range = layout.offset..<(layout.offset + layout.count)
    let elements = storage.bytes.bindMemory(to: Scalar.self)
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(rebasing: elements[range]))
    }
  }

  /// All elements, row-major, as an array of their own.
  public var elements: [Scalar] { withUnsafeElements { Array($0) } }

  /// The element at an index for each axis.
  ///
  /// An index outside its axis is a programming error, as with `Array`.
  public subscript(indices: Int...) -> Scalar {
    get { self[indices] }
    set { self[indices] = newValue }
  }

  /// The element at an index for each axis.
  ///
  /// An index outside its axis is a programming error, as with `Array`.
  public subscript(indices: [Int]) -> Scalar {
    get {
      let position = checked(indices)
      return withExtendedLifetime(storage) {
        storage.bytes.load(
          fromByteOffset: position * MemoryLayout<Scalar>.stride, as: Scalar.self)
      }
    }
    set {
      makeUnique()
      let position = checked(indices)
      storage.bytes.storeBytes(
        of: newValue, toByteOffset: position * MemoryLayout<Scalar>.stride, as: Scalar.self)
    }
  }

  private func checked(_ indices: [Int]) -> Int {
    guard let position = layout.position(indices) else {
      preconditionFailure("\(indices) is outside \(sizes)")
    }
    return position
  }

  /// Gives the array elements of its own, one after the other.
  private mutating func makeUnique() {
    if !layout.isContiguous {
      self = compacted()
    } else if !isKnownUniquelyReferenced(&storage) {
      let copy = ArrayStorage(ofCopy: layout.count * MemoryLayout<Scalar>.stride)
      erased.withUnsafeBytes { copy.bytes.copyMemory(from: $0) }
      self = NDArray(sizes: sizes, storage: copy)
    }
  }
}

// Views.
extension NDArray {
  /// A part of the array as a view; axes that are not named are taken whole.
  public func slicing(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> NDArray {
    NDArray(try erased.slicing(slices))
  }

  /// A view with the axes in another order; all of them must be named.
  public func transposed(_ axes: [Axis]) throws -> NDArray { NDArray(try erased.transposed(axes)) }

  /// A view without those axes, each of which must have one element.
  public func squeezed(_ axes: [Axis]) throws -> NDArray { NDArray(try erased.squeezed(axes)) }

  /// A view with a further axis of one element at a place.
  public func inserting(_ axis: Axis, at place: Int) throws -> NDArray {
    NDArray(try erased.inserting(axis, at: place))
  }

  /// A view with other names of the axes, as many as there are.
  public func renamingAxes(_ axes: [Axis]) throws -> NDArray {
    NDArray(try erased.renamingAxes(axes))
  }

  /// The same elements, in row-major order, under other axes; a view where possible.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the new sizes have not as many elements.
  public func reshaped(to sizes: AxisSizes) throws -> NDArray {
    NDArray(try erased.reshaped(to: sizes))
  }

  /// The same elements, in row-major order, under axes without names; a view where possible.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the new shape has not as many elements.
  public func reshaped(to shape: [Int]) throws -> NDArray {
    NDArray(try erased.reshaped(to: shape))
  }
}

extension NDArray: Equatable {
  /// Whether axes and all elements are equal.
  public static func == (a: NDArray, b: NDArray) -> Bool {
    a.sizes == b.sizes
      && a.withUnsafeElements { left in b.withUnsafeElements { left.elementsEqual($0) } }
  }
}
