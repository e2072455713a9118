/// Decides in which parts a deferred computation is done: parts small enough to stay in the
/// processor's cache where the file allows it, never more of them in memory than the limit.
struct BlockPlanner: Sendable {
  /// Bytes that a step of the work reads at best: they are still in the cache when they are used.
  static let stepByteCount = 1 << 20

  let graph: LazyGraph
  /// Most bytes that one thread may have in memory.
  let memoryPerThread: Int
  let threadCount: Int

  /// Shape of the blocks of the root; nil when what it repeats must be computed beforehand.
  func blockShape() -> [Int]? {
    let root = graph.root
    let pins = graph.pinnedAxes
    let free = root.sizes.indices.filter { !pins[$0] }
    var shape = zip(root.chunkShape, root.sizes).enumerated().map { place, item in
      pins[place] ? item.1.count : item.0
    }
    let inner = BlockShape(
      sizes: root.sizes,
      divisible: root.isDivisible ? free : free.filter { !root.sizes[$0].axis.isInFrame })
    // What must be there as a whole does not fit into the cache: its planes shall, one by one.
    shape = inner.shrunk(shape, to: Self.stepByteCount) { shape in
      stepByteCount(root, shape.enumerated().map { pins[$0.offset] ? 1 : $0.element })
    }
    shape = inner.shrunk(shape, to: memoryPerThread) { heldByteCount($0) }
    if heldByteCount(shape) > memoryPerThread {
      // Frames that cannot be read in parts: several of them may have to be there at a time.
      if !pins.contains(true) { return shape }
      return nil
    }
    return grown(shape, inner)
  }

  /// Shape of the blocks when nothing is pinned.
  func unpinnedShape() -> [Int] {
    let root = graph.root
    let all = Array(root.sizes.indices)
    let inner = BlockShape(
      sizes: root.sizes,
      divisible: root.isDivisible ? all : all.filter { !root.sizes[$0].axis.isInFrame })
    var shape = inner.shrunk(root.chunkShape, to: Self.stepByteCount) { stepByteCount(root, $0) }
    shape = inner.shrunk(shape, to: memoryPerThread) { heldByteCount($0) }
    return grown(shape, inner)
  }

  /// How many threads are of use: as many as wanted, but where that is for the sake of a file far
  /// away, whose frames are read whole, no more than the memory has room for such steps.
  static func threadCount(_ graph: LazyGraph, wanted: Int, memoryByteCount: Int) -> Int {
    guard graph.root.concurrency != nil, !graph.root.isDivisible else { return wanted }
    let planner = BlockPlanner(graph: graph, memoryPerThread: memoryByteCount, threadCount: wanted)
    let step = planner.stepByteCount(graph.root, graph.root.chunkShape)
    return min(wanted, max(2, WorkerTeam.coreCount, memoryByteCount / max(1, step)))
  }

  private func grown(_ shape: [Int], _ inner: BlockShape) -> [Int] {
    // Requests of a source far away are best made frame by frame, many at a time.
    guard graph.root.concurrency == nil || graph.root.isDivisible else { return shape }
    return inner.grown(shape, to: Self.stepByteCount) {
      max(stepByteCount(graph.root, $0), outputByteCount($0))
    } isAllowed: {
      BlockShape.count($0, of: graph.root.sizes) >= 4 * threadCount
        && heldByteCount($0) <= memoryPerThread
    }
  }

  /// Shape of the pieces in which a part of a node is taken to be reduced along some axes.
  func stepShape(_ child: LazyNode, reducing places: [Int], _ whole: LazyRegion) -> [Int] {
    var shape = whole.shape
    for place in places { shape[place] = min(shape[place], child.chunkShape[place]) }
    let sizes = whole.sizes(child.sizes)
    let steps = BlockShape(
      sizes: sizes,
      divisible: child.isDivisible
        ? places : places.filter { !child.sizes[$0].axis.isInFrame })
    shape = steps.shrunk(shape, to: Self.stepByteCount) { stepByteCount(child, $0) }
    if child.concurrency != nil, !child.isDivisible { return shape }
    return steps.grown(shape, to: Self.stepByteCount) {
      stepByteCount(child, $0)
    } isAllowed: { _ in
      true
    }
  }

