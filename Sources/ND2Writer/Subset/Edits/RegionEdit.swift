import ND2
import ND2Format

/// Fits regions of interest to a part of the frames and of the positions (nd2-format §3.9).
///
/// Coordinates are in half images from the image's centre, so a crop changes all of them.
struct RegionEdit {
  let plan: SubsetPlan
  /// The positions that are taken; nil when all are.
  let positions: [Int]?
  /// Regions that were left out because nothing of them is in the crop.
  private(set) var outsideCount = 0
  /// Regions that were left out because their position is.
  private(set) var positionCount = 0

  init(plan: SubsetPlan) {
    self.plan = plan
    positions =
      plan.loops.values.first { $0.loop.type == .xyPositions && !$0.isWhole }?.turns
  }

  mutating func apply(to chunk: inout EditableChunk) {
    var copy = self
    chunk.editContent(named: "RoiMetadata_v1") { tree in
      copy.editList(&tree, "Global_")
      copy.editPositions(&tree)
    }
    self = copy
  }

  private mutating func editPositions(_ tree: inout VariantNode) {
    if let positions {
      let lists = Self.places(in: tree, "2PerMPoint_")
      for (number, place) in lists where !positions.contains(number) {
        positionCount += Self.places(in: tree.children[place], "").count
      }
      let kept = positions.enumerated().compactMap { new, old in
        lists.first { $0.number == old }.map { (new, $0.place) }
      }
      Self.keep(kept, in: &tree, "2PerMPoint_", dropping: lists.map(\.place))
      if lists.isEmpty == false {
        Self.setSize(&tree, "2PerMPoint_Size", (kept.last?.0).map { $0 + 1 } ?? 0)
      }
    }
    guard plan.isCropped else { return }
    var copy = self
    let places = Set(Self.places(in: tree, "2PerMPoint_").map(\.place))
    tree.editChildren { place, node in
      guard places.contains(place) else { return }
      copy.editList(&node, "")
      copy.editList(&node, "2PerMPoint_")
    }
    self = copy
  }

  /// Moves the regions of a list, and drops those that are outside.
  private mutating func editList(_ tree: inout VariantNode, _ prefix: String) {
    guard plan.isCropped else { return }
    let members = Self.places(in: tree, prefix)
    guard !members.isEmpty else { return }
    var inside: [Int] = []
    let places = Set(members.map(\.place))
    let copy = self
    tree.editChildren { place, node in
      if places.contains(place), copy.move(&node) { inside.append(place) }
    }
    outsideCount += members.count - inside.count
    let kept = members.filter { inside.contains($0.place) }.enumerated()
      .map { ($0, $1.place) }
    Self.keep(kept, in: &tree, prefix, dropping: members.map(\.place))
    Self.setSize(&tree, "\(prefix)Size", kept.count)
  }

  // MARK: - Lists

