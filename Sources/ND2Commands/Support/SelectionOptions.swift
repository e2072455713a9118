import ArgumentParser
import ND2

/// The options that say which part of the array a verb takes.
struct SelectionOptions: ParsableArguments {
  @Option(help: .init("Range of stage positions, or the name of one.", valueName: "a:b"))
  var position: String?
  @Option(help: .init("Range of time points.", valueName: "a:b"))
  var t: IndexRange?
  @Option(help: .init("Range of focus planes.", valueName: "a:b"))
  var z: IndexRange?
  @Option(help: .init("Range of turns of a loop that a user defined.", valueName: "a:b"))
  var u: IndexRange?
  @Option(help: .init("Range of channels.", valueName: "a:b"))
  var c: IndexRange?
  @Option(help: .init("Range of rows.", valueName: "a:b"))
  var y: IndexRange?
  @Option(help: .init("Range of columns.", valueName: "a:b"))
  var x: IndexRange?
  @Option(help: .init("Rows and columns as a rectangle in pixels.", valueName: "x,y,width,height"))
  var crop: CropArgument?

  private var ranges: [(axis: Axis, range: IndexRange)] {
    [(Axis.time, t), (.z, z), (.custom, u), (.channel, c), (.y, y), (.x, x)]
      .compactMap { axis, range in range.map { (axis, $0) } }
  }

  /// Whether everything is taken.
  var isEmpty: Bool { position == nil && ranges.isEmpty && crop == nil }

  func validate() throws {
    if crop != nil, x != nil || y != nil {
      throw ValidationError("--crop says rows and columns; leave --x and --y out")
    }
  }

  /// What is taken of a file.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when a range goes beyond its axis, or no position has
  ///   the name.
  func selection(in file: ND2File) throws -> ArraySelection {
    var selection = ArraySelection.all
    var ranges = ranges
    if let position {
      // What is a range is one; anything else is a name.
      let index =
        try IndexRange(argument: position)
        ?? IndexRange(index: file.positionIndex(named: position))
      ranges.append((.position, index))
    }
    if let crop {
      for (axis, range) in [(Axis.y, crop.y), (.x, crop.x)] {
        let count = file.sizes[axis] ?? 1
        guard range.upperBound <= count else {
          throw ND2Error(
            .invalidRequest, "--crop goes beyond the \(count) that the file has along \(axis)",
            at: .init(file: file.path))
        }
        if file.sizes[axis] != nil { selection = selection.with(axis, range) }
      }
    }
    for (axis, range) in ranges {
      if let count = file.sizes[axis] {
        selection = selection.with(axis, try range.resolved(count: count, axis: axis))
      } else {
        // An axis of one element is not among the axes, but its only index may be asked for.
        _ = try range.resolved(count: 1, axis: axis)
      }
    }
    return selection
  }
}
