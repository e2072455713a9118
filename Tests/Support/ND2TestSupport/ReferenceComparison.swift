package import ND2
import ND2Format

/// References to files and what must be behind them, to be read by the Python programs.
package struct ReferenceComparison {
  private let directory: TemporaryDirectory
  private var entries: [JSONValue] = []

  package init(in directory: TemporaryDirectory) { self.directory = directory }

  /// Number of files.
  package var count: Int { entries.count }

  /// Adds the references to a file.
  ///
  /// - Parameters:
  ///   - references: path of the references.
  ///   - template: path of references whose address is a template; the file is then read over HTTP.
  ///   - damaged: frames that the references leave out, or a part of them.
  ///   - hasPositionAxis: whether positions are an axis instead of groups.
  package mutating func add(
    _ name: String, references: String, template: String?, of file: ND2File, damaged: [Int],
    hasPositionAxis: Bool
  ) throws {
    let array = try file.read()
    let path = directory.file("reference-\(entries.count).npy")
    try array.write(npy: path)
    entries.append([
      "name": .string(name), "file": .string(file.path), "references": .string(references),
      "template": template.map { .string($0) } ?? nil, "array": .string(path),
      "axes": .string(array.sizes.axes.map(\.rawValue).joined()),
      "components": .array(
        file.planeComponents.map { .array($0.map { .integer(Int64($0)) }) }),
      "damaged": .array(
        damaged.compactMap { file.loopLayout.indices(ofFrame: $0) }.map { indices in
          .object(indices.map { .init($0.axis.rawValue, .integer(Int64($0.index))) })
        }),
      "positionAxis": .bool(hasPositionAxis),
    ])
  }

  /// Reads everything with the Python programs and compares.
  package func run(_ python: PeerPython) throws -> PeerPython.Outcome {
    let manifest = JSONValue.array(entries).text()
    let path = try directory.write(Array(manifest.utf8), as: "manifest.json")
    return try python.run(script: "check_references.py", arguments: [path])
  }
}
