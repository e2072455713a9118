import ArgumentParser
import ND2

/// `nd2 project`: projections along axes, such as the brightest of all focus planes.
struct ProjectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Projects axes away: maximum, minimum, mean, sum, standard deviation.",
    discussion: """
      The result has the other axes of the file in their order. It is written as a NumPy array \
      (.npy), as a NumPy archive with one array called 'projection' (.npz), or as a picture of merged \
      channels (.png, .tif), whose values are not those of the projection. Ranges are as for 'nd2 read'. \
      Frames that are not stored count as zeros. Memory does not grow with the file or the result.
      """)

  /// What the name of the output asks for.
  private enum Form: String, CaseIterable {
    case npy, npz, png, tif, tiff

    /// Whether it is a picture.
    var isPicture: Bool { self != .npy && self != .npz }

    init?(path: String) {
      let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      guard let dot = name.lastIndex(of: ".") else { return nil }
      self.init(rawValue: name[name.index(after: dot)...].lowercased())
    }
  }

  @OptionGroup var input: FileArgument
  @OptionGroup(title: "Projection (one of these)") var reductions: ReductionOptions

  @Option(name: [.short, .long], help: .init("The file to write.", valueName: "out.npy"))
  var output: String?

  @Flag(help: "Print SHA-256, shape and type of the projection instead.")
  var checksum = false

  @Option(
    help: .init(
      "The number type of the result; values beyond it become the nearest it has.",
      valueName: "type"))
  var type: NumberType?

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Pictures") var picture: PictureOptions
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { json.json }

  func validate() throws {
    guard checksum != (output != nil) else {
      throw ValidationError("say either where to write (-o out.npy) or --checksum")
    }
    if let output, Form(path: output) == nil {
      let known = Form.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
      throw ValidationError(
        "'\(PlainText.singleLine(output))' does not end in one of \(known), which say what is written"
      )
    }
  }

  func perform(in session: Session) throws {
    // A taken name is an error before anything is read.
    let target = try output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input.file])
    }
    let file = try session.open(input.file)
    let part = try selection.selection(in: file)
    let (reduction, axes) = try reductions.resolved(in: file)
    let picture = target.flatMap { Form(path: $0.path)?.isPicture == true ? $0 : nil }
    // The mean of colours is a colour of the same scale.
    let colour = picture != nil && reduction == .mean && file.isRGB ? file.sampleType : nil
    let projection = try Projection(
      of: file, part, reduction, over: axes, type: type?.sampleType ?? colour)
    let progress = session.progress("Projecting")
    var sum: String?
    if let picture {
      try checkPicture(projection.sizes, file, projected: axes)
      try write(projection, of: file, part, projected: axes, to: picture, progress)
    } else {
      let destination: PixelOutput =
        switch target {
        case let target? where Form(path: target.path) == .npz:
          .archive(target, name: "projection")
        case let target?: .array(target)
        case nil: .checksum
        }
      sum = try destination.take(projection.sizes, projection.sampleType) { take in
        try projection.forEachSlab(progress: progress, take)
      }
    }
    progress.finish()
    if json.json {
      session.print(document(projection, reduction, axes, checksum: sum))
    } else {
      session.tell(projection.sizes, projection.sampleType, path: output, checksum: sum)
    }
    session.report(file.diagnostics)
  }

  // MARK: - Pictures

  /// A picture has channels, rows, columns and colours; of everything else one element at most.
  private func checkPicture(_ sizes: AxisSizes, _ file: ND2File, projected: [Axis]) throws {
    if let axis = [Axis.y, .x, .sample].first(where: { projected.contains($0) }) {
      throw ValidationError(
        "a picture needs the axis \(axis), which is projected; write .npy or .npz instead")
    }
    let left = sizes.filter { !$0.axis.isInFrame && $0.count > 1 }
    guard !left.isEmpty else { return }
    let names = left.map { "\($0.axis) (\($0.count))" }.joined(separator: ", ")
    let letters = left.map { $0.axis.rawValue.lowercased() }.joined()
    let choices = left.compactMap { element -> String? in
      switch element.axis {
      case .time: "--t 0"
      case .z: "--z 0"
      case .position: "--position 0"
      default: nil
      }
    }
    let (reduction, axes) = try reductions.resolved(in: file)
    let all = axes.map { $0.rawValue.lowercased() }.joined() + letters
    throw ValidationError(
      "a picture has no axes but C, Y, X and S; left are \(names): project them as well "
        + "(--\(reduction.optionName) \(all))"
        + (choices.isEmpty ? "" : " or select one of each (\(choices.joined(separator: " ")))"))
  }

  private func write(
    _ projection: Projection, of file: ND2File, _ part: ArraySelection, projected axes: [Axis],
    to target: OutputFile, _ progress: ProgressBar
  ) throws {
    let image = try projection.array.compute { progress.show(share: $0) }
    let outer = image.sizes.axes.filter { !$0.isInFrame }
    let first = part.ranges[.channel]?.lowerBound ?? 0
    let (bytes, _) = try PictureDocument(file: file, options: picture).encode(
      try image.squeezed(outer), firstChannel: axes.contains(.channel) ? nil : first,
      form: try PictureDocument.Form(path: target.path))
    try target.write(bytes)
    try target.commit()
  }

  // MARK: - JSON

  private func document(
    _ projection: Projection, _ reduction: Reduction, _ axes: [Axis], checksum: String?
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let output { members.append(.init("path", .string(output))) }
    members += [
      .init(
        "sizes",
        .object(projection.sizes.map { .init($0.axis.rawValue, .integer(Int64($0.count))) })),
      .init("dtype", .string(projection.sampleType.rawValue)),
      .init("reduction", .string(reduction.optionName)),
      .init("axes", .array(axes.map { .string($0.rawValue) })),
    ]
    if let checksum { members.append(.init("sha256", .string(checksum))) }
    return .object(members)
  }
}

/// A number type as people name it, such as `uint16`.
struct NumberType: ExpressibleByArgument {
  let sampleType: SampleType

  init?(argument: String) {
    guard let type = SampleType(rawValue: argument.lowercased()) else { return nil }
    sampleType = type
  }

  static var allValueStrings: [String] { SampleType.allCases.map(\.rawValue) }
}
