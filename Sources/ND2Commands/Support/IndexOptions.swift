import ArgumentParser
import ND2

/// The options of `nd2 index` that say which files are listed, and in which order.
struct IndexSearchOptions: ParsableArguments {
  @Flag(
    name: [.short, .long, .customLong("recursive")],
    help: "Search folders within folders.")
  var recurse = false

  @Option(
    name: [.customShort("g"), .customLong("glob-pattern"), .customLong("glob")],
    help: .init(
      "Files of folders: *, ?, [a-z], a slash between folders, ** for any folders. (default: *.nd2, in upper or lower case)",
      valueName: "pattern"))
  var pattern: String?

  @Flag(help: "Follow links to folders when searching folders within folders.")
  var followLinks = false

  @Option(
    name: [.customShort("F"), .long],
    help: .init(
      "Only rows for which this is true; with several, all of them.", valueName: "expression"))
  var filter: [String] = []

  @Option(
    name: [.customShort("s"), .customLong("sort-by"), .customLong("sort")],
    help: .init(
      "Sort by columns, the first one first; a hyphen behind a name (kb-) puts the greatest first.",
      valueName: "column,…"))
  var sortBy: [String] = []

  @Option(help: .init("Files that are read side by side.", valueName: "n"))
  var threads: Int?

  /// The options of the library.
  func options() throws -> FileIndex.Options {
    var options = FileIndex.Options()
    options.isRecursive = recurse
    options.followsLinks = followLinks
    if let pattern { options.pattern = try FilePattern(pattern) }
    options.filters = try filter.map { try IndexFilter($0) }
    options.order = try sortBy.flatMap { $0.split(separator: ",") }.map { name in
      guard let order = IndexOrder(String(name)) else {
        throw ValidationError(
          "there is no column '\(name)' to sort by; there are "
            + IndexColumn.allCases.map(\.name).joined(separator: ", "))
      }
      return order
    }
    guard threads.map((1...256).contains) ?? true else {
      throw ValidationError("--threads goes from 1 to 256")
    }
    options.threadCount = threads
    return options
  }
}

/// The options of `nd2 index` that say which columns are shown.
struct IndexColumnOptions: ParsableArguments {
  @Option(
    name: [.short, .long, .customLong("columns")],
    help: .init("Only these columns, in this order.", valueName: "column,…"))
  var include: String?

  @Option(name: [.short, .long], help: .init("Leave these columns out.", valueName: "column,…"))
  var exclude: String?

  @Flag(help: "All columns.")
  var allColumns = false

  /// Whether columns were asked for.
  var isChosen: Bool { include != nil || allColumns }

  /// The columns; unknown names are told and passed over.
  func chosen(in session: Session) -> [IndexColumn] {
    var columns = allColumns ? IndexColumn.allCases : IndexColumn.standard
    if let include {
      let named = known(include, in: session)
      // With nothing but mistakes, all are better than none.
      if !named.isEmpty { columns = named }
    }
    let left = exclude.map { Set(known($0, in: session)) } ?? []
    return columns.filter { !left.contains($0) }
  }

  private func known(_ names: String, in session: Session) -> [IndexColumn] {
    var columns: [IndexColumn] = []
    var unknown: [String] = []
    for part in names.split(separator: ",") {
      let name = part.trimmingBlanks
      if name.isEmpty { continue }
      guard let column = IndexColumn(name: name) else {
        unknown.append(name)
        continue
      }
      if !columns.contains(column) { columns.append(column) }
    }
    if !unknown.isEmpty {
      let names = unknown.map(PlainText.singleLine).joined(separator: ", ")
      session.console.errors.line("nd2: unrecognized columns: \(names)")
    }
    return columns
  }
}

extension Substring {
  /// The text without blanks at its ends.
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// What `nd2 index` writes.
enum IndexForm: String, CaseIterable, ExpressibleByArgument {
  case table, csv, tsv, json, ndjson
}

/// The options of `nd2 index` that say how the table is written.
struct IndexFormOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: .init(
      "The form of the output; by default that of the output's name (.csv, .tsv, .json, .ndjson), else table."
    ))
  var format: IndexForm?

  @Flag(help: "No line of headings.")
  var noHeader = false

  @Option(
    name: [.short, .long], help: .init("Write to a file instead of stdout.", valueName: "file"))
  var output: String?

  /// The form that was asked for, or that the name of the output suggests.
  var chosen: IndexForm {
    if let format { return format }
    let ending = output?.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    return IndexForm(rawValue: ending.lowercased()) ?? .table
  }
}

/// The options of `nd2 index` for small pictures.
struct IndexPictureOptions: ParsableArguments {
  @Option(
    help: .init(
      "Save a small picture (PNG) of every listed file into a folder, and give its path in a column.",
      valueName: "folder"))
  var thumbnails: String?

  @Option(help: .init("Pixels of the longer side of these pictures, at most.", valueName: "n"))
  var thumbnailSize = 256

  func validate() throws {
    guard (1...4096).contains(thumbnailSize) else {
      throw ValidationError("--thumbnail-size goes from 1 to 4096")
    }
  }

  /// Makes the folder.
  func begin(overwrite: Bool) throws -> IndexThumbnails? {
    try thumbnails.map {
      try IndexThumbnails(folder: $0, side: thumbnailSize, overwrite: overwrite)
    }
  }
}
