import ND2
import ND2Codecs

/// The documents that describe arrays and groups, for both versions of Zarr.
struct ZarrDocuments: Sendable {
  /// The version of the specification of OME-Zarr, which decides about that of Zarr.
  let version: OMEZarrOptions.Version
  /// How chunks are compressed.
  let compression: OMEZarrCompression

  /// What the chunks' codec does.
  func codec(_ type: SampleType) -> ChunkCodec {
    switch compression {
    case .none: .none
    case .zstd(let level): .zstd(level: level)
    case .gzip(let level): version == .v0_4 ? .zlib(level: level) : .gzip(level: level)
    case .blosc(let compressor, let level, let shuffle):
      .blosc(
        .init(
          compressor: compressor.rawValue, level: level, shuffle: shuffle.number,
          typeSize: type.byteCount))
    }
  }

  /// Where a chunk or shard is, relative to its array.
  func key(_ indices: [Int], axes: [ZarrAxis]) -> String {
    var key = version == .v0_4 ? "" : "c"
    for axis in axes {
      if !key.isEmpty { key += "/" }
      key += String(indices[axis.rawValue])
    }
    return key
  }

  /// Writes the document of an array into its folder.
  func writeArray(_ level: ZarrArrayPlan.Level, _ plan: ZarrArrayPlan, at folder: String) throws {
    switch version {
    case .v0_4:
      try FileTree.write(array2(level, plan).text(indentation: 2), to: "\(folder)/.zarray")
    case .v0_5:
      try FileTree.write(array3(level, plan).text(indentation: 2), to: "\(folder)/zarr.json")
    }
  }

  /// Writes the documents of a group into its folder.
  ///
  /// - Parameters:
  ///   - ome: what the specification of OME-Zarr says of the group; without its version.
  ///   - others: further attributes.
  func writeGroup(
    _ ome: [JSONValue.Member], others: [JSONValue.Member] = [], at folder: String
  ) throws {
    switch version {
    case .v0_4:
      try FileTree.write(
        JSONValue.object([.init("zarr_format", 2)]).text(indentation: 2), to: "\(folder)/.zgroup")
      if !ome.isEmpty || !others.isEmpty {
        try FileTree.write(
          JSONValue.object(ome + others).text(indentation: 2), to: "\(folder)/.zattrs")
      }
    case .v0_5:
      let wrapped: [JSONValue.Member] =
        ome.isEmpty
        ? [] : [.init("ome", .object([.init("version", .string(version.rawValue))] + ome))]
      let document: JSONValue = [
        "zarr_format": 3, "node_type": "group", "attributes": .object(wrapped + others),
      ]
      try FileTree.write(document.text(indentation: 2), to: "\(folder)/zarr.json")
    }
  }

  // MARK: - Arrays

  private func numbers(_ sizes: [Int], _ plan: ZarrArrayPlan) -> JSONValue {
    .array(plan.axes.map { .integer(Int64(sizes[$0.rawValue])) })
  }

  private func array3(_ level: ZarrArrayPlan.Level, _ plan: ZarrArrayPlan) -> JSONValue {
    let bytes: JSONValue = ["name": "bytes", "configuration": ["endian": "little"]]
    var codecs = [bytes] + compressor3(plan.type)
    if level.shard != nil {
      codecs = [
        [
          "name": "sharding_indexed",
          "configuration": [
            "chunk_shape": numbers(level.chunk, plan), "codecs": .array(codecs),
            "index_codecs": [bytes, ["name": "crc32c"]], "index_location": "end",
          ],
        ]
      ]
    }
    return [
      "zarr_format": 3, "node_type": "array", "shape": numbers(level.shape, plan),
      "data_type": .string(plan.type.rawValue),
      "chunk_grid": [
        "name": "regular", "configuration": ["chunk_shape": numbers(level.outer, plan)],
      ],
      "chunk_key_encoding": ["name": "default", "configuration": ["separator": "/"]],
      "fill_value": plan.type.isFloatingPoint ? 0.0 : 0, "codecs": .array(codecs),
      "dimension_names": .array(plan.axes.map { .string($0.name) }), "attributes": [:],
    ]
  }

  private func compressor3(_ type: SampleType) -> [JSONValue] {
    switch compression {
    case .none: return []
    case .zstd(let level):
      return [
        ["name": "zstd", "configuration": ["level": .integer(Int64(level)), "checksum": false]]
      ]
    case .gzip(let level):
      return [["name": "gzip", "configuration": ["level": .integer(Int64(min(max(level, 0), 9)))]]]
    case .blosc(let compressor, let level, let shuffle):
      var settings: [JSONValue.Member] = [
        .init("cname", .string(compressor.rawValue)),
        .init("clevel", .integer(Int64(min(max(level, 0), 9)))),
        .init("shuffle", .string(shuffle.rawValue)),
      ]
      if shuffle != .none { settings.append(.init("typesize", .integer(Int64(type.byteCount)))) }
      settings.append(.init("blocksize", 0))
      return [["name": "blosc", "configuration": .object(settings)]]
    }
  }

  private func array2(_ level: ZarrArrayPlan.Level, _ plan: ZarrArrayPlan) -> JSONValue {
    [
      "zarr_format": 2, "shape": numbers(level.shape, plan), "chunks": numbers(level.chunk, plan),
      "dtype": .string(plan.type.numpyDescription), "compressor": compressor2,
      "fill_value": plan.type.isFloatingPoint ? 0.0 : 0, "order": "C", "filters": nil,
      "dimension_separator": "/",
    ]
  }

  private var compressor2: JSONValue {
    switch compression {
    case .none: return nil
    case .zstd(let level): return ["id": "zstd", "level": .integer(Int64(level))]
    case .gzip(let level):
      return ["id": "zlib", "level": .integer(Int64(min(max(level, 0), 9)))]
    case .blosc(let compressor, let level, let shuffle):
      return [
        "id": "blosc", "cname": .string(compressor.rawValue),
        "clevel": .integer(Int64(min(max(level, 0), 9))),
        "shuffle": .integer(Int64(shuffle.number)), "blocksize": 0,
      ]
    }
  }
}

extension OMEZarrCompression.BloscShuffle {
  /// The number that Blosc knows it by.
  var number: Int {
    switch self {
    case .none: 0
    case .bytes: 1
    case .bits: 2
    }
  }
}
