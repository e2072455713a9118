import ArgumentParser
import ND2
import ND2Codecs

/// `nd2 read`: pixels into a NumPy file, or their checksum.
struct ReadCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Reads pixels into a NumPy file, or prints their checksum.",
    discussion: """
      The array has the axes of the file in their order (see 'nd2 info'), or those of one frame with \
      --frame. Ranges are A:B without B, A alone, or open as in A: and :B; an axis stays, also with \
      one element. Only what is asked for is read.
      """)

  @OptionGroup var input: FileArgument

  @Option(name: [.short, .long], help: .init("The file to write.", valueName: "out.npy"))
  var output: String?

  @Flag(help: "Print SHA-256, shape and type of the pixels instead.")
  var checksum = false

  @Option(help: .init("Read one frame by its number.", valueName: "index"))
  var frame: Int?

  @Option(help: .init("Range of stage positions, or the name of one.", valueName: "a:b"))
  var position: String?
  @Option(help: .init("Range of time points.", valueName: "a:b"))
  var t: IndexRange?
  @Option(help: .init("Range of focus planes.", valueName: "a:b"))
  var z: IndexRange?
  @Option(help: .init("Range of channels.", valueName: "a:b"))
  var c: IndexRange?
  @Option(help: .init("Range of rows.", valueName: "a:b"))
  var y: IndexRange?
  @Option(help: .init("Range of columns.", valueName: "a:b"))
  var x: IndexRange?

  @Flag(
    help: """
      Samples as they are stored: with --frame rows, columns and all components side by side, else \
      colour as blue, green, red.
      """)
  var raw = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  private var ranges: [(axis: Axis, range: IndexRange)] {
    [(Axis.time, t), (.z, z), (.channel, c), (.y, y), (.x, x)]
      .compactMap { axis, range in range.map { (axis, $0) } }
  }

  func validate() throws {
    guard checksum != (output != nil) else {
      throw ValidationError("say either where to write (-o out.npy) or --checksum")
    }
    if frame != nil, position != nil || !ranges.isEmpty {
      throw ValidationError("--frame takes the whole frame; leave the ranges out")
    }
  }

  func perform(in session: Session) throws {
    // A taken name is an error before anything is read.
    let target = try output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input.file])
    }
    let file = try session.open(input.file)
    if let frame {
      let array = raw ? try file.readStoredFrame(frame) : try file.readFrame(frame)
      try array.withUnsafeBytes { bytes in
        try deliver(array.sizes, array.sampleType, to: target, in: session) { try $0(bytes) }
      }
    } else {
      let stream = try PixelStream(file, try selection(in: file))
      let progress = session.progress("Reading", total: stream.blockCount)
      try deliver(stream.sizes, file.sampleType, to: target, in: session) { take in
        try stream.forEachBlock { bytes in
          try take(bytes)
          progress.advance()
        }
        progress.finish()
      }
    }
    session.report(file.diagnostics)
  }

  /// Writes or hashes an array whose bytes come one after the other.
  private func deliver(
    _ sizes: AxisSizes, _ type: SampleType, to target: OutputFile?, in session: Session,
    _ bytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    if let target {
      try target.write(NumPyFormat.header(shape: sizes.shape, sampleType: type))
      try bytes { try target.write($0) }
      try target.commit()
      session.say(
        "Wrote \(target.path): \(sizes.isEmpty ? "1 pixel" : sizes.description), \(type)")
    } else {
      var hash = SHA256()
      try bytes { hash.update($0) }
      let shape = sizes.shape.map(String.init).joined(separator: ",")
      session.line("\(hash.hexadecimal())  \(shape.isEmpty ? "()" : shape)  \(type)")
    }
  }

  private func selection(in file: ND2File) throws -> ArraySelection {
    var selection = ArraySelection.all
    var ranges = ranges
    if let position {
      // What is a range is one; anything else is a name.
      let index =
        try IndexRange(argument: position)
        ?? IndexRange(index: file.positionIndex(named: position))
      ranges.append((.position, index))
    }
    for (axis, range) in ranges {
      if let count = file.sizes[axis] {
        selection = selection.with(axis, try range.resolved(count: count, axis: axis))
      } else {
        // An axis of one element is not among the axes, but its only index may be asked for.
        _ = try range.resolved(count: 1, axis: axis)
      }
    }
    return raw ? selection.with(.stored) : selection
  }
}
