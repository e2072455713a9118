import ArgumentParser
import ND2
import ND2Remote

/// `nd2 cp`: a file from an address into the local file system.
struct CopyCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cp",
    abstract: "Copies a file from an address, many ranges side by side.",
    discussion: """
      What was interrupted goes on where it was when the same command is run again, as long as the \
      file has not changed. The output appears when all of it is there.
      """)

  @Argument(help: "The address: http, https, s3, gs, az, abfs or file.")
  var address: String

  @Argument(help: "What to write.", completion: .file(extensions: ["nd2"]))
  var output: String

  @OptionGroup var overwriting: OverwriteOption
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index is of no use here: all of the file is copied"
  }

  var wantsJSON: Bool { format.json }

  func validate() throws {
    guard Session.isAddress(address) else {
      throw ValidationError("'\(address)' is no address; for local files use cp")
    }
  }

  func perform(in session: Session) throws {
    let source = try session.remoteSource(address)
    var download = FileDownload(from: source, to: output)
    download.maxConcurrency = min(common.remote.requests ?? 16, 64)
    download.overwrites = overwriting.overwrite
    let progress = session.progress("Copying")
    let report = try StopSignal.watch {
      try Waiting.value(isCancelled: { StopSignal.isReceived }) { [download] in
        try await download.run { done, total in
          progress.show(share: Double(done) / Double(max(1, total)))
        }
      }
    }
    progress.finish()
    if format.json {
      session.print([
        "path": .string(output), "bytes": .unsigned(report.byteCount),
        "resumed_bytes": .unsigned(report.resumedByteCount),
      ])
    } else {
      let resumed =
        report.resumedByteCount > 0
        ? ", \(HumanText.bytes(report.resumedByteCount)) of it from before" : ""
      session.say("Copied \(HumanText.bytes(report.byteCount)) to \(output)\(resumed)")
    }
  }
}