  /// Bytes that one step for a part of that shape takes from sources and makes of them.
  private func stepByteCount(_ node: LazyNode, _ shape: [Int]) -> Int {
    var known: [Visit: Int] = [:]
    return stepByteCount(node, LazyRegion(shape.map { 0..<$0 }), &known)
  }

  private func stepByteCount(
    _ node: LazyNode, _ region: LazyRegion, _ known: inout [Visit: Int]
  ) -> Int {
    let visit = Visit(node: ObjectIdentifier(node), region: region)
    if let count = known[visit] { return count }
    let count = countStep(node, region, &known)
    known[visit] = count
    return count
  }

  private func countStep(
    _ node: LazyNode, _ region: LazyRegion, _ known: inout [Visit: Int]
  ) -> Int {
    switch node.operation {
    case .source, .array: return byteCount(region, node.sampleType)
    case .reduce(let child, _, let places):
      // The smallest step: single blocks of what is reduced.
      var beneath = LazyNode.region(beneath: child, reducing: places, for: region)
      for place in places {
        let isCut = child.isDivisible || !child.sizes[place].axis.isInFrame
        beneath.slices[place].count =
          isCut ? 1 : min(beneath.slices[place].count, child.chunkShape[place])
      }
      return stepByteCount(child, beneath, &known)
    default:
      // What arithmetic makes shall stay in the cache as well.
      let isView = if case .view = node.operation { true } else { false }
      return node.needs(region).reduce(isView ? 0 : byteCount(region, node.sampleType)) {
        adding($0, stepByteCount($1.0, $1.1, &known))
      }
    }
  }

  /// Bytes that a block of the root holds at a time: its elements, what is read for them, and what
  /// is kept because it is needed again.
  private func heldByteCount(_ shape: [Int]) -> Int {
    let region = LazyRegion(shape.map { 0..<$0 })
    var held = adding(outputByteCount(shape), stepByteCount(graph.root, shape))
    if !graph.sharedSources.isEmpty { held = adding(held, sharedByteCount(graph.root, region)) }
    return held
  }

  private func outputByteCount(_ shape: [Int]) -> Int {
    // Arithmetic makes doubles of what it takes.
    byteCount(LazyRegion(shape.map { 0..<$0 }), .float64)
  }

  /// Bytes of all elements of shared sources that a part needs, the same ones counted once.
  private func sharedByteCount(_ root: LazyNode, _ region: LazyRegion) -> Int {
    var boxes: [LazySourceIdentity: (box: [Range<Int>], type: SampleType)] = [:]
    var seen: Set<Visit> = []
    func visit(_ node: LazyNode, _ region: LazyRegion) {
      guard seen.insert(Visit(node: ObjectIdentifier(node), region: region)).inserted else {
        return
      }
      if case .source(let source) = node.operation {
        guard graph.sharedSources[source.identity] != nil else { return }
        let box = region.box
        let old = boxes[source.identity]?.box ?? box
        boxes[source.identity] = (
          zip(old, box).map {
            min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
          }, node.sampleType
        )
        return
      }
      for (child, part) in node.needs(region) { visit(child, part) }
    }
    visit(root, region)
    return boxes.values.reduce(0) { adding($0, byteCount(LazyRegion($1.box), $1.type)) }
  }

  private struct Visit: Hashable {
    var node: ObjectIdentifier
    var region: LazyRegion
  }

  private func byteCount(_ region: LazyRegion, _ type: SampleType) -> Int {
    let (count, overflow) = region.count.multipliedReportingOverflow(by: type.byteCount)
    return overflow ? .max : count
  }

  private func adding(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
