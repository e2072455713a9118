#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Python interpreter that has the programs to compare with, for tests that are skipped without it.
///
/// The environment's `ND2_PEER_PYTHON` names it; else it is what `scripts/setup-peers` made.
package struct PeerPython: Sendable {
  /// What a script printed on both streams, and how it ended.
  package struct Outcome: Sendable {
    /// The exit status; 0 for success.
    package let status: Int32
    /// All that was printed.
    package let output: String
  }

  /// The interpreter, or nil when there is none.
  package static let shared: PeerPython? = {
    var candidates: [String] = []
    if let value = getenv("ND2_PEER_PYTHON") { candidates.append(String(cString: value)) }
    if let root { candidates.append("\(root)/.build/peers/bin/python") }
    return candidates.first { access($0, X_OK) == 0 }.map(PeerPython.init)
  }()

  /// Whether there is an interpreter.
  package static var isPresent: Bool { shared != nil }

  /// The folder of the package: this file lies in Tests/Support/ND2TestSupport of it.
  private static let root: String? = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count > 4 ? parts.dropLast(4).joined(separator: "/") : nil
  }()

  /// Path of the interpreter.
  package let path: String

  /// Runs a script of Tests/Support/peers.
  package func run(script name: String, arguments: [String] = []) throws -> Outcome {
    try run(["\(Self.root ?? ".")/Tests/Support/peers/\(name)"] + arguments)
  }

  /// Runs a script of any folder.
  package func run(scriptAt script: String, arguments: [String] = []) throws -> Outcome {
    try run([script] + arguments)
  }

  /// Runs lines of Python.
  package func run(code: String) throws -> Outcome { try run(["-c", code]) }

  private func run(_ arguments: [String]) throws -> Outcome {
    let words = [path, "-B"] + arguments
    let command = words.map(Self.quoted).joined(separator: " ") + " 2>&1 </dev/null"
    guard let pipe = popen(command, "r") else { throw TemporaryDirectory.Failure(code: errno) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, pipe)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return Outcome(status: pclose(pipe), output: String(decoding: bytes, as: UTF8.self))
  }

  /// A word as the shell takes it literally.
  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
