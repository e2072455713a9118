import ArgumentParser
import ND2

/// `nd2 doctor`: what is wrong with a file, in plain words, and what to do about it.
struct DoctorCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says in plain words what is wrong with a file, and what to do.",
    discussion: """
      Checks what 'nd2 validate' checks. Exit codes: 0 well, 3 damaged, 1 it cannot be opened.
      """)

  @OptionGroup var input: FileArgument

  @Flag(help: "Decode every compressed image and every mask.")
  var deep = false

  @OptionGroup var common: CommonOptions

  var savedIndexRefusal: String? {
    "--saved-index would hide what is checked"
  }

  func perform(in session: Session) throws {
    let validation: FileValidation
    do {
      validation = try session.validate(input.file, deep: deep)
    } catch let error as ND2Error {
      session.fail(error)
      for line in Self.advice(for: error, input.file) { session.line(line) }
      return
    }
    switch validation.verdict {
    case .sound:
      session.line("The file is well: everything that was looked at is as it should be.")
      if !deep { session.line("'nd2 doctor --deep' also decodes every compressed image and mask.") }
    case .usable:
      session.line("The file can be used as it is. Some things are unusual:")
      explain(validation, in: session)
    case .damaged:
      session.line("The file is damaged:")
      explain(validation, in: session)
      session.line("")
      session.line("What can still be read can be read as usual; frames that are gone are zeros.")
      session.line("To get a sound file of what is left:")
      session.line("  nd2 rescue \(Self.quoted(input.file)) \(Self.quoted(output))")
    }
  }

  /// What may help with a file that cannot be opened.
  static func advice(for error: ND2Error, _ path: String) -> [String] {
    switch error.code {
    case .notAnND2File:
      return [
        "If it was an ND2 file once and its beginning was overwritten, its frames may still be there:",
        "  nd2 rescue \(quoted(path)) rescued.nd2",
      ]
    case .malformed:
      return [
        "The frames may still be there. If you know their height and width:",
        "  nd2 rescue \(quoted(path)) rescued.nd2 --shape HEIGHT,WIDTH --dtype uint16",
      ]
    default: return []
    }
  }

  private var output: String {
    let name = input.file.hasSuffix(".nd2") ? String(input.file.dropLast(4)) : input.file
    return name + "-rescued.nd2"
  }

  private static func quoted(_ path: String) -> String {
    let safe = path.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2E || byte == 0x2F || byte == 0x5F || byte == 0x2D || byte >= 0x80
    }
    let text = PlainText.singleLine(path)
    if safe { return text }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// One sentence for each kind of finding.
  private func explain(_ validation: FileValidation, in session: Session) {
    var kinds: [String] = []
    for finding in validation.findings where !kinds.contains(finding.code) {
      kinds.append(finding.code)
    }
    for kind in kinds {
      let findings = validation.findings.filter { $0.code == kind }
      let frames = findings.compactMap(\.frame)
      var text = "- " + Self.sentence(kind, findings[0].message)
      if !frames.isEmpty {
        let shown = frames.prefix(10).map(String.init).joined(separator: ", ")
        text += " Frame\(frames.count == 1 ? "" : "s") \(shown)"
        text += frames.count > 10 ? " and others." : "."
      }
      session.line(PlainText.singleLine(text))
      for finding in findings.prefix(5) where kind == "reading" || kind == "metadata" {
        session.line("    " + PlainText.singleLine(finding.message))
      }
    }
  }

  private static func sentence(_ code: String, _ message: String) -> String {
    switch code {
    case "map.offset":
      "The list of chunks at the end of the file is wrong about where some of them are."
    case "map.size": "The list of chunks is wrong about the sizes of some of them."
    case "map.unlisted": "There are chunks that the list of chunks does not name."
    case "chunk.torn": "Parts of the file were cut off, or bytes are missing in the middle."
    case "chunk.doubtful":
      "Bytes are missing or were put in; these images may be shifted from some row on."
    case "chunk.overlap": "Chunks lie one over the other."
    case "chunk.superseded": "Some chunks were written again later; the later ones count."
    case "chunk.decode": "Metadata cannot be decoded."
    case "frame.decode": "Images cannot be decoded."
    case "frame.size": "Images have more bytes than their rows need."
    case "frames.missing":
      "Fewer frames are stored than were planned, as when an acquisition was stopped: \(message)."
    case "mask.decode": "Masks cannot be decoded."
    case "reading": "While reading:"
    default: message.prefix(1).uppercased() + message.dropFirst() + "."
    }
  }
}
