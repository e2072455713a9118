// Selection by index.
extension LabeledArray {
  /// A part of the array, by indices; axes that are not named are taken whole.
  public func isel(_ slices: KeyValuePairs<Axis, AxisSlice>) throws -> LabeledArray {
    try isel(slices.map { (axis: $0.key, slice: $0.value) })
  }

  /// The array at one index of an axis, which the result does not have.
  public func isel(_ axis: Axis, _ index: Int) throws -> LabeledArray {
    try isel([(axis, .index(index))])
  }

  /// A range of an axis, or every so many elements of it.
  public func isel(_ axis: Axis, _ range: some AxisRange, by step: Int = 1) throws -> LabeledArray {
    try isel([(axis, .range(range, by: step))])
  }

  /// A part of the array, by indices; axes that are not named are taken whole.
  public func isel(_ slices: [(axis: Axis, slice: AxisSlice)]) throws -> LabeledArray {
    let resolved = try sizes.resolve(slices)
    var coordinates: [Axis: Coordinate] = [:]
    var scalars = scalars
    for (element, slice) in zip(sizes, resolved) {
      guard let coordinate = self.coordinates[element.axis] else { continue }
      if slice.keepsAxis {
        coordinates[element.axis] = coordinate.sliced(slice)
      } else {
        scalars[element.axis] = coordinate.sliced(slice)
      }
    }
    return LabeledArray(
      unchecked: try values.slicing(slices), coordinates, scalars, attributes)
  }

  /// Some elements along an axis, in the given order.
  public func isel(_ axis: Axis, indices: [Int]) throws -> LabeledArray {
    let name = sizes[try sizes.place(of: axis)].axis
    let taken = try values.taking(indices, along: axis)
    var coordinates = coordinates
    coordinates[name] = coordinates[name]?.taking(indices)
    return LabeledArray(unchecked: taken, coordinates, scalars, attributes)
  }
}

// Selection by label.
extension LabeledArray {
  /// The array at the element of that name, such as a channel; the result does not have the axis.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a name that is not there, or there twice; it
  ///   names those that are.
  public func sel(_ axis: Axis, _ label: String) throws -> LabeledArray {
    try isel(axis, try index(of: label, along: axis))
  }

  /// The elements of those names, in that order; the axis stays.
  public func sel(_ axis: Axis, _ labels: [String]) throws -> LabeledArray {
    try isel(axis, indices: try labels.map { try index(of: $0, along: axis) })
  }

  /// The array at the element of exactly that value; the result does not have the axis.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a value that is not there; it names the nearest.
  public func sel(_ axis: Axis, _ value: Double) throws -> LabeledArray {
    let (numbers, unit) = try numbers(axis)
    guard let index = numbers.firstIndex(of: value) else {
      let nearest = Self.nearest(value, in: numbers).map {
        " The nearest is \(numbers[$0])\(unit)."
      }
      throw ND2Error.invalidRequest(
        "axis \(axis) has no element at \(value)\(unit).\(nearest ?? "")")
    }
    return try isel(axis, index)
  }

  /// The array at the element whose value is nearest; the result does not have the axis.
  ///
  /// - Parameters:
  ///   - axis: an axis with values.
  ///   - value: the value to look for, in the unit of the axis.
  ///   - tolerance: how far it may be away.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when nothing is that near.
  public func sel(
    _ axis: Axis, nearest value: Double, tolerance: Double = .infinity
  ) throws -> LabeledArray {
    let (numbers, unit) = try numbers(axis)
    guard let index = Self.nearest(value, in: numbers) else {
      throw ND2Error.invalidRequest("axis \(axis) has no element near \(value)\(unit)")
    }
    guard abs(numbers[index] - value) <= tolerance else {
      throw ND2Error.invalidRequest(
        "axis \(axis) has no element within \(tolerance)\(unit) of \(value)\(unit): the nearest is "
          + "\(numbers[index])\(unit)")
    }
    return try isel(axis, index)
  }

  /// The elements whose values lie in a range, both ends included; the axis stays.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there is none; it names the values that there are.
  public func sel(_ axis: Axis, _ range: ClosedRange<Double>) throws -> LabeledArray {
    let (numbers, unit) = try numbers(axis)
    let indices = numbers.indices.filter { range.contains(numbers[$0]) }
    guard let first = indices.first, let last = indices.last else {
      let extent = numbers.min().flatMap { low in numbers.max().map { "\(low) to \($0)\(unit)" } }
      throw ND2Error.invalidRequest(
        "axis \(axis) has no element from \(range.lowerBound) to \(range.upperBound)\(unit): "
          + "its values go from \(extent ?? "nowhere")")
    }
    if last - first + 1 == indices.count { return try isel(axis, first...last) }
    return try isel(axis, indices: indices)
  }

  private func index(of label: String, along axis: Axis) throws -> Int {
    guard let labels = try coordinate(axis).labels else {
      throw ND2Error.invalidRequest("the elements along axis \(axis) have values, not names")
    }
    let found = labels.indices.filter { labels[$0] == label }
    if found.count == 1 { return found[0] }
    if found.count > 1 {
      throw ND2Error.invalidRequest(
        "axis \(axis) has '\(label)' several times, at "
          + found.map(String.init).joined(separator: ", ") + "; select by index")
    }
    let known = labels.prefix(20).joined(separator: ", ") + (labels.count > 20 ? ", …" : "")
    throw ND2Error.invalidRequest("axis \(axis) has no '\(label)', but \(known)")
  }

  private func numbers(_ axis: Axis) throws -> (values: [Double], unit: String) {
    let coordinate = try coordinate(axis)
    guard let numbers = coordinate.numbers else {
      throw ND2Error.invalidRequest("the elements along axis \(axis) have names, not values")
    }
    return (numbers, coordinate.unit.isEmpty ? "" : " \(coordinate.unit)")
  }

  private static func nearest(_ value: Double, in numbers: [Double]) -> Int? {
    numbers.indices.filter { !numbers[$0].isNaN }
      .min { abs(numbers[$0] - value) < abs(numbers[$1] - value) }
      .flatMap { value.isNaN ? nil : $0 }
  }
}

extension ArithmeticArray {
  /// Some elements along an axis, in the given order; the axis stays.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an index outside the axis, or no index.
  public func taking(_ indices: [Int], along axis: Axis) throws -> Self {
    guard let first = indices.first else {
      throw ND2Error.invalidRequest("no index along axis \(axis) is given")
    }
    // Evenly spaced elements are a view.
    let step = indices.count > 1 ? indices[1] - first : 1
    let isEven = zip(indices, indices.dropFirst()).allSatisfy { $1 - $0 == step } && step != 0
    if isEven, indices.min() ?? 0 >= 0, let last = indices.last {
      let range = Swift.min(first, last)..<(Swift.max(first, last) + 1)
      return try slicing([(axis, .range(range, by: step))])
    }
    let parts = try indices.map { index -> Self in
      try slicing([(axis, .index(index))]).inserting(
        sizes[try sizes.place(of: axis)].axis, at: try sizes.place(of: axis))
    }
    return try Self.concatenated(parts, along: axis)
  }
}
