#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Environment variables that credentials and settings of object stores are taken from.
///
/// A value of its own, so that a program can give others than its own, or none. Its values never
/// show when it is printed. Paths that begin with `~/` and files in their usual places are looked
/// up under `HOME` of these variables.
public struct RemoteEnvironment: Hashable, Sendable, ExpressibleByDictionaryLiteral,
  CustomStringConvertible, CustomReflectable
{
  /// The variables.
  public var variables: [String: String]

  /// Takes variables.
  public init(_ variables: [String: String]) { self.variables = variables }

  /// Takes variables.
  public init(dictionaryLiteral elements: (String, String)...) {
    variables = Dictionary(elements, uniquingKeysWith: { $1 })
  }

  /// Those of this process at the moment.
  public static var process: RemoteEnvironment {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let words = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if words.count == 2 { variables[String(words[0])] = String(words[1]) }
      entry += 1
    }
    return RemoteEnvironment(variables)
  }

  /// The number of variables, not their values.
  public var description: String { "\(variables.count) environment variables" }

  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The value of the first of the variables that is set and not empty.
  package func first(_ names: String...) -> String? {
    for name in names {
      if let value = variables[name], !value.isEmpty { return value }
    }
    return nil
  }

  /// Whether a variable says yes: `true`, `1`, `yes` or `on`.
  package func isTrue(_ name: String) -> Bool {
    ["true", "1", "yes", "on"].contains(variables[name]?.lowercased() ?? "")
  }

  /// The path with the home folder in place of a leading `~`.
  package func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = first("HOME", "USERPROFILE") else {
      return path
    }
    return home + path.dropFirst()
  }
}

/// Reading of small files: of credentials and tokens.
package enum SmallFile {
  private static let mostByteCount = 1 << 20

  /// The bytes of a file; nil when it cannot be read or is larger than a megabyte.
  package static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    return readAll(file)
  }

  /// The text of a file without white space at its ends.
  package static func text(_ path: String) -> String? {
    guard let bytes = read(path), let text = String(validating: bytes, as: UTF8.self) else {
      return nil
    }
    return String(text.trimmingSpace)
  }

  package static func readAll(_ file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes += block[..<count]
      if bytes.count > mostByteCount { return nil }
    }
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  package var trimmingSpace: SubSequence {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }
}
