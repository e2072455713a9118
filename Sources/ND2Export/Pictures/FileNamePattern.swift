import ND2

/// A name of a file with places for what it shows: `{name}_t{t:04}_c{c}.png`.
///
/// The places are `{name}` (of the ND2 file), `{t}`, `{p}`, `{z}`, `{u}` (indices of loops), `{c}`
/// (of the channel), `{position}` and `{channel}` (their names) and `{frame}` (number of the frame);
/// `{t:04}` fills up with zeros. Twice a brace stands for itself.
public struct FileNamePattern: Hashable, Sendable {
  /// A place.
  public enum Field: String, Hashable, Sendable, CaseIterable {
    /// Name of the ND2 file, without folder and ending.
    case name
    /// Index of the time point.
    case t
    /// Index of the position.
    case p
    /// Index of the focus plane.
    case z
    /// Index of the custom loop.
    case u
    /// Index of the channel.
    case c
    /// Name of the position.
    case position
    /// Name of the channel.
    case channel
    /// Number of the frame.
    case frame
  }

  private enum Part: Hashable, Sendable {
    case text(String)
    case field(Field, width: Int)
  }

  private let parts: [Part]

  /// Creates a pattern.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a place that is not known, a brace without its
  ///   partner, or a slash.
  public init(_ pattern: String) throws {
    func refused(_ reason: String) -> ND2Error {
      ND2Error(.invalidRequest, "the pattern '\(pattern)' \(reason)")
    }
    var parts: [Part] = []
    var text = ""
    var rest = Substring(pattern)
    while let character = rest.popFirst() {
      switch character {
      case "/": throw refused("has a slash, but names files of one folder")
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        text.append(character)
      case "}": throw refused("has a brace without its partner")
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw refused("has a brace without its partner")
        }
        let words = rest[..<end].split(separator: ":", omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        guard let field = words.first.flatMap({ Field(rawValue: String($0)) }), words.count <= 2
        else {
          let known = Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
          throw refused("asks for what is not one of \(known)")
        }
        var width = 0
        if words.count == 2 {
          guard let number = Int(words[1]), (0...20).contains(number) else {
            throw refused("has a width that is no number up to 20")
          }
          width = number
        }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(.field(field, width: width))
      default: text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    guard !parts.isEmpty else { throw refused("is empty") }
    self.parts = parts
  }

  /// The places of the pattern.
  public var fields: Set<Field> {
    Set(
      parts.compactMap { part in
        if case .field(let field, _) = part { field } else { nil }
      })
  }

  /// The name for values of the places; places without a value are 0 or empty.
  ///
  /// What cannot be in a name of a file becomes `_`.
  public func name(numbers: [Field: Int] = [:], texts: [Field: String] = [:]) -> String {
    var name = ""
    for part in parts {
      switch part {
      case .text(let text): name += text
      case .field(let field, let width):
        if let text = texts[field] {
          name += Self.clean(text)
        } else {
          let digits = String(numbers[field] ?? 0)
          name += String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
      }
    }
    return name
  }

  private static func clean(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isForbidden =
        scalar.value < 0x20 || scalar.value == 0x7F || "/\\:*?\"<>|".unicodeScalars.contains(scalar)
      result.unicodeScalars.append(isForbidden ? "_" : scalar)
    }
    return result
  }
}
