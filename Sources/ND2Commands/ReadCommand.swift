import ArgumentParser
import ND2

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

  @Option(
    help: .init(
      "Read what 'nd2 plan' or the Python reader has planned, and nothing else.",
      valueName: "plan.json"), completion: .file(extensions: ["json"]))
  var plan: String?

  @OptionGroup var ranges: SelectionOptions

  @Flag(
    help: """
      Samples as they are stored: with --frame rows, columns and all components side by side, else \
      colour as blue, green, red.
      """)
  var raw = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    plan == nil ? nil : "a plan says already where the pixels are; leave --saved-index out"
  }

  func validate() throws {
    guard checksum != (output != nil) else {
      throw ValidationError("say either where to write (-o out.npy) or --checksum")
    }
    if frame != nil, !ranges.isEmpty {
      throw ValidationError("--frame takes the whole frame; leave the ranges out")
    }
    if plan != nil, frame != nil || raw || !ranges.isEmpty {
      throw ValidationError("a plan says already what is read; leave the other options out")
    }
  }

  func perform(in session: Session) throws {
    // A taken name is an error before anything is read.
    let target = try output.map {
      try OutputFile(path: $0, overwrite: overwriting.overwrite, inputs: [input.file])
    }
    let output = target.map(PixelOutput.array) ?? .checksum
    if let plan { return try read(try PixelPlan(contentsOf: plan), output, in: session) }
    let file = try session.open(input.file)
    let checksum: String?
    let (sizes, type): (AxisSizes, SampleType)
    if let frame {
      let array = raw ? try file.readStoredFrame(frame) : try file.readFrame(frame)
      (sizes, type) = (array.sizes, array.sampleType)
      checksum = try array.withUnsafeBytes { bytes in
        try output.take(sizes, type) { try $0(bytes) }
      }
    } else {
      let selection = try ranges.selection(in: file)
      let stream = try PixelStream(file, raw ? selection.with(.stored) : selection)
      let progress = session.progress("Reading", total: stream.blockCount)
      (sizes, type) = (stream.sizes, file.sampleType)
      checksum = try output.take(sizes, type) { take in
        try stream.forEachBlock { bytes in
          try take(bytes)
          progress.advance()
        }
        progress.finish()
      }
    }
    session.tell(sizes, type, path: target?.path, checksum: checksum)
    session.report(file.diagnostics)
  }

  private func read(_ plan: PixelPlan, _ output: PixelOutput, in session: Session) throws {
    let progress = session.progress("Reading")
    let array = try plan.read(from: try session.source(input.file)) { progress.show(share: $0) }
    progress.finish()
    let checksum = try array.withUnsafeBytes { bytes in
      try output.take(array.sizes, array.sampleType) { try $0(bytes) }
    }
    session.tell(array.sizes, array.sampleType, path: self.output, checksum: checksum)
  }
}
