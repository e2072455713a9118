import ND2
import ND2Codecs
import ND2Format
import ND2TestSupport
import ND2Writer

extension FuzzTarget {
  /// Sound inputs of the target, from which fuzzing starts.
  ///
  /// - Throws: when a sample cannot be built.
  public func seeds() throws -> [[UInt8]] {
    switch self {
    case .chunkMap: try FuzzSeeds.maps()
    case .chunkScan, .file: try FuzzSeeds.files()
    case .boxes: try FuzzSeeds.boxFiles()
    case .liteVariant: try FuzzSeeds.chunks { !MetadataDecoder.looksLikeXML($0.bytes) }
    case .xmlVariant: try FuzzSeeds.chunks { MetadataDecoder.looksLikeXML($0.bytes) }
    case .json: FuzzSeeds.documents + (try FuzzSeeds.chunks { $0.name.contains("Plate") })
    case .runLengthMask:
      try FuzzSeeds.chunks(most: 1 << 16) { $0.name.hasPrefix("CustomDataSeq|") }
    case .rasterMask: try FuzzSeeds.tiles()
    case .rois: try FuzzSeeds.chunks { $0.name == ChunkName.rois }
    case .experiment: try FuzzSeeds.chunks { ChunkName.experiment.contains($0.name) }
    case .picture: try FuzzSeeds.descriptions()
    case .events: try FuzzSeeds.records()
    case .legacyDocuments: try FuzzSeeds.legacyDocuments()
    case .jpeg2000: try FuzzSeeds.codestreams()
    case .inflater: try FuzzSeeds.streams()
    case .numPy: try FuzzSeeds.arrays()
    case .numPyArchive: try FuzzSeeds.archives()
    case .indexFilter: FuzzSeeds.filters.map { Array($0.utf8) }
    case .savedIndex: try FuzzSeeds.indices()
    case .editedFile, .rewrittenFile: FuzzSeeds.edits
    }
  }
}

/// Makes the seeds out of the gallery of samples.
enum FuzzSeeds {
  /// The gallery in order of names, without the one large file.
  private static var gallery: [SampleFile] {
    Gallery.all.filter { $0.key != "pyramid" }.sorted { $0.key < $1.key }.map(\.value)
  }

  static let filters = [
    "acquired > '2020' and kb < 500MB", "'TimeLoop' in experiment or not rois",
    "1 < len(shape) <= 5 and shape[-1] // 2 % 3 != -0.5e3",
    "name ~ \"a\\'b\" and dtype in ('u', [1])",
    "max(shape[1:], 3) if binary is None else name.lower().split('_')[0].startswith('x')",
    "**/[a-z]?[!b]*.nd2",
  ]

  static func files() throws -> [[UInt8]] { try gallery.map { try $0.bytes() } }

  static func boxFiles() throws -> [[UInt8]] {
    let files = try gallery.filter { $0.version.major < 2 }.map { try $0.bytes() }
    return files
      + files.compactMap { file in
        BoxMapParser.distance(tail: file).flatMap { Int(exactly: $0) }.map {
          Array(file.suffix($0))
        }
      }
  }

  static func maps() throws -> [[UInt8]] {
    try files().compactMap { file in
      guard let offset = ChunkMapParser.mapOffset(tail: file).flatMap({ Int(exactly: $0) }),
        offset < file.count, let header = try? ChunkHeader(Array(file[offset...]), at: 0)
      else { return nil }
      return Array(file[(offset + Int(header.dataOffset))...])
    }
  }

  /// All chunks of a file but its images.
  private static func chunks(of file: [UInt8]) -> [String: [UInt8]] {
    guard let opened = try? ND2File(reading: MemorySource(file)) else { return [:] }
    var chunks: [String: [UInt8]] = [:]
    for chunk in opened.chunks where ChunkName.frameIndex(chunk.name) == nil {
      chunks[chunk.name] = try? opened.chunk(chunk.name)
    }
    return chunks
  }

