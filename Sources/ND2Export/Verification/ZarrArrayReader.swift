import ND2
import ND2Codecs

/// An array of a Zarr store, of version 2 or 3, as far as this library writes them.
final class ZarrArrayReader: Sendable {
  /// Elements along each axis.
  let shape: [Int]
  /// Elements of a chunk.
  let chunk: [Int]
  /// Elements of a file: those of a shard, or of a chunk.
  private let outer: [Int]
  private let isSharded: Bool
  /// Names of the axes; nil in version 2, whose groups name them.
  let axes: [String]?
  /// The number type.
  let sampleType: SampleType
  private let codec: ChunkCodec
  private let folder: String
  private let keyPrefix: String
  private let indices = Lock<[String: [UInt64]]>([:])
  private let decompressors = Lock<[Box]>([])

  private final class Box: @unchecked Sendable {
    let decompressor: ChunkDecompressor
    init(_ decompressor: ChunkDecompressor) { self.decompressor = decompressor }
  }

  /// - Throws: `ND2Error.Code.malformed` and `ND2Error.Code.unsupported`.
  init(folder: String) throws {
    self.folder = folder
    let isThree = FileTree.exists("\(folder)/zarr.json")
    let path = isThree ? "\(folder)/zarr.json" : "\(folder)/.zarray"
    guard let bytes = FileTree.read(path), let document = try? JSONParser.parse(bytes) else {
      throw ND2Error(.malformed, "there is no readable array", at: .init(file: path))
    }
    func other(_ what: String) -> ND2Error {
      ND2Error(.unsupported, "an array with \(what)", at: .init(file: path))
    }
    shape = document["shape"]?.elements.compactMap(\.int) ?? []
    var codec = ChunkCodec.none
    var isSharded = false
    if isThree {
      keyPrefix = "c"
      outer =
        document["chunk_grid"]?["configuration"]?["chunk_shape"]?.elements.compactMap(\.int) ?? []
      var inner = outer
      var codecs = document["codecs"]?.elements ?? []
      if codecs.first?["name"]?.string == "sharding_indexed" {
        let settings = codecs[0]["configuration"]
        inner = settings?["chunk_shape"]?.elements.compactMap(\.int) ?? []
        guard settings?["index_location"]?.string ?? "end" == "end" else {
          throw other("the index of shards at their start")
        }
        codecs = settings?["codecs"]?.elements ?? []
        isSharded = true
      }
      chunk = inner
      for step in codecs {
        switch step["name"]?.string {
        case "bytes"
        where step["configuration"]?["endian"]?.string ?? "little" == "little":
          break
        case "zstd": codec = .zstd(level: 3)
        case "gzip": codec = .gzip(level: 5)
        case "blosc":
          codec = .blosc(.init(compressor: "lz4", level: 5, shuffle: 1, typeSize: 1))
        default: throw other("the codec \(step["name"]?.string ?? "?")")
        }
      }
      sampleType =
        try SampleType(rawValue: document["data_type"]?.string ?? "")
        ?? {
          throw other("another number type")
        }()
      axes = document["dimension_names"]?.elements.compactMap(\.string)
    } else {
      keyPrefix = ""
      outer = document["chunks"]?.elements.compactMap(\.int) ?? []
      chunk = outer
      axes = nil
      switch document["compressor"]?["id"]?.string {
      case nil: break
      case "zstd"?: codec = .zstd(level: 3)
      case "zlib"?: codec = .zlib(level: 5)
      case "gzip"?: codec = .gzip(level: 5)
      case "blosc"?: codec = .blosc(.init(compressor: "lz4", level: 5, shuffle: 1, typeSize: 1))
      case let name?: throw other("the compressor \(name)")
      }
      let dtype = document["dtype"]?.string
      sampleType =
        try SampleType.allCases.first { $0.numpyDescription == dtype }
        ?? {
          throw other("another number type")
        }()
      guard document["dimension_separator"]?.string == "/" else {
        throw other("another separator of indices")
      }
    }
    self.codec = codec
    self.isSharded = isSharded
    guard !shape.isEmpty, chunk.count == shape.count, outer.count == shape.count,
      zip(chunk, outer).allSatisfy({ $0 > 0 && $1 > 0 && $1 % $0 == 0 }),
      // Ours never have more than their array, which bounds the memory that is taken.
      zip(chunk, shape).allSatisfy({ $0 <= $1 }),
      let count = Self.product(chunk + [sampleType.byteCount]), count < Int(Int32.max),
      let slots = Self.product(zip(outer, chunk).map { $0 / $1 }), slots <= 1 << 24
    else { throw other("sizes that make no sense") }
  }

