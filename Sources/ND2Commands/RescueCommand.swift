import ArgumentParser
import ND2
import ND2Writer

/// `nd2 rescue`: what is left of a damaged file, as a sound one.
struct RescueCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rescue",
    abstract: "Saves what is left of a damaged file into a sound one.",
    discussion: """
      Frames and metadata are found by themselves, without the chunk map, and copied as they are; \
      the map is written anew. The damaged file is only read. What was lost is listed.

      Exit codes: 0 everything was saved, 3 something was lost, 1 nothing could be saved; then \
      nothing is written.
      """)

  @Argument(help: "The damaged file.", completion: .file(extensions: ["nd2"]))
  var input: String

  @Argument(help: "The file to write.", completion: .file(extensions: ["nd2"]))
  var output: String

  @Flag(help: "Keep frames of which rows are missing; these become zeros.")
  var keepPartial = false

  @Option(
    help: .init(
      "Size of frames, when the file has lost it: height, width and, if several, components.",
      valueName: "Y,X[,C]"))
  var shape: String?

  @Option(
    name: .customLong("dtype"),
    help: .init("Number format with --shape, such as uint8.", valueName: "type"))
  var sampleType = "uint16"

  @OptionGroup var format: JSONOption
  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index is of no use here: chunks are searched for"
  }

  var wantsJSON: Bool { format.json }

  func validate() throws { _ = try frameShape() }

  private func frameShape() throws -> FrameShape? {
    guard let type = SampleType(rawValue: sampleType) else {
      let names = SampleType.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--dtype is one of \(names)")
    }
    guard let shape else { return nil }
    let numbers = shape.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let sizes = numbers.compactMap { $0 }
    guard (2...3).contains(numbers.count), sizes.count == numbers.count,
      sizes.allSatisfy({ $0 >= 1 && $0 <= 1 << 24 })
    else { throw ValidationError("--shape is height,width or height,width,components") }
    return FrameShape(
      width: sizes[1], height: sizes[0], componentCount: sizes.count > 2 ? sizes[2] : 1,
      sampleType: type)
  }

  func perform(in session: Session) throws {
    let source = try session.source(input)
    let target = try OutputFile(
      path: output, overwrite: overwriting.overwrite, inputs: [input])
    var options = FileRescue.Options()
    options.keepsPartialFrames = keepPartial
    options.frameShape = try frameShape()
    let progress = session.progress("Saving")
    let report = try FileRescue(reading: source, options: options)
      .write(to: FileSink(target.file)) { progress.show(share: $0) }
    progress.finish()
    if format.json {
      session.print(try document(of: report))
    } else {
      describe(report, in: session)
    }
    if !report.isComplete {
      session.report([Diagnostic(.damage, "not everything could be saved")], isShown: true)
    }
  }

  private func document(of report: RescueReport) throws -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("output", .string(output)), .init("is_complete", .bool(report.isComplete)),
      .init("frames", .integer(Int64(report.savedFrameCount))),
      .init("chunks", .integer(Int64(report.savedChunkCount))),
      .init("bytes", .unsigned(report.byteCount)),
    ]
    func frames(_ list: [RescueReport.Frame]) -> JSONValue {
      .array(
        list.map { frame in
          [
            "index": .integer(Int64(frame.index)), "reason": .string(frame.reason),
            "offset": frame.offset.map { .unsigned($0) } ?? .null,
          ]
        })
    }
    members.append(.init("lost_frames", frames(report.lostFrames)))
    members.append(.init("partial_frames", frames(report.partialFrames)))
    members.append(.init("doubtful_frames", frames(report.doubtfulFrames)))
    members.append(
      .init(
        "lost_chunks",
        .array(
          report.lostChunks.map { ["name": .string($0.name), "reason": .string($0.reason)] })))
    members.append(
      .init(
        "gaps",
        .array(
          report.gaps.map { ["offset": .unsigned($0.offset), "bytes": .unsigned($0.byteCount)] })))
    members.append(.init("rebuilt_chunks", .array(report.rebuiltChunks.map { .string($0) })))
    members.append(.init("notes", .array(report.notes.map { .string($0) })))
    return .object(members)
  }

  private func describe(_ report: RescueReport, in session: Session) {
    session.line(
      "Saved \(HumanText.count(report.savedFrameCount, "frame")) and "
        + "\(HumanText.count(report.savedChunkCount, "other chunk")) to "
        + "\(PlainText.singleLine(output)), \(HumanText.bytes(report.byteCount))")
    for note in report.notes { session.line("  note: \(PlainText.singleLine(note))") }
    list("lost frame", report.lostFrames.map { "\($0.index): \($0.reason)" }, in: session)
    list("partial frame", report.partialFrames.map { "\($0.index): \($0.reason)" }, in: session)
    list("doubtful frame", report.doubtfulFrames.map { "\($0.index): \($0.reason)" }, in: session)
    list("lost chunk", report.lostChunks.map { "\($0.name): \($0.reason)" }, in: session)
    list(
      "skipped",
      report.gaps.map {
        "\(HumanText.count($0.byteCount, "byte")) at \($0.offset) that belong to no chunk"
      }, in: session)
    session.line(report.isComplete ? "Nothing was lost." : "Not everything could be saved.")
  }

  /// Lines of one kind, as many as a person wants to read.
  private func list(_ title: String, _ texts: [String], in session: Session) {
    for text in texts.prefix(20) { session.line("  \(title) \(PlainText.singleLine(text))") }
    if texts.count > 20 { session.line("  and \(texts.count - 20) more; --json lists them all") }
  }
}
