import ND2
import ND2TestSupport
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Whole files")
struct WholeFileTests {
  /// Notes what is pending.
  private final class Watcher: TemporaryFileWatcher {
    let paths = Lock<[Int: String]>([:])
    let noted = Atomic<Int>(0)

    func note(_ path: String) -> Int? {
      let number = noted.add(1, ordering: .relaxed).newValue
      paths.withLock { $0[number] = path }
      return number
    }

    func forget(_ number: Int) { paths.withLock { $0[number] = nil } }
  }

  @Test("A file appears when it is committed, not before, and has all bytes")
  func commit() throws {
    let directory = try TemporaryDirectory()
    let file = try WholeFile(path: directory.file("a"), options: .init(overwriting: false))
    try file.write([1, 2])
    try file.write([])
    try file.write([3])
    #expect(directory.fileNames.count == 1)
    #expect(directory.fileNames != ["a"])
    try file.commit()
    #expect(directory.fileNames == ["a"])
    #expect(try directory.read("a") == [1, 2, 3])
  }

  @Test("The temporary file is told before it is there, and forgotten with it")
  func watcher() throws {
    let directory = try TemporaryDirectory()
    let watcher = Watcher()
    var options = WholeFile.Options(overwriting: false)
    options.watcher = watcher
    for isKept in [true, false] {
      let file = try WholeFile(path: directory.file("a"), options: options)
      let pending = watcher.paths.withLock { Array($0.values) }
      #expect(pending.count == 1)
      #expect(pending.first.map { $0.hasPrefix(directory.path) } == true)
      if isKept { try file.commit() } else { file.discard() }
      #expect(watcher.paths.withLock { $0.isEmpty })
      options.overwriting = true
    }
    #expect(throws: ND2Error.self) {
      _ = try WholeFile(path: "/nonexistent/a", options: options)
    }
    #expect(watcher.paths.withLock { $0.isEmpty })
  }

  @Test("The advice about a file that is there is the caller's")
  func advice() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1], as: "a")
    var options = WholeFile.Options(overwriting: false)
    options.advice = "ask someone else"
    let error = thrownError { _ = try WholeFile(path: path, options: options) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.hasSuffix("ask someone else") == true)
    #expect(error?.location.file == path)
  }

  @Test("An input is not replaced, under whatever name")
  func inputs() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1], as: "a")
    try #require(symlink(path, directory.file("b")) == 0)
    try #require(link(path, directory.file("c")) == 0)
    var options = WholeFile.Options(overwriting: true)
    options.inputs = ["/nonexistent", path]
    for name in ["a", "b", "c"] {
      let error = thrownError { _ = try WholeFile(path: directory.file(name), options: options) }
      #expect(error?.code == .invalidRequest)
    }
    #expect(try directory.read("a") == [1])
  }

  @Test("A link to nothing counts as taken")
  func danglingLink() throws {
    let directory = try TemporaryDirectory()
    try #require(symlink("/nonexistent/x", directory.file("a")) == 0)
    let error = thrownError {
      _ = try WholeFile(path: directory.file("a"), options: .init(overwriting: false))
    }
    #expect(error?.code == .invalidRequest)
  }

  @Test("A file in the current folder needs no slash")
  func relative() throws {
    // Only refused paths: the folder of the process is nobody's to write into.
    let error = thrownError { _ = try WholeFile(path: ".", options: .init(overwriting: true)) }
    #expect(error?.code == .invalidRequest)
  }

  @Test("Two outputs of one folder do not meet")
  func several() throws {
    let directory = try TemporaryDirectory()
    let files = try (0..<20).map {
      try WholeFile(path: directory.file("\($0)"), options: .init(overwriting: false))
    }
    for (index, file) in files.enumerated() { try file.write([UInt8(index)]) }
    for file in files { try file.commit() }
    for index in 0..<20 { #expect(try directory.read("\(index)") == [UInt8(index)]) }
  }
}
