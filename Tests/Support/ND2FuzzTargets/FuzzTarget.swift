/// The ways in which bytes that nobody vouches for enter the library, one for each fuzzing target.
///
/// Every target takes any bytes and must come back: without a trap, a hang, or memory beyond
/// ``ParsingLimits/memoryBudget(forByteCount:)``. The package in `Fuzz` drives them with random
/// bytes; the tests replay seeds and past findings through the same functions.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The chunk map, and headers of chunks.
  case chunkMap = "chunk-map"
  /// The search for chunks without their map.
  case chunkScan = "chunk-scan"
  /// The binary encoding of metadata, plain, compressed and nested.
  case liteVariant = "lite-variant"
  /// The XML encoding of metadata.
  case xmlVariant = "xml-variant"
  /// JSON chunks: well plates, layers of masks.
  case json
  /// Run-length masks, as stored and with their stream inflated.
  case runLengthMask = "run-length-mask"
  /// Tiles of raster masks.
  case rasterMask = "raster-mask"
  /// Regions of interest.
  case rois
  /// The experiment, its loops and the axes that follow from it.
  case experiment
  /// Attributes, channels, calibration, texts: all that opening decodes.
  case picture
  /// Events, recorded data, custom descriptions, jobs.
  case events
  /// The boxes of version 1.0: their map and the walk without it.
  case boxes
  /// The documents of version 1.0 and what they describe.
  case legacyDocuments = "legacy-documents"
  /// Headers of JPEG 2000 codestreams, and their decoding.
  case jpeg2000
  /// Zlib and deflate streams.
  case inflater
  /// NumPy arrays.
  case numPy = "npy"
  /// Archives of NumPy arrays.
  case numPyArchive = "npz"
  /// Filters of an index of files, and patterns of their names.
  case indexFilter = "index-filter"
  /// Saved indices: as they are, with a right checksum, and as the stream of one.
  case savedIndex = "saved-index"
  /// Any bytes as a file: everything that can be asked of it.
  case file
  /// A sound file with edits: the first byte chooses the file, the others say what is done to it.
  case editedFile = "edited-file"
  /// A sound file with edits, as above, that is checked, rescued and written anew in part.
  case rewrittenFile = "rewritten-file"

  /// Gives bytes to the target.
  public func run(_ input: UnsafeRawBufferPointer) {
    switch self {
    case .chunkMap: ContainerTargets.chunkMap(input)
    case .chunkScan: ContainerTargets.chunkScan(input)
    case .boxes: ContainerTargets.boxes(input)
    case .liteVariant: EncodingTargets.liteVariant(Array(input))
    case .xmlVariant: EncodingTargets.xmlVariant(Array(input))
    case .json: EncodingTargets.json(Array(input))
    case .runLengthMask: MaskTargets.runLength(Array(input))
    case .rasterMask: MaskTargets.raster(Array(input))
    case .rois: MetadataTargets.rois(Array(input))
    case .experiment: MetadataTargets.experiment(Array(input))
    case .picture: MetadataTargets.picture(Array(input))
    case .events: MetadataTargets.events(Array(input))
    case .legacyDocuments: MetadataTargets.legacyDocuments(Array(input))
    case .jpeg2000: CodecTargets.jpeg2000(input)
    case .inflater: CodecTargets.inflater(input)
    case .numPy: CodecTargets.numPy(Array(input))
    case .numPyArchive: CodecTargets.numPyArchive(Array(input))
    case .indexFilter: EncodingTargets.indexFilter(Array(input))
    case .savedIndex: SavedIndexTargets.exercise(Array(input))
    case .file: FileTargets.exercise(Array(input))
    case .editedFile: FileTargets.exercise(FileEdits.apply(input))
    case .rewrittenFile: RewritingTargets.exercise(FileEdits.apply(input))
    }
  }

  /// Gives bytes to the target.
  public func run(_ input: [UInt8]) { input.withUnsafeBytes { run($0) } }
}

/// Bytes that a target is given in several parts: a byte of length in front of all but the last.
struct Parts {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next byte; 0 behind the end.
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// The next number of two bytes.
  mutating func short() -> Int { Int(byte()) | Int(byte()) << 8 }

  /// The next bytes, two bytes saying how many.
  mutating func chunk() -> [UInt8] {
    let count = short()
    return take(count)
  }

  /// So many bytes, or as many as there are.
  mutating func take(_ count: Int) -> [UInt8] {
    let part = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return part
  }

  /// All that is left.
  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }

  var isEmpty: Bool { rest.isEmpty }

  /// Chunks in the form that ``chunk()`` reads, the last one too.
  static func joined(_ chunks: [[UInt8]]) -> [UInt8] {
    chunks.flatMap { chunk in
      let part = chunk.prefix(65535)
      return [UInt8(part.count & 0xFF), UInt8(part.count >> 8)] + part
    }
  }
}

/// Keeps the optimiser from leaving out work whose result nobody looks at.
@inline(never)
func consume<Value>(_ value: Value) { withExtendedLifetime(value) {} }
