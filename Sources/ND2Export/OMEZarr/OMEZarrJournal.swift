import ND2
import ND2Codecs

/// What an interrupted export was made of, so that only the same one is taken up: a small document in
/// the temporary folder.
struct OMEZarrJournal {
  private static let name = ".nd2-journal.json"
  private let text: String

  init(of file: ND2File, _ options: OMEZarrOptions) {
    var map = SHA256()
    for frame in 0..<max(file.frameCount, 0) {
      let offset = file.frameOffset(frame) ?? .max
      withUnsafeBytes(of: offset.littleEndian) { map.update($0) }
    }
    let ranges = options.selection.ranges.ranges.map { "\($0.key)=\($0.value)" }.sorted()
    let chunks = options.chunkSizes.map { "\($0.key)=\($0.value)" }.sorted()
    var shards = "\(options.sharding)"
    if case .sizes(let sizes) = options.sharding {
      shards = sizes.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
    }
    let document: JSONValue = [
      "journal": 1,
      "source": [
        "bytes": .unsigned(file.byteCount),
        "modified": .string(FileTree.modificationTime(file.path).map(String.init) ?? ""),
        "map": .string(map.hexadecimal()),
      ],
      "parameters": [
        "version": .string(options.version.rawValue),
        "selection": .string(ranges.joined(separator: ",")),
        "positions": .string(
          options.selection.positions.map { $0.map(String.init).joined(separator: ",") } ?? ""),
        "layout": .string("\(options.layout)"),
        "compression": .string("\(options.compression)"),
        "exact": .bool(options.isLevelExact),
        "chunks": .string(chunks.joined(separator: ",")), "shards": .string(shards),
        "levels": .string(options.levelCount.map(String.init) ?? ""),
        "omitted": .string("\(options.omittedChunks)"),
        "axes": .bool(options.keepsSingletonAxes), "masks": .bool(options.includesMasks),
        "rois": .bool(options.includesROIs),
      ],
    ]
    text = document.text(indentation: 2)
  }

  /// Compares with what an earlier run left in the folder, or begins a folder.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for parts of another export.
  func begin(in folder: String) throws {
    let path = "\(folder)/\(Self.name)"
    guard let earlier = FileTree.read(path) else {
      guard FileTree.names(in: folder).isEmpty else { throw Self.foreign(folder) }
      return try FileTree.write(text, to: path)
    }
    guard String(decoding: earlier, as: UTF8.self) == text else { throw Self.foreign(folder) }
  }

  /// Takes the document away; the export is complete.
  static func end(in folder: String) { FileTree.remove("\(folder)/\(name)") }

  private static func foreign(_ folder: String) -> ND2Error {
    ND2Error(
      .invalidRequest,
      "the interrupted export was of another file or had other options; remove it to begin anew",
      at: .init(file: folder))
  }
}
