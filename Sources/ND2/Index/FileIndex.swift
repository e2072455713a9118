/// An index of many files: a row of facts for each, read by several threads.
///
/// ```swift
/// var options = FileIndex.Options()
/// options.isRecursive = true
/// options.filters = [try IndexFilter("acquired > '2020' and shape[0] > 3")]
/// options.order = [IndexOrder(.kilobytes, descending: true)]
/// let index = FileIndex(["/data"], options: options)
/// print(try index.table().text(.csv))
/// ```
///
/// Files that cannot be read do not end it: they have rows that say why.
public struct FileIndex: Sendable {
  /// Which files, what of them, and in which order.
  public struct Options: Sendable {
    /// Whether folders within folders are searched.
    public var isRecursive = false
    /// Which files of a folder are taken; files that are named need not match.
    public var pattern = FilePattern.nd2
    /// Whether links to folders are followed when folders within folders are searched; a folder that
    /// several links lead to is searched once.
    public var followsLinks = false
    /// The columns that are wanted. Others may be missing, when they take reading.
    public var columns = IndexColumn.standard
    /// Conditions that all must hold.
    public var filters: [IndexFilter] = []
    /// The columns by which rows are sorted, the first one first; none for the order of the paths and,
    /// in folders, of names.
    public var order: [IndexOrder] = []
    /// Threads that read files side by side; nil for a few more than cores, as most of the time is
    /// spent waiting where files lie on a network, and for 32 where there are addresses.
    public var threadCount: Int?
    /// How files are opened.
    public var reading = ReadingOptions()
    /// Opens the bytes of a path. One that can open addresses (`scheme://…`) makes rows of them too;
    /// the row then has the ``ByteSource/name`` of the source, which is without credentials.
    public var source: @Sendable (String) throws -> any ByteSource = { try FileSource(path: $0) }
    /// Called for every file whose row is taken, while it is open, on one of the threads; it may set
    /// columns, such as ``IndexColumn/thumbnail``.
    public var visit: (@Sendable (ND2File, inout IndexRecord) -> Void)?

    /// Creates options with the defaults.
    public init() {}
  }

  /// Files and folders, and addresses where ``Options/source`` can open them.
  public let paths: [String]
  /// Which files, what of them, and in which order.
  public let options: Options

  /// Creates an index; nothing is read yet.
  ///
  /// - Parameters:
  ///   - paths: files, and folders whose files are taken.
  ///   - options: which files, what of them, and in which order.
  public init(_ paths: [String], options: Options = Options()) {
    self.paths = paths
    self.options = options
  }

  /// The rows.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when a filter cannot be computed.
  public func records() throws -> [IndexRecord] { try collected(until: nil) }

  /// The rows, read by threads that may wait.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when a filter cannot be computed, and
  ///   `CancellationError`.
  public func records() async throws -> [IndexRecord] {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await Offload.run { try collected(until: flag) }
    } onCancel: {
      flag.set()
    }
  }

  /// The rows as a table.
  ///
  /// - Throws: as `records()`.
  public func table() throws -> Table { try Table(try records(), columns: options.columns) }

  /// The rows as a table, read by threads that may wait.
  ///
  /// - Throws: as `records()`, and `CancellationError`.
  public func table() async throws -> Table {
    try Table(try await records(), columns: options.columns)
  }

  /// Gives the rows one after the other. Without ``Options/order`` they come while further files are
  /// read, and memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - rejected: is given the rows that a filter leaves out, at once.
  ///   - body: is given the others, on the thread of the caller.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when a filter cannot be computed, and what `body`
  ///   throws.
  public func forEach(
    rejected: (IndexRecord) throws -> Void = { _ in }, _ body: (IndexRecord) throws -> Void
  ) throws {
    try deliver(until: nil, rejected: rejected, body)
  }

  private func collected(until flag: CancellationFlag?) throws -> [IndexRecord] {
    var records: [IndexRecord] = []
    try deliver(until: flag, rejected: { _ in }) { records.append($0) }
    return records
  }

  private func deliver(
    until flag: CancellationFlag?, rejected: (IndexRecord) throws -> Void,
    _ body: (IndexRecord) throws -> Void
  ) throws {
    guard !options.order.isEmpty else {
      return try stream(until: flag, rejected: rejected, body)
    }
    var records: [IndexRecord] = []
    try stream(until: flag, rejected: rejected) { records.append($0) }
    // The standard library's sort keeps the order of equal rows, but does not promise it.
    let sorted = records.enumerated().ordered { a, b in
      if options.order.precedes(a.element, b.element) { return true }
      if options.order.precedes(b.element, a.element) { return false }
      return a.offset < b.offset
    }
    for (_, record) in sorted { try body(record) }
  }

  /// The row of one file, whatever its name; filters are not asked.
  public static func record(
    of path: String, columns: [IndexColumn] = IndexColumn.standard,
    reading: ReadingOptions = ReadingOptions()
  ) -> IndexRecord {
    var options = Options()
    options.columns = columns
    options.reading = reading
    return FileIndex([path], options: options).row(of: path, needed: Set(columns)).record
  }
}

