import ND2
import ND2Export
import ND2Writer

/// What writes a file anew: checking, rescuing, taking a part, removing names, describing as OME-XML.
enum RewritingTargets {
  /// Largest array of which parts are written.
  private static let mostArrayBytes = 8 << 20

  static func exercise(_ bytes: [UInt8]) {
    let source = MemorySource(bytes, name: "hostile.nd2")
    rescue(source, keepsPartialFrames: bytes.count & 1 != 0)
    var options = ReadingOptions()
    options.threadCount = 1
    options.isBeingWritten = bytes.count & 2 != 0
    guard let file = try? ND2File(reading: source, options: options) else { return }
    consume(try? file.validate(deep: true))
    consume(try? file.refreshed().frameCount)
    var document = OMEOptions()
    document.includesUnstructuredMetadata = true
    if file.frameCount <= 10_000 { consume(try? OMEDocument(of: file, options: document).xml()) }
    let size = file.elementCount.multipliedReportingOverflow(by: file.sampleType.byteCount)
    guard !size.overflow, size.partialValue <= mostArrayBytes else { return }
    subset(file, .all, anonymisation: Anonymisation(removesDates: true, recordsValues: true))
    var part = SubsetSelection.all
    for element in file.sizes where element.count > 1 {
      part[element.axis] = .range((element.count / 3)..<element.count)
    }
    subset(file, part, anonymisation: nil)
  }

  private static func rescue(_ source: MemorySource, keepsPartialFrames: Bool) {
    var options = FileRescue.Options()
    options.keepsPartialFrames = keepsPartialFrames
    let sink = MemorySink()
    if let report = try? FileRescue(reading: source, options: options).write(to: sink) {
      consume(report)
      let saved = MemorySource(sink.bytes, name: "saved.nd2")
      consume(try? ND2File(reading: saved).validate(deep: true))
    }
    guard let frames = try? RescuedFrames(reading: source, limit: 50) else { return }
    for frame in frames { consume(try? frame.array()) }
  }

  private static func subset(
    _ file: ND2File, _ selection: SubsetSelection, anonymisation: Anonymisation?
  ) {
    var options = SubsetOptions()
    options.anonymisation = anonymisation
    let sink = MemorySink()
    guard let report = try? file.writeSubset(to: sink, selection: selection, options: options)
    else { return }
    consume(try? report.auditTable().text(.csv))
    let copy = MemorySource(sink.bytes, name: "part.nd2")
    consume(try? ND2File(reading: copy).read())
  }
}
