/// Works out blocks of a deferred computation on one thread.
///
/// First the projections that a block needs are made, step by step along the axes that go; all that
/// do not need each other advance side by side, so that what they read in common is read once. Then
/// the block itself is computed.
struct BlockEvaluator {
  /// A part of a node.
  struct Key: Hashable, Sendable {
    var node: ObjectIdentifier
    var region: LazyRegion

    init(_ node: LazyNode, _ region: LazyRegion) {
      self.node = ObjectIdentifier(node)
      self.region = region
    }
  }

  /// A projection that a block needs.
  struct Projection: Sendable {
    var key: Key
    var child: LazyNode
    var reduction: Reduction
    /// The axes of the result, with the sizes that they have in the block.
    var kept: AxisSizes
    /// The places of these axes in the child.
    var places: [Int]
    /// The parts of the child that are taken one after the other.
    var steps: StepGrid

    func accumulator() throws -> ReductionAccumulator {
      try ReductionAccumulator(reduction, of: child.sampleType, kept: kept)
    }
  }

  let computation: LazyComputation
  private var reader = SourceReader()
  /// Finished projections of the block.
  private var projected: [Key: AnyNDArray] = [:]
  /// What several nodes need of the step at hand.
  private var known: [Key: AnyNDArray] = [:]
  private var stepShapes: [StepKey: [Int]] = [:]

  private struct StepKey: Hashable {
    var node: ObjectIdentifier
    var shape: [Int]
  }

  init(_ computation: LazyComputation) { self.computation = computation }

  /// Computes a part of the root.
  mutating func block(_ region: LazyRegion) throws -> AnyNDArray {
    projected = [:]
    for level in projections(for: region) {
      let accumulators = try level.map { try $0.accumulator() }
      let count = level.map(\.steps.count).max() ?? 0
      for step in 0..<count {
        try computation.checkCancellation()
        try add(step, of: level, to: accumulators)
      }
      try finish(level, accumulators)
    }
    return try whole(region)
  }

  /// Computes a part of the root whose projections are finished.
  mutating func whole(_ region: LazyRegion) throws -> AnyNDArray {
    known = [:]
    defer {
      known = [:]
      projected = [:]
    }
    return try evaluate(computation.root, region)
  }

  /// Adds one step of each projection to its accumulator.
  mutating func add(
    _ step: Int, of level: [Projection], to accumulators: [ReductionAccumulator]
  ) throws {
    known = [:]
    for (projection, accumulator) in zip(level, accumulators) where step < projection.steps.count {
      accumulator.add(
        try evaluate(projection.child, projection.steps.region(step)),
        keeping: projection.places)
    }
    known = [:]
  }

  /// Evaluates one step of each projection, for accumulators that others hold.
  mutating func pieces(_ step: Int, of level: [Projection]) throws -> [AnyNDArray?] {
    known = [:]
    defer { known = [:] }
    return try level.map { projection in
      step < projection.steps.count
        ? try evaluate(projection.child, projection.steps.region(step)) : nil
    }
  }

  /// Keeps the results of projections for the levels above.
  mutating func finish(
    _ level: [Projection], _ accumulators: [ReductionAccumulator]
  ) throws {
    for (projection, accumulator) in zip(level, accumulators) {
      projected[projection.key] = try accumulator.finish()
    }
  }

  /// Takes over the finished projections of another thread.
  mutating func adopt(_ other: SharedProjections) { projected = other.projected }

  /// What is finished, for other threads.
  var shared: SharedProjections { SharedProjections(projected: projected) }

  /// The projections that a part of the root needs, those first that others need.
  mutating func projections(for region: LazyRegion) -> [[Projection]] {
    guard computation.root.hasProjection else { return [] }
    var stepShapes = stepShapes
    defer { self.stepShapes = stepShapes }
    let computation = computation
    var levels: [[Projection]] = []
    var heights: [Key: Int] = [:]
    // The height of a part is the number of projections on top of each other beneath it.
    func visit(_ node: LazyNode, _ region: LazyRegion) -> Int {
      guard node.hasProjection, computation.precomputed[ObjectIdentifier(node)] == nil else {
        return 0
      }
      let key = Key(node, region)
      if let height = heights[key] { return height }
      var height = 0
      if case .reduce(let child, let reduction, let places) = node.operation {
        let beneath = LazyNode.region(beneath: child, reducing: places, for: region)
        let stepKey = StepKey(node: key.node, shape: region.shape)
        let shape =
          stepShapes[stepKey]
          ?? computation.planner.stepShape(child, reducing: places, beneath)
        stepShapes[stepKey] = shape
        let steps = StepGrid(beneath, places: places, shape: shape)
        if child.hasProjection {
          for step in 0..<steps.count { height = max(height, visit(child, steps.region(step))) }
        }
        while levels.count <= height { levels.append([]) }
        levels[height].append(
          Projection(
            key: key, child: child, reduction: reduction, kept: region.sizes(node.sizes),
            places: child.sizes.indices.filter { !places.contains($0) },
            steps: steps))
        height += 1
      } else {
        for (child, part) in node.needs(region) { height = max(height, visit(child, part)) }
      }
      heights[key] = height
      return height
    }
    _ = visit(computation.root, region)
    return levels
  }

