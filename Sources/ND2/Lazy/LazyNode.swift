/// A step of a deferred computation. Nodes never change; arrays share them.
final class LazyNode: Sendable {
  /// What the node does with the nodes beneath it.
  enum Operation: Sendable {
    case source(any LazySource)
    case array(AnyNDArray)
    case view(LazyNode, LazyView)
    case cast(LazyNode, CastRule)
    case number(LazyNode, ArithmeticOperation, Double, isLeft: Bool)
    case pair(LazyNode, LazyNode, ArithmeticOperation)
    /// The axes at those places of the node beneath go.
    case reduce(LazyNode, Reduction, places: [Int])
    /// One behind the other along the axis at that place; `starts` has one more than there are.
    case concatenate([LazyNode], place: Int, starts: [Int])
    case map(LazyNode, @Sendable (AnyNDArray) throws -> AnyNDArray)
  }

  let operation: Operation
  let sizes: AxisSizes
  let sampleType: SampleType
  /// Size of the blocks that the array is handed out in.
  let chunkShape: [Int]
  /// Whether reading small parts costs no more than their bytes.
  let isDivisible: Bool
  /// The most reads that a source beneath wants at a time; nil for one a core.
  let concurrency: Int?
  /// The sources beneath.
  let sources: Set<LazySourceIdentity>
  /// Whether there is a projection here or beneath.
  let hasProjection: Bool
  /// Number of nodes from here down, at most.
  let depth: Int

  /// Whether it costs something to have elements twice.
  let isCostly: Bool

  init(
    _ operation: Operation, sizes: AxisSizes, sampleType: SampleType, chunkShape: [Int]
  ) {
    self.operation = operation
    self.sizes = sizes
    self.sampleType = sampleType
    self.chunkShape = zip(chunkShape, sizes).map { min(max(1, $0), max(1, $1.count)) }
    let children = operation.children
    switch operation {
    case .source(let source):
      isDivisible = source.isDivisible
      concurrency = source.concurrency
      sources = [source.identity]
    default:
      isDivisible = children.allSatisfy(\.isDivisible)
      concurrency = children.compactMap(\.concurrency).max()
      sources =
        children.count == 1
        ? children[0].sources : children.reduce(into: []) { $0.formUnion($1.sources) }
    }
    isCostly = operation.isCostly || children.contains(where: \.isCostly)
    if case .reduce = operation {
      hasProjection = true
    } else {
      hasProjection = children.contains(where: \.hasProjection)
    }
    depth = 1 + (children.map(\.depth).max() ?? 0)
  }

  /// Most nodes on top of each other.
  static let mostDepth = 1000

  /// A node above others.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded`` when there are too many nodes on top of each other.
  static func checked(
    _ operation: Operation, sizes: AxisSizes, sampleType: SampleType, chunkShape: [Int]
  ) throws -> LazyNode {
    let node = LazyNode(
      operation, sizes: sizes, sampleType: sampleType, chunkShape: chunkShape)
    guard node.depth <= mostDepth else {
      throw ND2Error(
        .limitExceeded,
        "a lazy array cannot have more than \(mostDepth) operations on top of each other: compute a "
          + "part of them first")
    }
    return node
  }

  /// The same elements in other blocks.
  func rechunked(_ chunkShape: [Int]) -> LazyNode {
    LazyNode(operation, sizes: sizes, sampleType: sampleType, chunkShape: chunkShape)
  }
}

extension LazyNode.Operation {
  /// The nodes beneath.
  var children: [LazyNode] {
    switch self {
    case .source, .array: []
    case .view(let child, _), .cast(let child, _), .number(let child, _, _, _),
      .reduce(let child, _, _), .map(let child, _):
      [child]
    case .pair(let left, let right, _): [left, right]
    case .concatenate(let children, _, _): children
    }
  }
}

extension LazyNode.Operation {
  fileprivate var isCostly: Bool {
    switch self {
    case .source, .reduce, .map: true
    default: false
    }
  }
}

// Which part of a child a part of the node needs.
extension LazyNode {
  /// The part of an operand of arithmetic, whose axes are matched by name.
  func region(of operand: LazyNode, for region: LazyRegion) -> LazyRegion {
    LazyRegion(
      operand.sizes.map { element in
        sizes.index(of: element.axis).map { region.slices[$0] } ?? .all(element.count)
      })
  }

  /// The parts of nodes that are put one behind the other, and where each begins in the part.
  static func split(
    _ region: LazyRegion, place: Int, starts: [Int]
  ) -> [(child: Int, region: LazyRegion, start: Int)] {
    let slice = region.slices[place]
    var parts: [(child: Int, region: LazyRegion, start: Int)] = []
    var taken = 0
    var child = slice.step > 0 ? 0 : starts.count - 2
    while taken < slice.count, child >= 0, child < starts.count - 1 {
      let first = slice.start + taken * slice.step
      let bounds = starts[child]..<starts[child + 1]
      if bounds.contains(first) {
        let room =
          slice.step > 0 ? bounds.upperBound - 1 - first : first - bounds.lowerBound
        let count = min(slice.count - taken, room / abs(slice.step) + 1)
        var part = region
        part.slices[place] = ResolvedSlice(
          start: first - bounds.lowerBound, count: count, step: slice.step, keepsAxis: true)
        parts.append((child, part, taken))
        taken += count
      }
      child += slice.step > 0 ? 1 : -1
    }
    return parts
  }

  /// All of the node beneath along the axes that go, and of the others what is wanted.
  static func region(
    beneath child: LazyNode, reducing places: [Int], for region: LazyRegion
  ) -> LazyRegion {
    var kept = region.slices.makeIterator()
    return LazyRegion(
      child.sizes.enumerated().map { place, element in
        places.contains(place) ? .all(element.count) : kept.next() ?? .all(element.count)
      })
  }
}
