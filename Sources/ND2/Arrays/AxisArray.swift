/// An array whose axes have names: dense in memory or lazy.
///
/// Views that these functions give share the elements of the array; nothing is copied or read.
/// Arguments that do not fit throw ``ND2Error/Code/invalidRequest``, which names the axis, what was
/// asked and what there is.
public protocol AxisArray: Sendable {
  /// The axes with their sizes, outermost first.
  var sizes: AxisSizes { get }

  /// The number type of the elements.
  var sampleType: SampleType { get }

  /// A part of the array; axes that are not named are taken whole.
  func slicing(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> Self

  /// The array with its axes in another order; all of them must be named.
  func transposed(_ axes: [Axis]) throws -> Self

  /// The array without those axes, each of which must have one element.
  func squeezed(_ axes: [Axis]) throws -> Self

  /// The array with a further axis of one element.
  ///
  /// - Parameter place: the place that the axis has then, 0 being the outermost.
  func inserting(_ axis: Axis, at place: Int) throws -> Self

  /// The array with other names of its axes, as many as it has.
  func renamingAxes(_ axes: [Axis]) throws -> Self
}

extension AxisArray {
  /// The numbers of elements along the axes, outermost first.
  public var shape: [Int] { sizes.shape }

  /// Number of axes.
  public var dimensionCount: Int { sizes.count }

  /// Number of elements.
  public var count: Int { sizes.elementCount }

  /// Size of the elements in bytes.
  public var byteCount: Int { count * sampleType.byteCount }

  /// A part of the array; axes that are not named are taken whole.
  ///
  /// ```swift
  /// let box = try array.slicing([.time: 0, .y: .range(100..<200), .x: .range(100..<200)])
  /// ```
  public func slicing(_ slices: KeyValuePairs<Axis, AxisSlice>) throws -> Self {
    try slicing(slices.map { (axis: $0.key, slice: $0.value) })
  }

  /// The array at one index of an axis, which the result does not have.
  public subscript(axis: Axis, index: Int) -> Self {
    get throws { try slicing([(axis, .index(index))]) }
  }

  /// A range of an axis.
  public subscript(axis: Axis, range: some AxisRange) -> Self {
    get throws { try slicing([(axis, .range(range))]) }
  }

  /// Every so many elements of a range of an axis; backwards with a negative step.
  public subscript(axis: Axis, range: some AxisRange, by step: Int) -> Self {
    get throws { try slicing([(axis, .range(range, by: step))]) }
  }

  /// The array at one index of the axis at a place, which the result does not have.
  public subscript(axis place: Int, index: Int) -> Self {
    get throws { try slicing([(.number(place), .index(index))]) }
  }

  /// A range of the axis at a place.
  public subscript(axis place: Int, range: some AxisRange) -> Self {
    get throws { try slicing([(.number(place), .range(range))]) }
  }

  /// Every so many elements of a range of the axis at a place; backwards with a negative step.
  public subscript(axis place: Int, range: some AxisRange, by step: Int) -> Self {
    get throws { try slicing([(.number(place), .range(range, by: step))]) }
  }

  /// The array with its axes in another order; all of them must be named.
  public func transposed(_ axes: Axis...) throws -> Self {
    try transposed(axes.isEmpty ? sizes.axes.reversed() : axes)
  }

  /// The array with one of its axes at another place, the others keeping their order.
  public func moving(_ axis: Axis, to place: Int) throws -> Self {
    let from = try sizes.place(of: axis)
    try sizes.check(place: place, below: sizes.count)
    var axes = sizes.axes
    axes.insert(axes.remove(at: from), at: place)
    return try transposed(axes)
  }

  /// The array without its axes of one element.
  public func squeezed() throws -> Self {
    try squeezed(sizes.filter { $0.count == 1 }.map(\.axis))
  }

  /// The array without those axes, each of which must have one element.
  public func squeezed(_ axes: Axis...) throws -> Self { try squeezed(axes) }

  /// The array with another name for one of its axes.
  public func renaming(_ axis: Axis, to name: Axis) throws -> Self {
    let place = try sizes.place(of: axis)
    var axes = sizes.axes
    axes[place] = name
    return try renamingAxes(axes)
  }
}

extension AxisSizes {
  /// The places of the axes in another order.
  func permutation(_ axes: [Axis]) throws -> [Int] {
    let places = try places(of: axes)
    guard places.count == count else {
      let missing = indices.filter { !places.contains($0) }.map { self[$0].axis.rawValue }
      throw ND2Error.invalidRequest(
        "the new order must name every axis; \(missing.joined(separator: ", ")) "
          + (missing.count == 1 ? "is missing" : "are missing"))
    }
    return places
  }

  /// The places of axes that have one element each.
  func squeezable(_ axes: [Axis]) throws -> [Int] {
    let places = try places(of: axes)
    for place in places where self[place].count != 1 {
      throw ND2Error.invalidRequest(
        "the axis \(self[place].axis) has \(self[place].count) elements and cannot be squeezed")
    }
    return places
  }

  /// Checks that an axis may be inserted.
  func check(inserting axis: Axis, at place: Int) throws {
    try check(place: place, below: count + 1)
    if axis.number == nil, index(of: axis) != nil {
      throw ND2Error.invalidRequest("the array has an axis \(axis) already")
    }
  }

  func check(place: Int, below end: Int) throws {
    guard place >= 0, place < end else {
      throw ND2Error.invalidRequest("the place \(place) is outside 0..<\(end)")
    }
  }

  /// Checks names that shall replace those of the axes.
  func check(names: [Axis]) throws {
    guard names.count == count else {
      throw ND2Error.invalidRequest("\(names.count) names for an array of \(count) axes")
    }
    let renamed = AxisSizes(zip(names, self).map { Element($0, $1.count) })
    _ = try renamed.checkedCount()
  }
}
