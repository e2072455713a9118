import ArgumentParser
import ND2
import ND2Export

/// `nd2 verify`: whether a converted file has the pixels of its source.
struct VerifyCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compares every plane of a converted file with the ND2 file.",
    discussion: """
      Both are read, and the SHA-256 of every plane is compared; the manifest that 'nd2 convert \
      --verify' wrote (OUTPUT.verify.json) is taken into account when it is there, and says which part \
      was converted. Without one say the same ranges and --split as for 'nd2 convert'. Exit codes: 0 \
      equal, 3 different (the planes are listed), 1 for an output that cannot be compared.
      """)

  @OptionGroup var input: FileArgument

  @Argument(
    help: "What was written: TIFF, OME-Zarr, .npy, .npz, .raw, .bin or .nd2.", completion: .file())
  var output: String

  @OptionGroup(title: "Part") var part: SelectionOptions

  @Option(
    help: .init("Which axes have files of their own: p, t, c, or several.", valueName: "axes"))
  var split: SplitArgument?

  @Option(help: .init("The manifest, when it is elsewhere.", valueName: "file"))
  var manifest: String?

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func validate() throws {
    guard ExportFormat(path: output)?.keepsPixels == true else {
      throw ValidationError("'\(PlainText.singleLine(output))' has no name of a format with pixels")
    }
  }

  func perform(in session: Session) throws {
    guard let kind = ExportFormat(path: output) else { return }
    let usual = ExportManifest.path(for: output)
    let path = manifest ?? (FolderListing.exists(usual) ? usual : nil)
    let known = try path.map { try ExportManifest(path: $0) }
    let file = try session.open(input.file)
    var request = VerificationRequest(kind)
    let asked = try part.selection(in: file)
    request.selection = ExportSelection(part.isEmpty ? known?.selection ?? asked : asked)
    request.division = split?.division ?? known?.division ?? []
    request.manifest = known
    request.isCancelled = { StopSignal.isReceived }
    let progress = session.progress("Comparing")
    let verification = try StopSignal.watch {
      try file.verifyExport(at: output, request) {
        progress.show(share: $0.share, byteCount: $0.byteCount)
      }
    }
    progress.finish()
    let isSame = known?.isOf(file) ?? true
    if !verification.isEqual { session.noteDamage() }
    if format.json {
      var members = verification.json.members
      members.append(.init("manifest", path.map { .string($0) } ?? .null))
      if known != nil { members.append(.init("sameFile", .bool(isSame))) }
      session.print(.object(members))
    } else {
      if !isSame { session.say("nd2: the ND2 file has another size or map than the manifest says") }
      session.lines(verification.lines)
    }
    session.report(file.diagnostics)
  }
}
