import ND2
import ND2Codecs

/// The masks of a file as JSON: layers with a checksum for each mask and for the whole.
struct MaskDocument {
  private let file: ND2File

  init(_ file: ND2File) { self.file = file }

  /// The layers, or null when the file has none.
  ///
  /// Masks are hashed as 16-bit numbers, as other readers give them, unless an object has a number
  /// that needs 32 bits; `dtype` says which.
  func json() throws -> JSONValue {
    let layers = try file.binaryLayers()
    guard !layers.isEmpty else { return .null }
    do {
      return try json(layers, as: .uint16)
    } catch is TooWide {
      return try json(layers, as: .uint32)
    }
  }

  /// An object has a number above 65,535.
  private struct TooWide: Error {}

  private func json(_ layers: [BinaryLayer], as type: SampleType) throws -> JSONValue {
    let loops = file.experiment.map(\.count)
    var all = SHA256()
    var shapes: [[Int]] = []
    let described = try layers.map { layer in
      let hashes = try hashes(of: layer, as: type, all: &all)
      if let shape = hashes.frameShape { shapes.append(shape) }
      var members = try JSONValue(encoding: layer).members
      members += [
        .init("frame_shape", .numbers(hashes.frameShape ?? [0, 0])),
        .init("coordinate_shape", .numbers(loops)),
        .init("frames", .array(hashes.frames.map { JSONValue.text($0) })),
      ]
      if let shape = hashes.frameShape {
        members.append(.init("array", array(loops + shape, type, hashes.whole)))
      } else {
        members.append(.init("array", .null))
      }
      return JSONValue.object(members)
    }
    var members: [JSONValue.Member] = [.init("layers", .array(described))]
    if let shape = shapes.first, shapes.allSatisfy({ $0 == shape }) {
      let whole = array([shapes.count] + loops + shape, type, all.hexadecimal())
      members.append(.init("array", whole))
    } else {
      members.append(.init("array", .null))
    }
    return .object(members)
  }

  private func array(_ shape: [Int], _ type: SampleType, _ hash: String) -> JSONValue {
    [
      "shape": .numbers(shape), "dtype": .string(type.rawValue), "sha256": .string(hash),
    ]
  }

  private struct Hashes {
    var frameShape: [Int]?
    var frames: [String?] = []
    var whole = ""
  }

  /// The checksums of a layer; frames without a mask count as zeros in those of the whole.
  private func hashes(
    of layer: BinaryLayer, as type: SampleType, all: inout SHA256
  ) throws -> Hashes {
    var result = Hashes()
    var blanksBefore = 0
    var whole = SHA256()
    var blank: [UInt8] = []
    for frame in 0..<file.frameCount {
      guard let mask = try file.mask(of: layer, frame: frame) else {
        result.frames.append(nil)
        if result.frameShape == nil {
          blanksBefore += 1
        } else {
          whole.update(blank)
          all.update(blank)
        }
        continue
      }
      let bytes = try Self.bytes(of: mask, as: type)
      if result.frameShape == nil {
        result.frameShape = [mask.height, mask.width]
        blank = [UInt8](repeating: 0, count: bytes.count)
        for _ in 0..<blanksBefore {
          whole.update(blank)
          all.update(blank)
        }
      }
      result.frames.append(SHA256.hexadecimal(of: bytes))
      whole.update(bytes)
      all.update(bytes)
    }
    result.whole = whole.hexadecimal()
    return result
  }

  /// The labels of a mask, little-endian.
  private static func bytes(of mask: LabelImage, as type: SampleType) throws -> [UInt8] {
    if type == .uint32 {
      return mask.labels.withUnsafeBytes { Array($0) }
    }
    guard let labels = mask.uint16Labels else { throw TooWide() }
    return labels.withUnsafeBytes { Array($0) }
  }
}
