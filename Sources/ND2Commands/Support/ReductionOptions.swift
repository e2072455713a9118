import ArgumentParser
import ND2

/// The options that say what becomes of the axes that a projection takes away.
struct ReductionOptions: ParsableArguments {
  @Option(
    help: .init(
      "The greatest values along axes: letters such as z or zt, or 'all'.", valueName: "axes"))
  var max: String?
  @Option(help: .init("The least values.", valueName: "axes"))
  var min: String?
  @Option(help: .init("The means, as float64.", valueName: "axes"))
  var mean: String?
  @Option(help: .init("The sums, as float64.", valueName: "axes"))
  var sum: String?
  @Option(
    help: .init("The standard deviations (divided by n), as float64.", valueName: "axes"))
  var std: String?

  private var given: [(reduction: Reduction, axes: String)] {
    [
      (Reduction.max, max), (.min, min), (.mean, mean), (.sum, sum), (.standardDeviation, std),
    ].compactMap { reduction, axes in axes.map { (reduction, $0) } }
  }

  func validate() throws {
    guard given.count == 1 else {
      throw ValidationError(
        "say one of --max, --min, --mean, --sum and --std, with the axes to project, as in --max z")
    }
  }

  /// What is done, and along which axes of the file; those of one element need nothing done.
  ///
  /// - Throws: `ValidationError` for a letter that is no axis.
  func resolved(in file: ND2File) throws -> (reduction: Reduction, axes: [Axis]) {
    guard let (reduction, text) = given.first else {
      throw ValidationError("say which axes to project")
    }
    if text.lowercased() == "all" { return (reduction, file.sizes.axes) }
    var axes: [Axis] = []
    let letters = text.filter { $0 != "," && $0 != " " }
    guard !letters.isEmpty else {
      throw ValidationError("say which axes to project, as in z or zt")
    }
    for letter in letters {
      guard let axis = Axis(letter: letter) else {
        let known = file.sizes.axes.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(
          "'\(PlainText.singleLine(text))' names no axes: the file has "
            + (known.isEmpty ? "one pixel and no axes" : "\(known) (or 'all')"))
      }
      if file.sizes[axis] != nil, !axes.contains(axis) { axes.append(axis) }
    }
    return (reduction, axes)
  }
}

extension Reduction {
  /// The name of the option.
  var optionName: String { self == .standardDeviation ? "std" : rawValue }
}
