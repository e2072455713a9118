import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program of the documentation: its source, and its run.
struct SnippetFile {
  let name: String
  let lines: [Substring]

  init(_ name: String) throws {
    self.name = name
    lines = try Repository.text(of: "\(Repository.root)/Snippets/\(name).swift")
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The source with every run of blanks and line ends as one blank, and no blank before a dot.
  var code: String { Self.normalized(lines.joined(separator: "\n")) }

  static func normalized(_ code: String) -> String {
    code.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing(" .", with: ".").replacing("(.", with: "( .").replacing("( ", with: "(")
  }

  /// The names of its slices, in order.
  var slices: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 2, words[0] == "//", words[1].hasPrefix("snippet.") else { return nil }
      let name = words[1].dropFirst("snippet.".count)
      return ["end", "hide", "show"].contains(name) ? nil : String(name)
    }
  }

  /// What the comments at and below lines that print say that is printed.
  var promises: [String] {
    var promises: [String] = []
    var isBelowPrint = false
    for line in lines {
      let text = Self.trimmed(line)
      if isBelowPrint, text.hasPrefix("// "), !text.hasPrefix("// snippet.") {
        promises.append(Self.trimmed(text.dropFirst(3)))
        continue
      }
      isBelowPrint = text.contains("print(")
      if isBelowPrint, let comment = text.lastRange(of: "  // ") {
        promises.append(Self.trimmed(text[comment.upperBound...]))
      }
    }
    return promises
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Runs the program in a folder, which is its folder for temporary files as well.
  func run(in folder: String) throws -> (status: Int32, output: String) {
    guard let programs = Self.builtPrograms else {
      throw ND2Error(.io, "the snippets are not built; 'swift build' builds them")
    }
    let command = "cd '\(folder)' && TMPDIR='\(folder)' '\(programs)/\(name)' 2>&1"
    guard let pipe = popen(command, "r") else { throw ND2Error(.io, "cannot run \(name)") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      output += buffer[..<count]
    }
    return (pclose(pipe), String(decoding: output, as: UTF8.self))
  }

  /// The folder of built programs: the one that this code was built into, or one above it.
  private static var builtPrograms: String? {
    var folder = Repository.folder(of: testProgram)
    for _ in 0..<5 {
      if access("\(folder)/getting-started", X_OK) == 0 { return folder }
      folder = Repository.folder(of: folder)
    }
    return nil
  }

  /// The file that holds this code.
  private static var testProgram: String {
    #if canImport(Darwin)
      // The process is a helper of the package manager, which loads a bundle.
      var info = Dl_info()
      guard dladdr(#dsohandle, &info) != 0, let name = info.dli_fname else { return "" }
      return String(cString: name)
    #else
      var path = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/exe", &path, path.count)
      return String(
        decoding: path.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    #endif
  }
}

extension StringProtocol {
  /// The last place of a text.
  func lastRange(of text: String) -> Range<Index>? {
    var last: Range<Index>?
    var start = startIndex
    while let range = self[start...].firstRange(of: text) {
      last = range
      start = range.upperBound
    }
    return last
  }
}
