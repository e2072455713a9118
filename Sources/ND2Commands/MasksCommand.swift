import ArgumentParser
import ND2

/// `nd2 masks`: layers of binary masks.
struct MasksCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Counts objects and pixels of the binary layers, or saves the layers as an array.",
    discussion: """
      With -o the masks become a NumPy file of 32-bit numbers: 0 is background, other values are the \
      numbers of the objects. Its axes are layer, the loops of the file, rows, columns; with --layer \
      the first one is left out. Frames without a mask are zeros.
      """)

  @OptionGroup var input: FileArgument

  @Option(help: .init("Only this layer, by number in the list or by name.", valueName: "layer"))
  var layer: String?

  @Option(name: [.short, .long], help: .init("Save the masks as .npy.", valueName: "file"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let layers = try chosen(from: try file.binaryLayers())
    if let output {
      try save(layers, of: file, to: output, in: session)
    } else {
      try count(layers, of: file, in: session)
    }
    session.report(file.diagnostics)
  }

  /// The layers that were asked for, each with its number in the list.
  private func chosen(from layers: [BinaryLayer]) throws -> [(index: Int, layer: BinaryLayer)] {
    let numbered = layers.enumerated().map { (index: $0.offset, layer: $0.element) }
    guard let layer else { return numbered }
    let found = numbered.filter { String($0.index) == layer || $0.layer.name == layer }
    guard !found.isEmpty else {
      throw ND2Error(
        .invalidRequest,
        layers.isEmpty
          ? "the file has no binary layers"
          : "there is no binary layer '\(layer)'; there are "
            + numbered.map { "\($0.index) '\($0.layer.name)'" }.joined(separator: ", "))
    }
    return found
  }

  // MARK: - Counting

  /// What is counted in the mask of one frame.
  private struct Count {
    var frame: Int
    var objects: Int
    var pixels: Int
  }

  private func count(
    _ layers: [(index: Int, layer: BinaryLayer)], of file: ND2File, in session: Session
  ) throws {
    let progress = session.progress("Counting", total: layers.count * file.frameCount)
    var counts: [[Count]] = []
    for (_, layer) in layers {
      counts.append(
        try (0..<file.frameCount).compactMap { frame in
          defer { progress.advance() }
          guard let mask = try file.mask(of: layer, frame: frame) else { return nil }
          let regions = mask.regions
          return Count(
            frame: frame, objects: regions.count,
            pixels: regions.reduce(0) { $0 + $1.pixelCount })
        })
    }
    progress.finish()
    if format.json {
      session.print(.array(try zip(layers, counts).map { try json($0.0, $0.1, of: file) }))
    } else if layers.isEmpty {
      session.say("The file has no binary layers.")
    } else {
      try show(layers, counts, of: file, in: session)
    }
  }

  private func json(
    _ item: (index: Int, layer: BinaryLayer), _ counts: [Count], of file: ND2File
  ) throws -> JSONValue {
    let frames = counts.map { count -> JSONValue in
      [
        "frame": .integer(Int64(count.frame)),
        "coordinates": .coordinates(file.coordinates(ofFrame: count.frame)),
        "objects": .integer(Int64(count.objects)), "pixels": .integer(Int64(count.pixels)),
      ]
    }
    let members = try JSONValue(encoding: item.layer).members
    return .object(
      [.init("index", .integer(Int64(item.index)))] + members + [.init("frames", .array(frames))])
  }

  private func show(
    _ layers: [(index: Int, layer: BinaryLayer)], _ counts: [[Count]], of file: ND2File,
    in session: Session
  ) throws {
    var table = TextTable([
      .init("Layer", .right), .init("Name"), .init("Channel"), .init("Frame", .right),
      .init("Coordinates"), .init("Objects", .right), .init("Pixels", .right),
    ])
    for ((index, layer), counts) in zip(layers, counts) {
      let start = [String(index), layer.name, layer.componentName ?? ""]
      if counts.isEmpty { table.add(start + ["none"]) }
      for count in counts {
        table.add(
          start + [
            String(count.frame),
            file.coordinates(ofFrame: count.frame).map { "\($0.axis)\($0.index)" }
              .joined(separator: " "),
            HumanText.count(count.objects), HumanText.count(count.pixels),
          ])
      }
    }
    session.lines(table.lines(for: session.console.output.terminal))
  }

  // MARK: - Saving

  private func save(
    _ layers: [(index: Int, layer: BinaryLayer)], of file: ND2File, to path: String,
    in session: Session
  ) throws {
    let output = try OutputFile(path: path, overwrite: overwriting.overwrite, inputs: [input.file])
    guard !layers.isEmpty else { throw ND2Error(.invalidRequest, "the file has no binary layers") }
    let size = try frameSize(layers.map(\.layer), of: file)
    let loops = file.sizes.filter { !$0.axis.isInFrame }.map(\.count)
    let shape = (layer == nil ? [layers.count] : []) + loops + [size.height, size.width]
    try output.write(NumPyFormat.header(shape: shape, sampleType: .uint32))
    let blank = [UInt8](repeating: 0, count: size.width * size.height * 4)
    let progress = session.progress("Saving", total: layers.count * file.frameCount)
    var misfits: [Diagnostic] = []
    for (_, layer) in layers.prefix(layer == nil ? layers.count : 1) {
      for frame in 0..<file.frameCount {
        let mask = try file.mask(of: layer, frame: frame)
        if let mask, mask.width == size.width, mask.height == size.height {
          try mask.labels.withUnsafeBytes { try output.write($0) }
        } else {
          try output.write(blank)
          if mask != nil { misfits.append(Self.misfit(layer, frame)) }
        }
        progress.advance()
      }
    }
    progress.finish()
    try output.commit()
    session.report(misfits)
    session.say("Wrote \(path): \(shape.map(String.init).joined(separator: " × ")) uint32")
  }

  private static func misfit(_ layer: BinaryLayer, _ frame: Int) -> Diagnostic {
    Diagnostic(
      .damage,
      "the mask of layer '\(layer.name)' for frame \(frame) has another size than the first; it was "
        + "left out")
  }

  /// The size of the masks: that of the first one, which all others must have.
  private func frameSize(
    _ layers: [BinaryLayer], of file: ND2File
  ) throws -> (width: Int, height: Int) {
    for layer in layers {
      for frame in 0..<file.frameCount {
        if let mask = try file.mask(of: layer, frame: frame) { return (mask.width, mask.height) }
      }
    }
    return (file.attributes.widthPx, file.attributes.heightPx)
  }
}
