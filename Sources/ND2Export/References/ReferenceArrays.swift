import ND2

/// The arrays that references show, and what describes them.
struct ReferenceArrays: Sendable {
  /// The axes of an array, outermost first.
  let axes: [Axis]
  /// Their sizes.
  let shape: [Int]
  /// Sizes of a chunk.
  let chunk: [Int]
  /// The number of arrays.
  let count: Int
  /// How chunks are stored.
  let chunks: ReferenceChunks
  /// Whether chunks are missing.
  private let hasGaps: Bool
  private let type: SampleType
  private let loops: LoopLayout
  /// Places of the outer axes among those of the loops.
  private let places: [Int]
  /// Place of the axis that divides frames among arrays.
  private let arrayPlace: Int?
  private let names: [String]
  private let arrayAttributes: [JSONValue.Member]
  private let image: ImageGroup?
  private let omero: [ShownChannel]
  private let refusal: String?

  init(
    of file: ND2File, _ frames: ReferencedFrames, layout: ZarrReferenceOptions.Layout
  ) throws {
    chunks = frames.chunks
    hasGaps = frames.missingCount > 0 || !frames.incomplete.isEmpty
    let frame = file.frameLayout
    loops = file.loopLayout
    type = file.sampleType
    let all = Array(loops.axes)
    let positions = loops.axes[.position] ?? 1
    let isDivided = layout == .positions
    count = isDivided ? max(1, positions) : 1
    arrayPlace = isDivided ? loops.axes.index(of: .position) : nil
    func rank(_ axis: Axis) -> Int {
      switch axis {
      case .position: 0
      case .time: 1
      case .z: 3
      default: 2
      }
    }
    let divided = arrayPlace
    let outer = all.indices.filter { all[$0].count > 1 && $0 != divided }
      .ordered { (rank(all[$0].axis), $0) < (rank(all[$1].axis), $1) }
    places = outer
    var axes = outer.map { all[$0].axis } + [.y, .x]
    var shape = outer.map { all[$0].count } + [frame.height, frame.width]
    var chunk = outer.map { _ in 1 } + [chunks.isRow ? 1 : frame.height, chunks.width]
    if frame.componentCount > 1 {
      axes.append(.channel)
      shape.append(frame.componentCount)
      chunk.append(frame.componentCount)
    }
    (self.axes, self.shape, self.chunk) = (axes, shape, chunk)

    let labels = file.positionLabels
    let name = Self.name(of: file)
    let (number, isSingle) = (count, count == 1)
    names = (0..<number).map { !isSingle && labels.indices.contains($0) ? labels[$0] : name }
    let scale = ImageGroup.Scale(of: file)
    arrayAttributes = Self.attributes(of: file, axes, scale)
    refusal = Self.refusal(axes)
    if refusal == nil {
      image = ImageGroup(
        plan: try Self.plan(axes, shape, type), version: .v0_4, name: name, scale: scale)
      var options = OMEOptions()
      options.positions = [0]
      omero = ShownChannel.channels(of: file, try OMEPart(of: file, options), windows: [])
    } else {
      image = nil
      omero = []
    }
  }

  // MARK: - Keys

  /// Where the group of an array is: empty for the root, else with a slash at its end.
  func prefix(_ array: Int) -> String { count > 1 ? "\(array)/" : "" }

  /// The array and the indices of a frame's chunk in it, those of rows and further ones left out; nil
  /// for frames beyond the loops.
  func chunkIndices(ofFrame frame: Int) -> (array: Int, indices: [Int])? {
    guard let coordinates = loops.coordinates(ofFrame: frame) else { return nil }
    return (arrayPlace.map { coordinates[$0] } ?? 0, places.map { coordinates[$0] })
  }

  /// Number of axes behind that of rows.
  var innerAxisCount: Int { axes.last == .channel ? 2 : 1 }

  // MARK: - Documents

  /// Documents with their keys.
  typealias Documents = [(key: String, value: JSONValue)]

  /// Number of documents, those that gather others included.
  var documentCount: Int {
    let (inside, overflow) = count.multipliedReportingOverflow(by: imageDocuments(0).count + 1)
    return overflow ? .max : inside + (rootDocuments.isEmpty ? 0 : rootDocuments.count + 1)
  }

