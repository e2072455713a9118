package import ND2
import ND2Format

/// OME-Zarr stores and what must be in them, to be read by the Python programs.
package struct ZarrComparison {
  private let directory: TemporaryDirectory
  private var entries: [JSONValue] = []
  private var references = 0

  package init(in directory: TemporaryDirectory) { self.directory = directory }

  /// Number of stores.
  package var count: Int { entries.count }

  /// Adds a store that was written of a whole file, without changes of the layout.
  package mutating func add(
    _ name: String, store: String, version: String, of file: ND2File,
    labels: [(name: String, layer: BinaryLayer)] = []
  ) throws {
    let count = file.loopLayout.axes[.position] ?? 1
    let images = try paths(of: store, count: count).enumerated().map { position, path in
      let selection = count > 1 ? ArraySelection(.position, position) : .all
      var members: [JSONValue.Member] = [.init("path", .string(path))]
      let array = try file.read(selection)
      members += reference(array.sizes, try save(array))
      members.append(
        .init(
          "storedLevels",
          .array(file.pyramidLevels.map { .integer(Int64($0.level)) })))
      var groups: [JSONValue.Member] = []
      for (name, layer) in labels {
        let array = try mask(layer, file, position)
        groups.append(.init(name, .object(reference(array.sizes, try save(array.erased)))))
      }
      members.append(.init("labels", .object(groups)))
      return JSONValue.object(members)
    }
    entries.append([
      "name": .string(name), "store": .string(store), "version": .string(version),
      "images": .array(images),
    ])
  }

  /// Reads all stores with the Python programs and compares.
  package func run(_ python: PeerPython) throws -> PeerPython.Outcome {
    let manifest = JSONValue.array(entries).text()
    let path = try directory.write(Array(manifest.utf8), as: "manifest.json")
    return try python.run(script: "check_ome_zarr.py", arguments: [path])
  }

  /// The images of a store, in order.
  private func paths(of store: String, count: Int) throws -> [String] {
    for name in ["OME/zarr.json", "OME/.zattrs"] {
      guard let bytes = try? TemporaryDirectory.readFile("\(store)/\(name)"),
        let document = try? JSONParser.parse(bytes)
      else { continue }
      let series = document["attributes"]?["ome"]?["series"] ?? document["series"]
      if let series { return series.elements.compactMap(\.string) }
    }
    return [""]
  }

  private mutating func save(_ array: AnyNDArray) throws -> String {
    references += 1
    let path = directory.file("reference-\(references).npy")
    try array.write(npy: path)
    return path
  }

  private func reference(_ sizes: AxisSizes, _ path: String) -> [JSONValue.Member] {
    [
      .init("reference", .string(path)),
      .init("axes", .string(sizes.axes.map(\.rawValue).joined())),
    ]
  }

  /// The labels of the frames of a position, as large as the image.
  private func mask(
    _ layer: BinaryLayer, _ file: ND2File, _ position: Int
  ) throws -> NDArray<UInt32> {
    let (height, width) = (file.attributes.heightPx, file.attributes.widthPx)
    let loops = file.loopLayout.axes.filter { $0.axis != .position && $0.count > 1 }
    var labels: [UInt32] = []
    let place = file.loopLayout.axes.index(of: .position)
    for frame in 0..<file.frameCount {
      let coordinates = file.loopLayout.coordinates(ofFrame: frame) ?? []
      if let place, coordinates[place] != position { continue }
      var plane = [UInt32](repeating: 0, count: width * height)
      if let mask = try file.mask(of: layer, frame: frame) {
        for y in 0..<min(height, mask.height) {
          for x in 0..<min(width, mask.width) {
            plane[y * width + x] = mask.labels[y * mask.width + x]
          }
        }
      }
      labels += plane
    }
    let sizes = AxisSizes(loops + [.init(.y, height), .init(.x, width)])
    return try NDArray(labels, sizes: sizes)
  }
}
