import ArgumentParser
import ND2
import ND2Writer

/// The options that say which part of a file goes into a smaller one.
struct SubsetSelectionOptions: ParsableArguments {
  @Option(help: .init("Time points.", valueName: "a:b:step,…"))
  var t: IndexList?
  @Option(
    name: [.customLong("p"), .customLong("position")],
    help: .init("Stage positions, or the names of some.", valueName: "a:b:step,…"))
  var position: String?
  @Option(help: .init("Focus planes, evenly spaced.", valueName: "a:b:step,…"))
  var z: IndexList?
  @Option(help: .init("Turns of a loop that a user defined.", valueName: "a:b:step,…"))
  var u: IndexList?
  @Option(help: .init("Channels, or the names of some.", valueName: "a:b:step,…"))
  var c: String?
  @Option(help: .init("Range of rows.", valueName: "a:b"))
  var y: IndexRange?
  @Option(help: .init("Range of columns.", valueName: "a:b"))
  var x: IndexRange?
  @Option(help: .init("Rows and columns as a rectangle in pixels.", valueName: "x,y,width,height"))
  var crop: CropArgument?

  func validate() throws {
    if crop != nil, x != nil || y != nil {
      throw ValidationError("--crop says rows and columns; leave --x and --y out")
    }
  }

  /// What is taken of a file.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when an index goes beyond its axis, or a name is not
  ///   in the file.
  func selection(in file: ND2File) throws -> SubsetSelection {
    var selection = SubsetSelection()
    for (axis, list) in [(Axis.time, t), (.z, z), (.custom, u)] {
      guard let list else { continue }
      selection[axis] = .list(
        try list.resolved(count: file.loopLayout.axes[axis] ?? 1, axis: axis))
    }
    if let position {
      selection[.position] = .list(
        try indices(
          position, axis: .position, count: file.loopLayout.axes[.position] ?? 1
        ) { try file.positionIndex(named: $0) })
    }
    if let c {
      let names = file.channelNames
      selection[.channel] = .list(
        try indices(c, axis: .channel, count: names.count) { name in
          guard let index = names.firstIndex(of: name) else {
            throw ND2Error(
              .invalidRequest,
              "there is no channel '\(name)', but \(names.joined(separator: ", "))")
          }
          return index
        })
    }
    let (width, height) = (file.attributes.widthPx, file.attributes.heightPx)
    if let y { selection[.y] = .range(try y.resolved(count: height, axis: .y)) }
    if let x { selection[.x] = .range(try x.resolved(count: width, axis: .x)) }
    if let crop {
      selection[.x] = .range(crop.x)
      selection[.y] = .range(crop.y)
    }
    return selection
  }

  /// Indices, or names between commas; a name that has commas itself may stand alone.
  private func indices(
    _ text: String, axis: Axis, count: Int, named index: (String) throws -> Int
  ) throws -> [Int] {
    if let list = IndexList(argument: text) { return try list.resolved(count: count, axis: axis) }
    if let whole = try? index(text) { return [whole] }
    var found: Set<Int> = []
    for part in text.split(separator: ",") {
      if let list = IndexList(argument: String(part)) {
        found.formUnion(try list.resolved(count: count, axis: axis))
      } else {
        found.insert(try index(String(part)))
      }
    }
    return found.sorted()
  }
}