  /// The documents of the root that are not those of an image: none for a single image.
  var rootDocuments: Documents {
    guard count > 1 else { return [] }
    let group: JSONValue = ["zarr_format": 2]
    guard refusal == nil else {
      return [(".zgroup", group), (".zattrs", .object([nd2Member]))]
    }
    let series = JSONValue.array((0..<count).map { .string(String($0)) })
    return [
      (".zgroup", group), (".zattrs", ["bioformats2raw.layout": 3]), ("OME/.zgroup", group),
      ("OME/.zattrs", ["series": series]),
    ]
  }

  /// The documents of an image, by their keys in its group.
  func imageDocuments(_ array: Int) -> Documents {
    [
      (".zgroup", ["zarr_format": 2]), (".zattrs", .object(groupAttributes(array))),
      ("0/.zarray", arrayDocument), ("0/.zattrs", .object(arrayAttributes)),
    ]
  }

  private var arrayDocument: JSONValue {
    func numbers(_ sizes: [Int]) -> JSONValue { .array(sizes.map { .integer(Int64($0)) }) }
    return [
      "zarr_format": 2, "shape": numbers(shape), "chunks": numbers(chunk),
      "dtype": .string(type.numpyDescription),
      "compressor": chunks.isCompressed ? ["id": "zlib", "level": 1] : nil,
      "fill_value": fillValue, "order": "C", "filters": nil,
      "dimension_separator": "/",
    ]
  }

  /// Zero for what is missing. Where nothing is, there is none: xarray takes pixels of that value for
  /// missing ones.
  private var fillValue: JSONValue {
    guard hasGaps else { return nil }
    return type.isFloatingPoint ? 0.0 : 0
  }

  private func groupAttributes(_ array: Int) -> [JSONValue.Member] {
    guard let image else { return [nd2Member] }
    let group = ImageGroup(
      plan: image.plan, version: image.version, name: names[array], scale: image.scale)
    return [
      group.multiscales,
      ShownChannel.omero(
        omero, name: names[array], version: .v0_4,
        sizeZ: axes.firstIndex(of: .z).map { shape[$0] } ?? 1),
    ]
  }

  private var nd2Member: JSONValue.Member {
    .init("nd2", ["no_multiscales": .string(refusal ?? "")])
  }

  /// Why the arrays cannot be images of OME-NGFF; nil when they can.
  private static func refusal(_ axes: [Axis]) -> String? {
    if axes.last == .channel {
      return
        "the components of a pixel lie side by side in the file, so that axis C is the last one, "
        + "which OME-NGFF does not allow"
    }
    if let other = axes.first(where: { ![.time, .z, .y, .x].contains($0) }) {
      return "OME-NGFF has no axis \(other)"
    }
    return nil
  }

  private static func attributes(
    of file: ND2File, _ axes: [Axis], _ scale: ImageGroup.Scale
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("_ARRAY_DIMENSIONS", .array(axes.map { .string($0.rawValue) })),
      .init("channel_names", .array(componentNames(of: file).map { .string($0) })),
    ]
    let sizes = [("z", scale.z), ("y", scale.y), ("x", scale.x)].compactMap { name, size in
      size.map { JSONValue.Member(name, .double($0)) }
    }
    if !sizes.isEmpty { members.append(.init("voxel_size_um", .object(sizes))) }
    if let interval = scale.timeMs { members.append(.init("time_interval_ms", .double(interval))) }
    return members
  }

  /// Names of the components of a pixel in stored order, in which colour is blue, green, red.
  private static func componentNames(of file: ND2File) -> [String] {
    let planes = file.channelLayout.planes
    return planes.flatMap { plane -> [String] in
      switch plane.componentCount {
      case 1: [plane.name]
      case 3:
        ["Blue", "Green", "Red"].map { planes.count == 1 ? $0 : "\(plane.name) \($0)" }
      default: (1...max(1, plane.componentCount)).map { "\(plane.name) \($0)" }
      }
    }
  }

  private static func name(of file: ND2File) -> String {
    let name = file.path.split(separator: "/").last.map(String.init) ?? "image"
    return name.lowercased().hasSuffix(".nd2") ? String(name.dropLast(4)) : name
  }

  private static func plan(
    _ axes: [Axis], _ shape: [Int], _ type: SampleType
  ) throws -> ZarrArrayPlan {
    func size(_ axis: Axis) -> Int { axes.firstIndex(of: axis).map { shape[$0] } ?? 1 }
    var wishes = ZarrArrayPlan.Wishes()
    wishes.levelCount = 1
    return try ZarrArrayPlan(
      shape: [size(.time), 1, size(.z), size(.y), size(.x)],
      axes: ZarrAxis.allCases.filter { axes.contains($0.axis) }, type: type, wishes: wishes)
  }
}