  private static func product(_ numbers: [Int]) -> Int? {
    numbers.reduce(1 as Int?) { product, number in
      guard let product else { return nil }
      let (value, overflow) = product.multipliedReportingOverflow(by: number)
      return overflow ? nil : value
    }
  }

  /// Bytes of a chunk.
  var chunkByteCount: Int { chunk.reduce(sampleType.byteCount, *) }

  /// Reads a chunk by its place among the chunks; zeros when it is not there.
  func read(chunk place: [Int], into memory: UnsafeMutableRawBufferPointer) throws {
    let ratio = zip(outer, chunk).map { $0 / $1 }
    let file = zip(place, ratio).map { $0 / $1 }
    let key = keyPrefix.isEmpty ? [] : [keyPrefix]
    let path = ([folder] + key + file.map(String.init)).joined(separator: "/")
    guard FileTree.exists(path) else {
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    let source = try FileSource(path: path)
    var range = 0..<source.byteCount()
    if isSharded {
      let slots = ratio.reduce(1, *)
      let inner = zip(zip(place, ratio).map { $0 % $1 }, ratio).reduce(0) { $0 * $1.1 + $1.0 }
      let index = try index(of: source, path, slots: slots)
      let (offset, count) = (index[inner * 2], index[inner * 2 + 1])
      if offset == .max, count == .max {
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      guard offset <= range.upperBound, count <= range.upperBound - offset else {
        throw ND2Error(.malformed, "the index of the shard leads out of it", at: .init(file: path))
      }
      range = offset..<(offset + count)
    }
    guard range.count <= 2 * memory.count + 4096 else {
      throw ND2Error(.malformed, "a chunk is too large", at: .init(file: path))
    }
    let bytes = try source.read(range)
    let box = try decompressors.withLock { $0.popLast() } ?? makeDecompressor()
    defer { decompressors.withLock { $0.append(box) } }
    do {
      try bytes.withUnsafeBytes { try box.decompressor.decompress($0, into: memory) }
    } catch {
      throw ND2Error(.malformed, "a chunk cannot be decompressed", at: .init(file: path))
    }
  }

  private func makeDecompressor() throws -> Box {
    do {
      return Box(try ChunkDecompressor(codec))
    } catch {
      throw ND2Error(.unsupported, "the decompressor cannot be set up")
    }
  }

  private func index(of source: FileSource, _ path: String, slots: Int) throws -> [UInt64] {
    if let known = indices.withLock({ $0[path] }) { return known }
    let size = UInt64(slots * 16 + 4)
    guard source.byteCount() >= size else {
      throw ND2Error(.malformed, "the shard has no index", at: .init(file: path))
    }
    let bytes = try source.read((source.byteCount() - size)..<source.byteCount())
    let entries = (0..<(slots * 2)).map { entry in
      bytes[(entry * 8)..<(entry * 8 + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    guard ShardIndex.bytes(entries) == bytes else {
      throw ND2Error(.malformed, "the index of the shard is damaged", at: .init(file: path))
    }
    indices.withLock { known in
      if known.count >= 64 { known.removeAll() }
      known[path] = entries
    }
    return entries
  }
}