  /// The members `prefix0`, `prefix1`, … of a list, by number.
  private static func places(
    in tree: VariantNode, _ prefix: String
  ) -> [(number: Int, place: Int)] {
    tree.children.enumerated().compactMap { place, node -> (number: Int, place: Int)? in
      let name = StrippedName.of(node.name)
      guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)), number >= 0,
        case .level = node.content
      else { return nil }
      return (number, place)
    }
    .ordered { $0.number < $1.number }
  }

  /// Keeps some members of a list under new numbers, and everything that is no member.
  private static func keep(
    _ kept: [(number: Int, place: Int)], in tree: inout VariantNode, _ prefix: String,
    dropping members: [Int]
  ) {
    let numbers = Dictionary(kept.map { ($0.place, $0.number) }, uniquingKeysWith: { $1 })
    let all = Set(members)
    tree.children = tree.children.enumerated().compactMap { place, node in
      guard all.contains(place) else { return node }
      guard let number = numbers[place], let old = VariantNode.numbered(node.name) else {
        return nil
      }
      var node = node
      node.rename(old.prefix + String(number))
      return node
    }
  }

  private static func setSize(_ tree: inout VariantNode, _ stripped: String, _ count: Int) {
    tree.editChildren { _, node in
      if StrippedName.of(node.name) == stripped { node.setNumber(Double(count)) }
    }
  }

  // MARK: - Regions

  /// Moves a region to the crop.
  ///
  /// - Returns: whether any of it is inside, at any time.
  private func move(_ region: inout VariantNode) -> Bool {
    var isInside = false
    var hasPlace = false
    region.editChildren { _, node in
      guard StrippedName.of(node.name).hasPrefix("AnimParams_"), node.hasChildren else { return }
      hasPlace = true
      if moveShape(&node) { isInside = true }
    }
    return isInside || !hasPlace
  }

  private func moveShape(_ tree: inout VariantNode) -> Bool {
    let (width, height) = (Double(plan.width), Double(plan.height))
    let (newWidth, newHeight) = (Double(plan.columns.count), Double(plan.rows.count))
    let (scaleX, scaleY) = (width / newWidth, height / newHeight)
    func center(_ old: Double, _ size: Double, _ start: Int, _ newSize: Double) -> Double {
      (size / 2 * (1 + old) - Double(start)) * 2 / newSize - 1
    }
    var bounds = Bounds()
    tree.editChildren { _, node in
      switch StrippedName.of(node.name) {
      case "CenterX":
        let x = center(node.double ?? 0, width, plan.columns.lowerBound, newWidth)
        node.setNumber(x)
        bounds.x = newWidth / 2 * (1 + x)
      case "CenterY":
        let y = center(node.double ?? 0, height, plan.rows.lowerBound, newHeight)
        node.setNumber(y)
        bounds.y = newHeight / 2 * (1 + y)
      case "RotationZ": bounds.isRotated = (node.double ?? 0) != 0
      case "BoxShape":
        let box = Self.scale(&node, scaleX, scaleY, names: ["SizeX", "SizeY"])
        bounds.include(x: box.x * newWidth / 4, y: box.y * newHeight / 4)
        bounds.include(x: -box.x * newWidth / 4, y: -box.y * newHeight / 4)
      case "ExtrudedShape":
        node.editChildren { _, point in
          guard StrippedName.of(point.name).hasPrefix("BasePoints_"), point.hasChildren else {
            return
          }
          let offset = Self.scale(&point, scaleX, scaleY, names: ["X", "Y", "x", "y"])
          bounds.include(x: offset.x * newWidth / 2, y: offset.y * newHeight / 2)
        }
      default: break
      }
    }
    return bounds.touches(width: newWidth, height: newHeight)
  }

  /// Scales two numbers of a level, by their names or else by their order.
  private static func scale(
    _ tree: inout VariantNode, _ scaleX: Double, _ scaleY: Double, names: [String]
  ) -> (x: Double, y: Double) {
    var result = (x: 0.0, y: 0.0)
    var rank = 0
    let isNamed = tree.children.contains { names.contains(StrippedName.of($0.name)) }
    tree.editChildren { _, node in
      guard let old = node.double else { return }
      let name = StrippedName.of(node.name)
      let isX = isNamed ? name.uppercased().hasSuffix("X") : rank == 0
      let isY = isNamed ? name.uppercased().hasSuffix("Y") : rank == 1
      rank += 1
      if isX {
        result.x = old * scaleX
        node.setNumber(result.x)
      } else if isY {
        result.y = old * scaleY
        node.setNumber(result.y)
      }
    }
    return result
  }

  /// What a region covers, in pixels: its centre, and how far it reaches from there.
  private struct Bounds {
    var (x, y) = (0.0, 0.0)
    var isRotated = false
    private var (left, right, top, bottom) = (0.0, 0.0, 0.0, 0.0)

    mutating func include(x: Double, y: Double) {
      (left, right) = (min(left, x), max(right, x))
      (top, bottom) = (min(top, y), max(bottom, y))
    }

    /// Whether the region may touch the image. Rotated ones are given all that they might cover.
    func touches(width: Double, height: Double) -> Bool {
      var (left, right, top, bottom) = (left, right, top, bottom)
      if isRotated {
        let reach = max(-left, right) + max(-top, bottom)
        (left, right, top, bottom) = (-reach, reach, -reach, reach)
      }
      return x + right >= 0 && x + left <= width && y + bottom >= 0 && y + top <= height
    }
  }
}
