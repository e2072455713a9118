import ArgumentParser
import ND2
import ND2Export

/// The options of `nd2 convert` for OME-Zarr.
struct ConvertZarrOptions: ParsableArguments {
  /// The compressions by name.
  enum Compression: String, ExpressibleByArgument, CaseIterable {
    case zstd
    case gzip
    case bloscLZ4 = "blosc-lz4"
    case bloscZstd = "blosc-zstd"
    case none
  }

  @Option(help: .init("Version of OME-Zarr: 0.5, or 0.4 for older programs.", valueName: "version"))
  var zarrVersion: ZarrVersion?

  @Option(help: .init("Compression of chunks, blosc-zstd unless given.", valueName: "name"))
  var zarrCompression: Compression?

  @Option(
    help: .init(
      "How hard to compress; 3 for blosc-zstd and zstd, 5 for the others.", valueName: "number"))
  var zarrLevel: Int?

  @Option(help: .init("How Blosc reorders bytes.", valueName: "name"))
  var zarrShuffle: ZarrShuffle?

  @Option(help: .init("Elements of a chunk, such as z=4,y=512,x=512.", valueName: "sizes"))
  var chunks: AxisSizesArgument?

  @Option(
    help: .init(
      "Elements of a shard, as for --chunks; 'none' for a file for each chunk.", valueName: "sizes")
  )
  var shards: ShardsArgument?

  @Option(help: .init("Number of resolution levels; 1 for no pyramid.", valueName: "number"))
  var levels: Int?

  @Flag(help: "Always write images 0, 1, …, also for one position and for plates.")
  var series = false

  @Flag(inversion: .prefixedNo, help: "Write masks as label images.")
  var labels = true

  @Flag(help: "Draw the regions of interest as a label image.")
  var roiLabels = false

  @Flag(help: "Place images where the stage stood.")
  var stagePositions = false

  @Flag(help: "Leave out all chunks of zeros, not only those of missing frames.")
  var omitEmptyChunks = false

  @Flag(help: "Go on with an interrupted export; and let this one be taken up.")
  var resume = false

  /// Whether none of them was given.
  var isEmpty: Bool {
    zarrVersion == nil && zarrCompression == nil && zarrLevel == nil && zarrShuffle == nil
      && chunks == nil && shards == nil && levels == nil && !series && labels && !roiLabels
      && !stagePositions && !omitEmptyChunks && !resume
  }

  func validate() throws {
    if let levels, levels < 1 { throw ValidationError("--levels counts from 1") }
    let compression = zarrCompression ?? .bloscZstd
    if zarrShuffle != nil, compression != .bloscLZ4, compression != .bloscZstd {
      throw ValidationError("--zarr-shuffle needs --zarr-compression blosc-lz4 or blosc-zstd")
    }
    if zarrVersion?.version == .v0_4, shards?.sizes != nil {
      throw ValidationError("OME-Zarr 0.4 has no shards")
    }
  }

  /// The options of the library.
  var options: OMEZarrOptions {
    var options = OMEZarrOptions()
    if let zarrVersion { options.version = zarrVersion.version }
    let shuffle = zarrShuffle?.shuffle ?? .bytes
    switch zarrCompression ?? .bloscZstd {
    case .none: options.compression = .none
    case .zstd: options.compression = .zstd(level: zarrLevel ?? 3)
    case .gzip: options.compression = .gzip(level: zarrLevel ?? 5)
    case .bloscLZ4: options.compression = .blosc(.lz4, level: zarrLevel ?? 5, shuffle: shuffle)
    case .bloscZstd: options.compression = .blosc(.zstd, level: zarrLevel ?? 3, shuffle: shuffle)
    }
    if let chunks { options.chunkSizes = chunks.sizes }
    if let shards { options.sharding = shards.sizes.map { .sizes($0) } ?? .none }
    options.levelCount = levels
    if series { options.layout = .series }
    options.includesMasks = labels
    options.includesROIs = roiLabels
    options.usesStagePositions = stagePositions
    if omitEmptyChunks { options.omittedChunks = .allZero }
    options.isResumable = resume
    return options
  }
}

/// A version of OME-Zarr as people write it.
struct ZarrVersion: ExpressibleByArgument {
  let version: OMEZarrOptions.Version

  init?(argument: String) {
    guard let version = OMEZarrOptions.Version(rawValue: argument) else { return nil }
    self.version = version
  }

  static var allValueStrings: [String] { OMEZarrOptions.Version.allCases.map(\.rawValue) }
}

/// How Blosc reorders bytes, by its names.
struct ZarrShuffle: ExpressibleByArgument {
  let shuffle: OMEZarrCompression.BloscShuffle

  init?(argument: String) {
    guard let shuffle = OMEZarrCompression.BloscShuffle(rawValue: argument) else { return nil }
    self.shuffle = shuffle
  }

  static var allValueStrings: [String] {
    OMEZarrCompression.BloscShuffle.allCases.map(\.rawValue)
  }
}

/// Numbers of elements along axes: `z=4,y=512,x=512`.
struct AxisSizesArgument: ExpressibleByArgument {
  let sizes: [Axis: Int]

  init?(argument: String) {
    var sizes: [Axis: Int] = [:]
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2, words[0].count == 1, let letter = words[0].first,
        "tczyxTCZYX".contains(letter), let axis = Axis(letter: letter),
        words[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let size = Int(words[1]),
        size > 0, sizes[axis] == nil
      else { return nil }
      sizes[axis] = size
    }
    self.sizes = sizes
  }
}

/// Sizes of shards, or `none`.
struct ShardsArgument: ExpressibleByArgument {
  /// The sizes; nil for no shards.
  let sizes: [Axis: Int]?

  init?(argument: String) {
    if argument.lowercased() == "none" {
      sizes = nil
      return
    }
    guard let list = AxisSizesArgument(argument: argument) else { return nil }
    sizes = list.sizes
  }
}
