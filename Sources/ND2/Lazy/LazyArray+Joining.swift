import ND2Format

// Several arrays in one.
extension LazyArray {
  /// Puts arrays one behind the other along an axis that all of them have.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there is none, or when axes, number types or
  ///   sizes along other axes differ.
  public static func concatenated(
    _ arrays: [LazyArray], along axis: Axis
  ) throws -> LazyArray {
    guard let first = arrays.first else {
      throw ND2Error.invalidRequest("there is no array to concatenate")
    }
    if arrays.count == 1 { return first }
    let place = try first.sizes.place(of: axis)
    var starts = [0]
    for (number, array) in arrays.enumerated() {
      try check(array, number, like: first, except: place)
      guard let end = Checked.sum(starts[number], array.shape[place]) else {
        throw ND2Error(.limitExceeded, "axis \(axis) would have more elements than can be counted")
      }
      starts.append(end)
    }
    var elements = Array(first.sizes)
    elements[place].count = starts[arrays.count]
    let sizes = AxisSizes(elements)
    _ = try sizes.checkedCount()
    let filled = arrays.indices.filter { arrays[$0].shape[place] > 0 }
    return LazyArray(
      try .checked(
        .concatenate(
          filled.map { arrays[$0].node }, place: place,
          starts: filled.map { starts[$0] } + [starts[arrays.count]]),
        sizes: sizes, sampleType: first.sampleType, chunkShape: first.chunkShape))
  }

  private static func check(
    _ array: LazyArray, _ number: Int, like first: LazyArray, except place: Int
  ) throws {
    guard array.sizes.axes == first.sizes.axes else {
      throw ND2Error.invalidRequest(
        "array \(number) has the axes \(array.sizes), the first one \(first.sizes)")
    }
    guard array.sampleType == first.sampleType else {
      throw ND2Error.invalidRequest(
        "array \(number) is of type \(array.sampleType), the first one of \(first.sampleType): "
          + "cast one of them")
    }
    for (index, element) in array.sizes.enumerated() where index != place {
      guard element.count == first.shape[index] else {
        throw ND2Error.invalidRequest(
          "array \(number) has \(element.count) elements along axis \(element.axis), the first "
            + "one \(first.shape[index])")
      }
    }
  }
}

extension AnyNDArray {
  /// Puts arrays one behind the other along an axis that all of them have.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there is none, or when axes, number types or
  ///   sizes along other axes differ.
  public static func concatenated(
    _ arrays: [AnyNDArray], along axis: Axis
  ) throws -> AnyNDArray {
    try LazyArray.concatenated(try arrays.map { try LazyArray($0) }, along: axis).compute()
  }
}
