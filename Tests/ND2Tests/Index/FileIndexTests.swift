import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("An index of many files")
struct FileIndexTests {
  private static let small = SampleFile(width: 8, height: 6, loops: [.time(count: 3)])

  /// A tree of folders and files, which is there as long as the directory is.
  private func tree() throws -> (directory: TemporaryDirectory, root: String) {
    let directory = try TemporaryDirectory()
    for folder in ["a", "a/deep", "b"] { mkdir(directory.file(folder), 0o755) }
    let bytes = try Self.small.bytes()
    for name in ["z.nd2", "a.ND2", "a/1.nd2", "a/deep/2.nd2", "b/3.nd2", "a/4.tif"] {
      _ = try directory.write(bytes, as: name)
    }
    return (directory, directory.path)
  }

  private func names(
    _ paths: [String], _ change: (inout FileIndex.Options) throws -> Void = { _ in }
  )
    throws -> [String]
  {
    var options = FileIndex.Options()
    try change(&options)
    return try FileIndex(paths, options: options).records().map(\.name)
  }

  @Test("Folders give their files by name, folders within only when asked for")
  func searching() throws {
    let (directory, root) = try tree()
    defer { withExtendedLifetime(directory) {} }
    #expect(try names([root]) == ["a.ND2", "z.nd2"])
    #expect(
      try names([root]) { $0.isRecursive = true }
        == ["a.ND2", "z.nd2", "1.nd2", "2.nd2", "3.nd2"])
    #expect(
      try names([root]) {
        $0.isRecursive = true
        $0.pattern = try FilePattern("[0-9].*")
      } == ["1.nd2", "4.tif", "2.nd2", "3.nd2"])
    #expect(try names([root]) { $0.pattern = try FilePattern("*/*.nd2") } == ["1.nd2", "3.nd2"])
    #expect(
      try names([root]) { $0.pattern = try FilePattern("a/**/*.nd2") } == ["1.nd2", "2.nd2"])
    // Files that are named need not match, and come in the order of the arguments.
    #expect(
      try names(["\(root)/z.nd2", "\(root)/a/4.tif", "\(root)/b"]) == ["z.nd2", "4.tif", "3.nd2"])
  }

  @Test("Links to files are files; loops of links are followed once, when asked for")
  func links() throws {
    let (directory, root) = try tree()
    defer { withExtendedLifetime(directory) {} }
    symlink("\(root)/b/3.nd2", "\(root)/link.nd2")
    symlink(root, "\(root)/a/up")
    symlink("\(root)/b", "\(root)/other")
    symlink("\(root)/nowhere", "\(root)/lost.nd2")
    defer { for name in ["link.nd2", "a/up", "other", "lost.nd2"] { unlink("\(root)/\(name)") } }
    var options = FileIndex.Options()
    options.isRecursive = true
    let records = try FileIndex([root], options: options).records()
    #expect(
      records.map(\.name) == [
        "a.ND2", "link.nd2", "lost.nd2", "z.nd2", "1.nd2", "2.nd2", "3.nd2",
      ])
    #expect(records[1].path.hasSuffix("/b/3.nd2"))
    #expect(records[2].failure?.code == .io)
    // Each folder once: b comes as itself, before the link to it.
    #expect(
      try names([root]) {
        $0.isRecursive = true
        $0.followsLinks = true
      } == ["a.ND2", "link.nd2", "lost.nd2", "z.nd2", "1.nd2", "2.nd2", "3.nd2"])
    // A link that a pattern names is no matter of searching.
    #expect(try names([root]) { $0.pattern = try FilePattern("other/*.nd2") } == ["3.nd2"])
    #expect(try names(["\(root)/other"]) == ["3.nd2"])
  }

  @Test("Files that cannot be read have rows, and do not end the index")
  func failures() throws {
    let (directory, root) = try tree()
    defer { withExtendedLifetime(directory) {} }
    _ = try directory.write(Array("no image".utf8), as: "b/bad.nd2")
    _ = try directory.write([], as: "b/empty.nd2")
    mkfifo("\(root)/b/pipe.nd2", 0o644)
    let records = try FileIndex([
      "\(root)/b", "\(root)/missing.nd2", "\(root)/b/pipe.nd2",
    ]).records()
    #expect(
      records.map(\.name) == ["3.nd2", "bad.nd2", "empty.nd2", "missing.nd2", "pipe.nd2"])
    #expect(records[0].failure == nil)
    #expect(records[1].failure?.code == .notAnND2File)
    #expect(records[1][.kilobytes] == .number(0.01))
    #expect(records[1][.shape].isMissing)
    #expect(records[2].failure != nil)
    #expect(records[3].failure?.code == .io && records[4].failure?.code == .io)
    let json = records[1].json([.name, .shape])
    #expect(json["shape"] == .null)
    #expect(json["error"]?.string?.contains("not an ND2 file") == true)
    #expect(records[0].json([.name])["error"] == nil)
  }

  @Test("A folder that cannot be read is a row")
  func unreadable() throws {
    let (directory, root) = try tree()
    defer { withExtendedLifetime(directory) {} }
    chmod("\(root)/a", 0)
    defer { chmod("\(root)/a", 0o755) }
    // The superuser may read everything.
    guard access("\(root)/a", R_OK) != 0 else { return }
    var options = FileIndex.Options()
    options.isRecursive = true
    let records = try FileIndex([root], options: options).records()
    #expect(records.map(\.name) == ["a.ND2", "z.nd2", "a", "3.nd2"])
    #expect(records[2].failure?.code == .io)
  }

  @Test("Rows say what the file says")
  func values() throws {
    let directory = try TemporaryDirectory()
    var sample = SampleFile.demo(
      width: 12, height: 10, times: 2, positions: 3, slices: 4, channels: 2)
    sample.maskLayers = [
      .init(id: 1, name: "m", masks: [0: .init(width: 12, height: 10) { x, _ in x > 3 ? 1 : 0 }])
    ]
    let path = try directory.write(try sample.bytes(), as: "all.nd2")
    let record = FileIndex.record(of: path, columns: IndexColumn.allCases)
    let file = try ND2File(path: path)
    #expect(record[.version] == .text("3.0"))
    #expect(record[.shape] == .list(file.shape.map { .integer($0) }))
    #expect(record[.axes] == .text("TPZCYX"))
    #expect(record[.experiment] == .text("TimeLoop:2;XYPosLoop:3;ZStackLoop:4"))
    #expect(record[.sampleType] == .text("uint16"))
    #expect(record[.hasMasks] == .bool(true) && record[.hasRegions] == .bool(true))
    #expect(record[.frames] == .integer(24) && record[.storedFrames] == .integer(24))
    #expect(record[.positions] == .integer(3))
    #expect(record[.channels] == .list(file.channelNames.map { .text($0) }))
    #expect(record[.pixelSize] == .number(file.voxelSize.x))
    #expect(record[.focusStep] == .number(file.voxelSize.z))
    #expect((record[.duration].double ?? 0) > 0)
    #expect(record[.isDamaged] == .bool(false) && record[.error].isMissing)
    #expect((record[.modified].string ?? "") > "2020")
    let few = FileIndex.record(of: path, columns: [.name])
    #expect(few[.hasMasks].isMissing && few[.duration].isMissing && few.failure == nil)
  }

  @Test("That there are regions is known without decoding them")
  func regions() throws {
    for (name, sample) in Gallery.all where name != "pyramid" {
      let file = try ND2File(reading: MemorySource(try sample.bytes()))
      #expect(try file.hasRegions() == !file.rois().isEmpty, "\(name)")
    }
  }

  @Test("Sizes in kilobytes are rounded as Python rounds them")
  func kilobytes() {
    // round(n / 1000, 2) of Python 3.11.
    let known: [(UInt64, Double)] = [
      (0, 0), (4, 0), (5, 0.01), (15, 0.01), (25, 0.03), (1005, 1), (1015, 1.01), (1125, 1.12),
      (1375, 1.38), (2675, 2.67), (557_056, 557.06), (1_000_005, 1000), (123_456_785, 123456.79),
      (8_000_000_125, 8_000_000.12),
    ]
    for (count, value) in known { #expect(IndexRecord.kilobytes(count) == value, "\(count)") }
  }

  @Test("Times are those of the calendar")
  func times() {
    #expect(IndexRecord.time(0) == "1970-01-01 00:00:00")
    #expect(IndexRecord.time(-1) == "1969-12-31 23:59:59")
    #expect(IndexRecord.time(951_782_400) == "2000-02-29 00:00:00")
    #expect(IndexRecord.time(.max) == nil && IndexRecord.time(.min) == nil)
  }

  @Test("Rows are sorted by several columns; those without value come last")
  func sorting() throws {
    func record(_ name: String, _ kilobytes: Double?, _ shape: [Int]) -> IndexRecord {
      var record = IndexRecord()
      record[.name] = .text(name)
      if let kilobytes { record[.kilobytes] = .number(kilobytes) }
      record[.shape] = .list(shape.map { .integer($0) })
      return record
    }
    let records = [
      record("b", 2, [3, 4]), record("a", nil, [3]), record("c", 2, [10]), record("d", 1, [3, 4]),
    ]
    func sorted(_ orders: String...) -> [String] {
      let order = orders.compactMap { IndexOrder($0) }
      return records.sorted { order.precedes($0, $1) }.map(\.name)
    }
    #expect(sorted("kb", "name") == ["d", "b", "c", "a"])
    #expect(sorted("kb-", "name-") == ["c", "b", "d", "a"])
    #expect(sorted("shape", "name") == ["a", "b", "d", "c"])
    #expect(IndexOrder("nothing") == nil && IndexOrder("-") == nil)
  }

  @Test("Filters choose rows, visitors see the chosen ones, in any number of files")
  func many() async throws {
    let directory = try TemporaryDirectory()
    let bytes = try Self.small.bytes()
    for index in 0..<700 { _ = try directory.write(bytes, as: "f\(1000 + index).nd2") }
    var options = FileIndex.Options()
    options.columns = [.name, .thumbnail]
    options.filters = [try IndexFilter("name > 'f1100' and shape[0] == 3")]
    options.visit = { file, record in record[.thumbnail] = .text("of \(file.frameCount)") }
    var rejected = 0
    var names: [String] = []
    try FileIndex([directory.path], options: options).forEach(rejected: { _ in rejected += 1 }) {
      names.append($0.name)
      #expect($0[.thumbnail] == .text("of 3"))
    }
    #expect(rejected == 100)
    #expect(
      names == (1100..<1700).map { "f\($0).nd2" })
    options.order = [IndexOrder(.name, descending: true)]
    let table = try await FileIndex([directory.path], options: options).table()
    #expect(table.rowCount == names.count && table.titles == ["name", "thumbnail"])
    #expect(table["name"]?.strings?.first == "f1699.nd2")
  }

  @Test("What the caller throws ends the index; a cancelled task ends it too")
  func ending() async throws {
    struct Enough: Error {}
    let (directory, root) = try tree()
    #expect(throws: Enough.self) { try FileIndex([root]).forEach { _ in throw Enough() } }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await FileIndex([root]).records()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    withExtendedLifetime(directory) {}
  }

  @Test("A table has the values as text, lists and truth values as Python writes them")
  func tables() throws {
    let (directory, root) = try tree()
    defer { withExtendedLifetime(directory) {} }
    var options = FileIndex.Options()
    options.columns = [.name, .shape, .hasRegions, .kilobytes, .channels]
    let text = try FileIndex(["\(root)/z.nd2"], options: options).table().text(.csv, lineEnd: .lf)
    let lines = text.split(separator: "\n")
    #expect(lines[0] == "name,shape,rois,kb,channels")
    #expect(lines[1].hasPrefix("z.nd2,\"[3, 6, 8]\",False,"))
    let empty = try Table([IndexRecord](), columns: IndexColumn.standard)
    #expect(empty.titles == IndexColumn.standard.map(\.name))
    #expect(
      IndexValue.list([.text("a'b"), .missing, .bool(true)]).text == #"['a\'b', None, True]"#)
  }

  @Test("Every column has a name of its own")
  func columns() {
    let names = IndexColumn.allCases.map(\.name)
    #expect(Set(names).count == names.count)
    for column in IndexColumn.allCases { #expect(IndexColumn(name: column.name) == column) }
    #expect(IndexColumn(name: "no") == nil)
  }
}
