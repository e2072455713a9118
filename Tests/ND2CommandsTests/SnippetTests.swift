import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the guides show must compile, run, and print what they say.
@Suite("Guides and their snippets")
struct SnippetTests {
  static let names = [
    "coming-from-python", "getting-started", "labels-and-coordinates", "lazy-work",
    "reading-across-networks", "tables", "understanding-dimensions", "writing-files",
  ]

  /// Xcode does not build snippets.
  private static var areBuilt: Bool { getenv("__XCODE_BUILT_PRODUCTS_DIR_PATHS") == nil }

  private func guide(_ name: String) throws -> String {
    let modules = ["writing-files": "ND2Writer", "reading-across-networks": "ND2Remote"]
    let module = modules[name] ?? "ND2"
    return try Repository.text(
      of: Repository.root + "/Sources/\(module)/\(module).docc/Guides/\(name).md")
  }

  @Test(
    "A snippet runs, prints what is expected and leaves nothing", .enabled(if: areBuilt),
    arguments: names)
  func runs(_ name: String) throws {
    let folder = try TemporaryFolder()
    let run = try SnippetFile(name).run(in: folder.root)
    #expect(run.status == 0, "\(run.output)")
    #expect(try GoldenFile("snippet-\(name).txt").matches(run.output), "\(run.output)")
    #expect(folder.names().isEmpty)
  }

  @Test("What comments say of the output is in the output", arguments: names)
  func comments(_ name: String) throws {
    let output = try Repository.text(
      of: Repository.folder(of: #filePath) + "/Golden/snippet-\(name).txt")
    var lines = output.split(separator: "\n").map(SnippetFile.trimmed)[...]
    for promise in try SnippetFile(name).promises {
      let place = lines.firstIndex(of: promise)
      #expect(place != nil, "\(promise)")
      if let place { lines = lines[(place + 1)...] }
    }
  }

  @Test("A guide shows every slice of its snippet, in order, and no other code", arguments: names)
  func slices(_ name: String) throws {
    let guide = try guide(name)
    let lead = "@Snippet(path: \"swift-nd2/Snippets/\(name)\", slice: \""
    let shown = guide.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix(lead), line.hasSuffix("\")") else { return nil }
      return String(line.dropFirst(lead.count).dropLast(2))
    }
    #expect(shown == (try SnippetFile(name).slices))
    #expect(guide.split(separator: "@Snippet(").count - 1 == shown.count)
    #expect(!guide.contains("```swift"))
  }

  @Test("Swift cells for users of the Python package are code that runs")
  func cells() throws {
    let code = try SnippetFile("coming-from-python").code
    var count = 0
    for line in try guide("coming-from-python").split(separator: "\n") {
      guard line.hasPrefix("| `") else { continue }
      let cells = line.split(separator: " | ")
      try #require(cells.count == 2, "\(line)")
      let parts = cells[1].split(separator: "`", omittingEmptySubsequences: false)
      #expect(code.contains(SnippetFile.normalized(String(parts[1]))), "\(parts[1])")
      count += 1
    }
    #expect(count > 80)
  }

  @Test("Every snippet has a guide")
  func all() throws {
    guard let folder = opendir(Repository.root + "/Snippets") else {
      Issue.record("no folder of snippets")
      return
    }
    defer { closedir(folder) }
    var found: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".swift") { found.append(String(name.dropLast(6))) }
    }
    #expect(found.sorted() == Self.names)
  }
}
