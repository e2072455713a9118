/// Memory of a result whose axes lie in another order in memory than the array tells.
///
/// Results keep the order in which their operands lie in memory, so that both are passed straight
/// through; for dense operands that is row-major.
struct ResultArray: Sendable {
  /// The result.
  let array: AnyNDArray
  /// Places of its axes, outermost in memory first.
  let order: [Int]

  /// Takes memory, which may hold anything.
  ///
  /// - Parameter strides: of an operand, a distance for each axis.
  /// - Throws: ``ND2Error/Code/limitExceeded`` when it cannot be had.
  init(_ sizes: AxisSizes, _ type: SampleType, like strides: [Int]) throws {
    let dense = try AnyNDArray(uninitialized: sizes, sampleType: type)
    // Axes that the operand does not have, or that have one element, go inside, as they are.
    let fixed = sizes.indices.filter { strides[$0] == 0 || sizes[$0].count == 1 }
    let moving = sizes.indices.filter { strides[$0] != 0 && sizes[$0].count != 1 }
    order =
      moving.ordered { (abs(strides[$0]), $1) > (abs(strides[$1]), $0) } + fixed
    var own = [Int](repeating: 1, count: sizes.count)
    var distance = 1
    for place in order.reversed() {
      own[place] = distance
      distance &*= sizes[place].count
    }
    array = AnyNDArray(
      layout: StridedLayout(sizes: sizes, strides: own, offset: 0), sampleType: type,
      storage: dense.storage)
  }

  /// The sizes of the axes, outermost in memory first.
  var shape: [Int] { order.map { array.sizes[$0].count } }
}
