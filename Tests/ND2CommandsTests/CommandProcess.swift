#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The command as a process of its own, for what cannot be tried within the tests: limits of files and
/// signals. It is built beside the tests.
enum CommandProcess {
  /// Path of the command; nil when it is not there.
  static let path: String? = {
    #if os(Linux)
      var path = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/exe", &path, path.count - 1)
      guard count > 0 else { return nil }
      let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let command = folder.joined(separator: "/") + "/nd2"
      return access(command, X_OK) == 0 ? command : nil
    #else
      return nil
    #endif
  }()

  /// Runs a line of a shell in which `$ND2` is the command.
  ///
  /// - Returns: the exit code as the shell has it, and both streams.
  static func shell(_ line: String) -> (status: Int32, output: String) {
    let quoted = (path ?? "").replacing("'", with: "")
    guard let pipe = popen("ND2='\(quoted)'; { \(line)\n} 2>&1 </dev/null; echo \"=$?\"", "r")
    else { return (-1, "") }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, pipe)
      if count == 0 { break }
      bytes += block[..<count]
    }
    pclose(pipe)
    let text = String(decoding: bytes, as: UTF8.self)
    let code = text.split(separator: "=").last.map { $0.filter(\.isNumber) } ?? ""
    return (Int32(code) ?? -1, text)
  }
}
