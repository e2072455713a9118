/// What there is to know of a deferred computation before it runs: which sources are needed on
/// several ways, and which axes cannot be divided without doing work twice.
struct LazyGraph: Sendable {
  let root: LazyNode
  /// Nodes that several others need.
  let sharedNodes: Set<ObjectIdentifier>
  /// Sources that are needed on several ways, each with the box that any of them needs.
  let sharedSources: [LazySourceIdentity: [Range<Int>]]
  /// All sources with the boxes that are needed of them.
  let sources: [(source: any LazySource, box: [Range<Int>])]
  /// Axes of the root that must stay whole in a block, lest something be computed for every part
  /// of them anew.
  let pinnedAxes: [Bool]
  /// Operands of arithmetic that are repeated along axes they do not have, and cost something.
  let repeatedOperands: [LazyNode]

  init(_ root: LazyNode) {
    self.root = root
    let order = Self.ordered(root)
    var ways: [ObjectIdentifier: Int] = [ObjectIdentifier(root): 1]
    var parents: [ObjectIdentifier: Int] = [:]
    var needed: [ObjectIdentifier: [Range<Int>]] = [
      ObjectIdentifier(root): LazyRegion(all: root.sizes).box
    ]
    var sourceWays: [LazySourceIdentity: Int] = [:]
    var sourceBoxes: [LazySourceIdentity: [Range<Int>]] = [:]
    var sources: [(source: any LazySource, box: [Range<Int>])] = []
    for node in order {
      let key = ObjectIdentifier(node)
      // Of arrays that were put one behind the other a slice may leave some out.
      guard let count = ways[key], let box = needed[key] else { continue }
      if case .source(let source) = node.operation {
        sourceWays[source.identity, default: 0] += count
        sourceBoxes[source.identity] = Self.union(sourceBoxes[source.identity], box)
        sources.append((source, box))
      }
      for (child, region) in node.needs(LazyRegion(box)) {
        let child = ObjectIdentifier(child)
        ways[child] = min(2, (ways[child] ?? 0) + count)
        parents[child, default: 0] += 1
        needed[child] = Self.union(needed[child], region.box)
      }
    }
    self.sources = sources
    sharedNodes = Set(parents.filter { $0.value > 1 }.keys)
    sharedSources = sourceBoxes.filter { (sourceWays[$0.key] ?? 0) > 1 }
    var pins: [ObjectIdentifier: [Bool]] = [:]
    var repeated: [LazyNode] = []
    for node in order.reversed() {
      pins[ObjectIdentifier(node)] = Self.pins(of: node, beneath: pins, &repeated)
    }
    pinnedAxes = pins[ObjectIdentifier(root)] ?? []
    repeatedOperands = repeated
  }

  /// All nodes, each before those beneath it.
  private static func ordered(_ root: LazyNode) -> [LazyNode] {
    var seen: Set<ObjectIdentifier> = []
    var finished: [LazyNode] = []
    // A stack of our own: chains of arithmetic may be longer than the thread's.
    var stack: [(node: LazyNode, next: Int)] = [(root, 0)]
    seen.insert(ObjectIdentifier(root))
    while let (node, next) = stack.last {
      let children = node.operation.children
      if next < children.count {
        stack[stack.count - 1].next += 1
        if seen.insert(ObjectIdentifier(children[next])).inserted {
          stack.append((children[next], 0))
        }
      } else {
        finished.append(node)
        stack.removeLast()
      }
    }
    return finished.reversed()
  }

  private static func union(_ a: [Range<Int>]?, _ b: [Range<Int>]) -> [Range<Int>] {
    guard let a else { return b }
    return zip(a, b).map {
      min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
    }
  }

  private static func pins(
    of node: LazyNode, beneath: [ObjectIdentifier: [Bool]], _ repeated: inout [LazyNode]
  ) -> [Bool] {
    func pins(_ child: LazyNode) -> [Bool] {
      beneath[ObjectIdentifier(child)] ?? child.sizes.map { _ in false }
    }
    switch node.operation {
    case .source, .array: return node.sizes.map { _ in false }
    case .cast(let child, _), .number(let child, _, _, _), .map(let child, _):
      return pins(child)
    case .view(let child, let view):
      let own = pins(child)
      return view.placesBeneath(count: node.sizes.count).map { $0.map { own[$0] } ?? false }
    case .reduce(let child, _, let places):
      return pins(child).enumerated().filter { !places.contains($0.offset) }.map(\.element)
    case .pair(let left, let right, _):
      var result = node.sizes.map { _ in false }
      for operand in [left, right] {
        let own = pins(operand)
        var isRepeated = false
        for (place, element) in node.sizes.enumerated() {
          if let index = operand.sizes.firstIndex(where: { $0.axis == element.axis }) {
            result[place] = result[place] || own[index]
          } else if element.count > 1, operand.isCostly {
            result[place] = true
            isRepeated = true
          }
        }
        if isRepeated { repeated.append(operand) }
      }
      return result
    case .concatenate(let children, let place, _):
      var result = node.sizes.map { _ in false }
      for child in children {
        for (index, isPinned) in pins(child).enumerated() where isPinned { result[index] = true }
      }
      if sharesSources(children) { result[place] = true }
      return result
    }
  }

  private static func sharesSources(_ nodes: [LazyNode]) -> Bool {
    var seen: Set<LazySourceIdentity> = []
    for node in nodes {
      for identity in node.sources where !seen.insert(identity).inserted { return true }
    }
    return false
  }
}

extension LazyNode {
  /// The parts of the nodes beneath that a part of this one needs.
  func needs(_ region: LazyRegion) -> [(LazyNode, LazyRegion)] {
    switch operation {
    case .source, .array: []
    case .cast(let child, _), .number(let child, _, _, _), .map(let child, _): [(child, region)]
    case .view(let child, let view): [(child, view.region(of: region))]
    case .reduce(let child, _, let places):
      [(child, Self.region(beneath: child, reducing: places, for: region))]
    case .pair(let left, let right, _):
      [
        (left, self.region(of: left, for: region)), (right, self.region(of: right, for: region)),
      ]
    case .concatenate(let children, let place, let starts):
      Self.split(region, place: place, starts: starts).map { (children[$0.child], $0.region) }
    }
  }
}