  /// Different chunks of all files that fulfil a condition.
  static func chunks(
    most: Int = 1 << 15, where isWanted: ((name: String, bytes: [UInt8])) -> Bool
  ) throws -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    for file in try files() {
      for (name, bytes) in chunks(of: file)
      where !bytes.isEmpty && bytes.count <= most && isWanted((name, bytes)) {
        seen.insert(bytes)
      }
    }
    return seen.sorted { ($0.count, $0.first ?? 0) < ($1.count, $1.first ?? 0) }
  }

  static func descriptions() throws -> [[UInt8]] {
    try gallery.filter { $0.version.major >= 2 }.map { sample in
      let chunks = chunks(of: try sample.bytes())
      func first(_ names: [String]) -> [UInt8] { names.lazy.compactMap { chunks[$0] }.first ?? [] }
      return [0]
        + Parts.joined([
          first(ChunkName.attributes), first(ChunkName.pictureMetadata),
          first(ChunkName.experiment), first(ChunkName.textInfo), first(ChunkName.calibration),
        ])
    }
  }

  static func records() throws -> [[UInt8]] {
    try files().compactMap { file in
      let chunks = chunks(of: file)
      let events = ChunkName.events.lazy.compactMap { chunks[$0] }.first
      let description = chunks[ChunkName.customDescription] ?? chunks[ChunkName.jobDefinition]
      let columns = chunks[ChunkName.recordedData]
      guard events != nil || description != nil || columns != nil else { return nil }
      return Parts.joined([events ?? description ?? [], columns ?? []])
        + (chunks[ChunkName.frameTimes] ?? [])
    }
  }

  static func tiles() throws -> [[UInt8]] {
    var header: [UInt8] = [33, 0, 22, 0, 16, 0, 16, 0, 2, 0, 0]
    let tile = [UInt8](repeating: 3, count: 16 * 16 * 4)
    for _ in 0..<6 { header += [0] + Parts.joined([tile]) }
    return [header]
  }

  static func legacyDocuments() throws -> [[UInt8]] {
    try gallery.filter { $0.version.major < 2 }.map { sample in
      let chunks = chunks(of: try sample.bytes())
      let names = [
        BoxName.picture(0), BoxName.calibration(0), BoxName.advancedAttributes, BoxName.textInfo,
        BoxName.experiment.first { chunks[$0] != nil } ?? "", BoxName.imageHeader,
        BoxName.codestream(0),
      ]
      let counts = UInt8(min(15, sample.frameCount))
      return [counts | counts << 4] + Parts.joined(names.map { chunks[$0] ?? [] })
    }
  }

  static func indices() throws -> [[UInt8]] {
    try files().prefix(4).flatMap { file in
      let index = try SavedIndex(of: ND2File(reading: MemorySource(file)))
      let bytes = try index.encoded()
      return [bytes, SavedIndexTargets.stream(of: bytes)]
    }
  }

  static func codestreams() throws -> [[UInt8]] {
    let mark: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51]
    return try gallery.filter { $0.version.major < 2 }.compactMap { sample in
      let file = try sample.bytes()
      let starts = file.indices.filter { file[$0...].starts(with: mark) }
      guard let first = starts.first else { return nil }
      return Array(file[first..<min(file.count, starts.dropFirst().first ?? file.count)])
    }
  }

  static func streams() throws -> [[UInt8]] {
    let deflater = try Deflater(level: 6)
    let texts: [[UInt8]] = [
      [], [0], Array("a rather plain text, a rather plain text".utf8),
      [UInt8](repeating: 7, count: 5000), (0..<2000).map { UInt8(truncatingIfNeeded: $0 * $0) },
    ]
    return try texts.map { try deflater.deflate($0) }
  }

  static func arrays() throws -> [[UInt8]] {
    try SampleType.allCases.map { type in
      try AnyNDArray(zeros: AxisSizes([.init(.y, 3), .init(.x, 2)]), sampleType: type).npyBytes
    }
  }

  static func archives() throws -> [[UInt8]] {
    let array = try AnyNDArray(
      zeros: AxisSizes([.init(.y, 3), .init(.x, 2)]), sampleType: .uint16)
    return try [false, true].map { isCompressed in
      let directory = try TemporaryDirectory()
      try NumPyArchive.write(
        [("a", array), ("b", array)], to: directory.file("a.npz"), compressing: isCompressed)
      return try directory.read("a.npz")
    }
  }

  /// Layers of masks and plates, as programs write them.
  static let documents: [[UInt8]] = [
    """
    {"BinaryMetadata":[{"Layer":1,"Name":"cells","UUID":"{1}","Width":33,"Height":22,\
    "TileWidth":16,"TileHeight":16,"BitDepth":32,"Compression":"zlib"}]}
    """,
    """
    [{"plateIndex":0,"plateUuid":"{1}","wellRowIndex":0,"wellColumnIndex":1,"wellName":"A02",\
    "wellCompactIndex":1,"seqIndex":0},{"seqIndex":1e3,"wellRowIndex":-1}]
    """,
    #"{"Rows":8,"Columns":12,"Name":"96 \u00e9","a":[null,true,-1.5e-3,NaN,-Infinity,[[]]]}"#,
  ].map { Array($0.utf8) }

  /// No edit, and one of each kind, in several files.
  static let edits: [[UInt8]] = {
    var inputs: [[UInt8]] = [[0]]
    for index in UInt8(0)..<40 {
      let place: [UInt8] = [index &* 37, index, 0]
      inputs.append([index * 2, index % 8] + place + [200, 3, 1, 2, 3])
    }
    return inputs
  }()
}
