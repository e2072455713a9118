package import ND2Format

/// A defect of a file that did not stop the reading, but that a user should know of.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// How much the defect matters.
  public enum Severity: String, Hashable, Sendable, Codable {
    /// Unusual, but nothing is lost.
    case note
    /// Something was repaired or guessed.
    case warning
    /// Data is missing or cannot be decoded.
    case damage
  }

  /// How much the defect matters.
  public var severity: Severity
  /// One sentence for people.
  public var message: String
  /// Where it lies.
  public var location: ND2Error.Location

  /// Creates a diagnostic.
  public init(
    _ severity: Severity, _ message: String, at location: ND2Error.Location = .init()
  ) {
    self.severity = severity
    self.message = message
    self.location = location
  }

  /// Severity, message and place in one line.
  public var description: String {
    let place = location.description
    return place.isEmpty
      ? "\(severity.rawValue): \(message)"
      : "\(severity.rawValue): \(message) (\(place))"
  }
}

/// Collects diagnostics while a part of a file is decoded.
///
/// A defect that repeats is counted up to a bound, so that a hostile file cannot fill the memory.
package struct DiagnosticLog: Sendable {
  package private(set) var entries: [Diagnostic] = []
  private static let mostEntries = 200

  package init() {}

  package mutating func note(_ message: String, chunk: String? = nil, path: String? = nil) {
    append(Diagnostic(.note, message, at: .init(chunk: chunk, path: path)))
  }

  package mutating func warning(_ message: String, chunk: String? = nil, path: String? = nil) {
    append(Diagnostic(.warning, message, at: .init(chunk: chunk, path: path)))
  }

  package mutating func damage(
    _ message: String, chunk: String? = nil, path: String? = nil, offset: UInt64? = nil
  ) {
    append(Diagnostic(.damage, message, at: .init(offset: offset, chunk: chunk, path: path)))
  }

  /// Takes over the defects that a decoder met.
  package mutating func damage(_ problems: [Malformed], in chunk: String) {
    for problem in problems {
      damage(
        "part of the chunk could not be decoded: \(problem)", chunk: chunk, offset: problem.offset)
    }
  }

  package mutating func append(_ diagnostic: Diagnostic) {
    guard entries.count < Self.mostEntries, !entries.contains(diagnostic) else { return }
    entries.append(diagnostic)
  }

  package mutating func append(contentsOf log: DiagnosticLog) {
    for entry in log.entries { append(entry) }
  }
}