extension FileIndex {
  /// A row, and whether it is taken.
  fileprivate struct Row: Sendable {
    var record: IndexRecord
    var isTaken = true
    /// Why a filter cannot be computed.
    var failure: (any Error)?
  }

  /// Rows of several files at a time, in their order: the threads wait for each other only at the end
  /// of a batch, and there are never more rows in memory.
  private func stream(
    until flag: CancellationFlag?, rejected: (IndexRecord) throws -> Void,
    _ body: (IndexRecord) throws -> Void
  ) throws {
    let pattern = options.isRecursive ? options.pattern.recursive : options.pattern
    var finder = FileFinder(paths, pattern: pattern, followsLinks: options.followsLinks)
    let needed = Set(options.columns).union(options.order.map(\.column))
      .union(options.filters.flatMap(\.columns))
    // Small at first, so that there is something to see soon.
    var size = 32
    while true {
      var batch: [FileFinder.Found] = []
      while batch.count < size, let found = finder.next() { batch.append(found) }
      if batch.isEmpty { return }
      for row in try rows(of: batch, needed: needed, until: flag) {
        if let failure = row.failure { throw failure }
        if row.isTaken { try body(row.record) } else { try rejected(row.record) }
      }
      size = min(size * 2, Self.largestBatch)
    }
  }

  private static let largestBatch = 512

  private func rows(
    of batch: [FileFinder.Found], needed: Set<IndexColumn>, until flag: CancellationFlag?
  ) throws -> [Row] {
    let isFar = batch.contains { found in
      if case .file(let path) = found { PathText.isAddress(path) } else { false }
    }
    let usual = isFar ? 32 : min(32, WorkerTeam.coreCount + 4)
    let threadCount = min(max(1, options.threadCount ?? usual), batch.count)
    let queue = WorkQueue(count: batch.count) { flag?.isSet ?? false }
    let rows = RowStore()
    WorkerTeam.run(count: threadCount) { _ in
      while let place = queue.take() { rows.add(row(of: batch[place], needed: needed), at: place) }
    }
    try queue.finish()
    return rows.inOrder
  }

  private func row(of found: FileFinder.Found, needed: Set<IndexColumn>) -> Row {
    switch found {
    case .file(let path): row(of: path, needed: needed)
    case .unreadable(let path, let error):
      filtered(IndexRecord(path: path, failure: error))
    }
  }

  private func row(of path: String, needed: Set<IndexColumn>) -> Row {
    var record = IndexRecord()
    let isAddress = PathText.isAddress(path)
    let kind = record.describe(path)
    do {
      // Opening a pipe would wait for somebody to write into it.
      if kind == .other {
        throw ND2Error(.io, "this is not a regular file", at: .init(file: path))
      }
      let source = try options.source(path)
      if isAddress { record.describe(address: source.name) }
      let file = try open(source)
      if isAddress { record[.kilobytes] = .number(IndexRecord.kilobytes(file.byteCount)) }
      record.describe(file, needed)
      var row = filtered(record)
      if row.isTaken, row.failure == nil, let visit = options.visit {
        visit(file, &row.record)
        // The visitor may have met more.
        row.record.diagnostics = file.diagnostics
      }
      return row
    } catch {
      record.fail(error)
      return filtered(record)
    }
  }

  private func open(_ source: some ByteSource) throws -> ND2File {
    var reading = options.reading
    // The files are what is done side by side.
    if reading.threadCount == nil { reading.threadCount = 1 }
    return try ND2File(reading: source, options: reading)
  }

  private func filtered(_ record: IndexRecord) -> Row {
    var row = Row(record: record)
    do {
      row.isTaken = try options.filters.allSatisfy { try $0.matches(record) }
    } catch {
      row.failure = error
    }
    return row
  }
}

/// Rows as threads finish them.
private final class RowStore: Sendable {
  private let rows = Lock<[(place: Int, row: FileIndex.Row)]>([])

  func add(_ row: FileIndex.Row, at place: Int) { rows.withLock { $0.append((place, row)) } }

  /// The rows by their places.
  var inOrder: [FileIndex.Row] {
    rows.withLock { $0 }.ordered { $0.place < $1.place }.map(\.row)
  }
}
