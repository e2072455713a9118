import ArgumentParser
import ND2

/// `nd2 validate`: whether files are sound.
struct ValidateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks files: map, chunks, frames, times, metadata.",
    discussion: """
      Of compressed images the first, the middle and the last are decoded; all with --deep.

      Exit codes: 0 sound or usable, 3 damaged, 1 a file cannot be opened.
      """)

  @Argument(help: "The ND2 files.", completion: .file(extensions: ["nd2"]))
  var files: [String]

  @Flag(help: "Decode every compressed image and every mask.")
  var deep = false

  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index would hide what is checked"
  }

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    var documents: [JSONValue] = []
    for path in files {
      do {
        let validation = try session.validate(path, deep: deep)
        documents.append(document(of: path, validation))
        if !format.json { describe(path, validation, in: session) }
      } catch {
        if files.count == 1 { throw error }
        session.fail(error)
        documents.append(Session.json(of: error))
      }
    }
    guard format.json else { return }
    session.print(documents.count == 1 ? documents[0] : .array(documents))
  }

  private func document(of path: String, _ validation: FileValidation) -> JSONValue {
    [
      "path": .string(path), "verdict": .string(validation.verdict.rawValue),
      "frames": .integer(Int64(validation.frameCount)),
      "chunks": .integer(Int64(validation.chunkCount)),
      "decoded_frames": .integer(Int64(validation.decodedFrameCount)),
      "deep": .bool(validation.isDeep),
      "findings": .array(
        validation.findings.map { finding in
          [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "message": .string(finding.message), "chunk": .text(finding.chunk),
            "offset": finding.offset.map { .unsigned($0) } ?? .null,
            "frame": finding.frame.map { .integer(Int64($0)) } ?? .null,
          ]
        }),
    ]
  }

  private func describe(_ path: String, _ validation: FileValidation, in session: Session) {
    let terminal = session.console.output.terminal
    let verdict =
      switch validation.verdict {
      case .sound: terminal.styled("sound", .good)
      case .usable: terminal.styled("usable", .warning)
      case .damaged: terminal.styled("damaged", .bad)
      }
    session.line(
      "\(PlainText.singleLine(path)): \(verdict)  "
        + "\(HumanText.count(validation.frameCount, "frame")), "
        + "\(HumanText.count(validation.chunkCount, "chunk")), "
        + "\(HumanText.count(validation.decodedFrameCount, "image")) decoded")
    for finding in validation.findings {
      var text = "  \(finding.severity.rawValue): \(finding.message)"
      let places = [
        finding.frame.map { "frame \($0)" }, finding.chunk.map { "chunk '\($0)'" },
        finding.offset.map { "offset \($0)" },
      ].compactMap { $0 }
      if !places.isEmpty { text += " (\(places.joined(separator: ", ")))" }
      session.line(PlainText.singleLine(text))
    }
  }
}

extension Session {
  /// Opens and checks a file; damage decides on the exit code.
  func validate(_ path: String, deep: Bool) throws -> FileValidation {
    let file = try open(path)
    let progress = progress("Checking")
    let validation = try file.validate(deep: deep) { progress.show(share: $0) }
    progress.finish()
    if validation.verdict == .damaged {
      report([Diagnostic(.damage, "the file is damaged")], isShown: true)
    }
    return validation
  }
}
