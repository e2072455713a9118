import ArgumentParser
import ND2
import ND2Export

/// `nd2 convert`: a file, a part of it, or a folder of files in another format.
struct ConvertCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a file, a part of it, or a folder of files in another format.",
    discussion: """
      The name of the output says the format: .ome.tif is OME-TIFF; .tif a hyperstack of ImageJ where \
      it can read that, else plain pages; .ome.zarr and .zarr are OME-Zarr, stage positions being \
      images and wells a plate; .npy and .npz are NumPy arrays; .raw and .bin numbers only, with a \
      description in JSON beside them; .png is a picture of one frame; .csv and .json are tables of \
      frames with times and places; .nd2 is a smaller ND2 file. Missing frames are zeros, and said, \
      unless --strict.

      With a folder as input all its ND2 files are converted into the output folder; errors are \
      listed at the end. --verify reads the output back, compares the hash of every plane with the \
      file, and writes OUTPUT.verify.json for 'nd2 verify'.
      """)

  @Argument(help: "The ND2 file, or a folder of such.", completion: .file(extensions: ["nd2"]))
  var input: String

  @Argument(help: "What to write.", completion: .file())
  var output: String

  @OptionGroup(title: "Part") var part: SelectionOptions

  @Option(
    help: .init(
      "A file for each stage position, time point or channel: p, t, c, or several.",
      valueName: "axes"))
  var split: SplitArgument?

  @OptionGroup(title: "TIFF") var tiff: ConvertTIFFOptions

  @OptionGroup(title: "OME-Zarr") var zarr: ConvertZarrOptions

  @Flag(
    help: """
      Compress at the level everywhere, also where the fastest coding is at most a sixteenth larger, as \
      with noise.
      """)
  var exactLevel = false

  @OptionGroup(title: "Folders") var folder: ConvertFolderOptions

  @Flag(help: "Include everything that the file says.")
  var unstructured = false

  @Flag(help: "Stop at missing or damaged frames instead of writing zeros.")
  var strict = false

  @Flag(help: "Compare every plane of the output with the file, and write a manifest.")
  var verify = false

  @Flag(help: "Tell the progress as JSON on stderr, an object a line.")
  var jsonProgress = false

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    isFolder ? "--saved-index is the index of one file" : nil
  }

  var wantsJSON: Bool { format.json }

  private var isFolder: Bool { FolderListing.isFolder(input) }

  /// The format of the outputs.
  private var target: ExportFormat? {
    isFolder ? folder.to?.format ?? .omeTIFF : ExportFormat(path: output)
  }

  func validate() throws {
    guard let target else {
      throw ValidationError(
        "the name of the output must end in .ome.tif, .tif, .ome.zarr, .zarr, .npy, .npz, .raw, "
          + ".bin, .png, .csv, .json or .nd2")
    }
    guard isFolder || folder.isEmpty else {
      throw ValidationError(
        "--to, --recursive, --jobs and --skip-existing are for folders; name the output instead")
    }
    if !target.isTIFF, !tiff.isEmpty {
      throw ValidationError("a \(target.rawValue) output takes no options of TIFF")
    }
    if !target.isZarr, !zarr.isEmpty {
      throw ValidationError("a \(target.rawValue) output takes no options of OME-Zarr")
    }
    if exactLevel, !target.isTIFF, !target.isZarr {
      throw ValidationError("--exact-level is for TIFF and OME-Zarr")
    }
    if target.isTable, split != nil {
      throw ValidationError("a table is not split")
    }
    if verify, !target.keepsPixels {
      throw ValidationError("--verify compares pixels, which \(target.rawValue) does not keep")
    }
  }

  private var settings: ConversionSettings {
    var settings = ConversionSettings()
    settings.tiff = tiff.options
    settings.zarr = zarr.options
    settings.tiff.isLevelExact = exactLevel
    settings.zarr.isLevelExact = exactLevel
    settings.division = split?.division ?? []
    settings.includesUnstructuredMetadata = unstructured
    settings.isStrict = strict
    settings.overwrites = overwriting.overwrite
    settings.verifies = verify
    return settings
  }

  func perform(in session: Session) throws {
    guard let target else { return }
    // Work ends at its next piece when a signal comes, and tidies up.
    try StopSignal.watch {
      if isFolder {
        try FolderConversion(
          input: input, output: output, format: target, settings: settings, part: part,
          options: folder, showsJSONProgress: jsonProgress, wantsJSON: wantsJSON
        ).run(in: session)
      } else {
        try convert(to: target, in: session)
      }
    }
  }

  private func convert(to target: ExportFormat, in session: Session) throws {
    let progress = ConversionProgress(session, file: input, isJSON: jsonProgress)
    do {
      let file = try session.open(input)
      let conversion = Conversion(
        file: file, input: input, output: output, format: target, settings: settings,
        ranges: try part.selection(in: file), progress: progress)
      let result = try conversion.run()
      progress.finish(result.json)
      tell(result, in: session)
      session.report(result.diagnostics, isShown: jsonProgress)
    } catch let error as ValidationError {
      throw error
    } catch {
      progress.fail(error)
      guard jsonProgress else { throw error }
      session.noteFailure()
      if wantsJSON { session.print(Session.json(of: error)) }
    }
  }

  private func tell(_ result: ConversionResult, in session: Session) {
    if let verification = result.verification, !verification.isEqual { session.noteDamage() }
    if format.json { return session.print(result.json) }
    let report = result.report
    let isOne = report.paths.count == 1
    let files = isOne ? report.paths[0] : HumanText.count(report.paths.count, "file")
    if !jsonProgress {
      session.say(
        "Wrote \(files): \(HumanText.count(report.imageCount, "image")), "
          + "\(HumanText.count(report.planeCount, "plane")), \(HumanText.bytes(report.byteCount))")
    }
    guard let verification = result.verification else { return }
    if !verification.isEqual {
      session.lines(verification.lines)
    } else if !jsonProgress {
      for line in verification.lines { session.say(line) }
    }
  }
}

/// The options of `nd2 convert` for folders.
struct ConvertFolderOptions: ParsableArguments {
  @Option(
    help: .init(
      "The format; ome-tiff unless said. Others are tiff, ome-zarr, npy, …", valueName: "format"))
  var to: FormatArgument?

  @Flag(name: [.short, .long], help: "Folders within the folder as well.")
  var recursive = false

  @Option(help: .init("Files that are converted at the same time.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Pass over files whose output is there.")
  var skipExisting = false

  /// Whether none of them was given.
  var isEmpty: Bool { to == nil && !recursive && jobs == nil && !skipExisting }

  func validate() throws {
    guard (1...256).contains(jobs ?? 1) else {
      throw ValidationError("--jobs goes from 1 to 256")
    }
  }
}