  private mutating func evaluate(_ node: LazyNode, _ region: LazyRegion) throws -> AnyNDArray {
    if let array = computation.precomputed[ObjectIdentifier(node)] {
      return Self.part(region, of: array)
    }
    let key = Key(node, region)
    if let array = known[key] { return array }
    let array = try fresh(node, region, key)
    if computation.graph.sharedNodes.contains(key.node) { known[key] = array }
    return array
  }

  private mutating func fresh(
    _ node: LazyNode, _ region: LazyRegion, _ key: Key
  ) throws -> AnyNDArray {
    switch node.operation {
    case .source(let source):
      return try computation.pieces?.read(region, of: source, with: &reader)
        ?? reader.read(region, of: source)
    case .array(let array): return Self.part(region, of: array)
    case .view(let child, let view):
      return view.apply(to: try evaluate(child, view.region(of: region)), axes: node.sizes)
    case .cast(let child, let rule):
      return try evaluate(child, region).cast(to: node.sampleType, rule, threads: 1)
    case .number(let child, let operation, let number, let isLeft):
      return try evaluate(child, region)
        .applying(operation, number, isLeft: isLeft, threads: 1)
    case .pair(let left, let right, let operation):
      let leftPart = try evaluate(left, node.region(of: left, for: region))
      let rightPart = try evaluate(right, node.region(of: right, for: region))
      return try leftPart.applying(operation, rightPart, threads: 1)
    case .reduce:
      guard let array = projected[key] else {
        throw ND2Error(.limitExceeded, "a projection is missing from a computation")
      }
      return array
    case .concatenate(let children, let place, let starts):
      return try joined(node, children, place, starts, region)
    case .map(let child, let body):
      let part = try evaluate(child, region)
      let result = try body(part)
      guard result.sizes == part.sizes, result.sampleType == node.sampleType else {
        throw ND2Error.invalidRequest(
          "the function of mapBlocks gave \(result.sampleType), \(result.sizes) where "
            + "\(node.sampleType), \(part.sizes) is needed")
      }
      return result
    }
  }

  private mutating func joined(
    _ node: LazyNode, _ children: [LazyNode], _ place: Int, _ starts: [Int], _ region: LazyRegion
  ) throws -> AnyNDArray {
    let parts = LazyNode.split(region, place: place, starts: starts)
    if parts.count == 1 { return try evaluate(children[parts[0].child], parts[0].region) }
    let result = try AnyNDArray(
      uninitialized: region.sizes(node.sizes), sampleType: node.sampleType)
    var origin = [Int](repeating: 0, count: node.sizes.count)
    for part in parts {
      origin[place] = part.start
      result.place(try evaluate(children[part.child], part.region), at: origin)
    }
    return result
  }

  private static func part(_ region: LazyRegion, of array: AnyNDArray) -> AnyNDArray {
    AnyNDArray(
      layout: array.layout.sliced(region.slices), sampleType: array.sampleType,
      storage: array.storage)
  }
}

/// Finished projections that several threads use.
struct SharedProjections: Sendable {
  let projected: [BlockEvaluator.Key: AnyNDArray]
}

/// The pieces of a part that is taken along some axes piece by piece.
struct StepGrid: Sendable {
  private let whole: LazyRegion
  private let grid: BlockGrid

  /// - Parameters:
  ///   - whole: the part.
  ///   - places: the axes that are cut.
  ///   - shape: size of the pieces.
  init(_ whole: LazyRegion, places: [Int], shape: [Int]) {
    self.whole = whole
    let cut = whole.slices.enumerated().map { place, slice in
      places.contains(place) ? shape[place] : slice.count
    }
    grid = BlockGrid(AxisSizes(unnamed: whole.shape), shape: cut)
  }

  /// Number of pieces.
  var count: Int { grid.count }

  /// The n-th piece.
  func region(_ number: Int) -> LazyRegion {
    LazyRegion(zip(grid.region(number).slices, whole.slices).map { $0.within($1) })
  }
}
