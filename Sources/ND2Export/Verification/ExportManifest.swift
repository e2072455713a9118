package import ND2
import ND2Codecs

/// What an output was made of, plane by plane: a JSON document that lies beside it.
///
/// ```json
/// {
///   "manifest": 1, "tool": "swift-nd2 0.1.0",
///   "source": {"name": "cells.nd2", "bytes": 1234, "frames": 6, "map": "…"},
///   "output": {"name": "cells.ome.tif", "format": "ome-tiff", "split": "p"},
///   "selection": {"T": [0, 5]}, "hash": "sha256",
///   "planes": [{"p": 0, "t": 0, "z": 0, "c": 0, "sha256": "…"}]
/// }
/// ```
///
/// A plane is one channel of a frame: rows of pixels, colour as red, green, blue in turn, numbers
/// little-endian. Its places count from 0 in the ND2 file. `map` is the SHA-256 of the offsets of all
/// frames, as 64-bit numbers.
package struct ExportManifest: Sendable {
  /// What the document is called beside an output.
  package static func path(for output: String) -> String {
    "\(ExportFormat.trimmed(output)).verify.json"
  }

  /// What wrote it.
  package var tool = "swift-nd2"
  package private(set) var sourceName = ""
  package private(set) var sourceByteCount: UInt64 = 0
  package private(set) var frameCount = 0
  package private(set) var map = ""
  package private(set) var outputName = ""
  package private(set) var format: ExportFormat?
  package private(set) var division: ExportDivision = []
  package private(set) var ranges: [Axis: Range<Int>] = [:]
  /// Where the hash of a plane is; of manifests that were read only.
  private var hashes: [ExportPlanes.Address: Int] = [:]
  private var order: [ExportPlanes.Address] = []
  private var bytes: [UInt8] = []

  package init() {}

  init(of file: ND2File, path: String, _ request: VerificationRequest) {
    sourceName = TIFFFileName.base(file.path)
    sourceByteCount = file.byteCount
    frameCount = file.frameCount
    map = Self.map(of: file)
    outputName = TIFFFileName.base(path)
    format = request.format
    division = request.division
    ranges = request.selection.ranges.ranges
  }

  private static func map(of file: ND2File) -> String {
    var hash = SHA256()
    for frame in 0..<max(file.frameCount, 0) {
      let offset = file.frameOffset(frame) ?? .max
      withUnsafeBytes(of: offset.littleEndian) { hash.update($0) }
    }
    return hash.hexadecimal()
  }

  /// Whether a file has the size and the map of the one that was exported.
  package func isOf(_ file: ND2File) -> Bool {
    sourceByteCount == file.byteCount && map == Self.map(of: file)
  }

  /// What was exported.
  package var selection: ArraySelection {
    ranges.reduce(.all) { $0.with($1.key, $1.value) }
  }

  /// Number of planes.
  package var planeCount: Int { order.count }

  /// The hash of a plane.
  subscript(address: ExportPlanes.Address) -> [UInt8]? {
    hashes[address].map { Array(bytes[($0 * 32)..<(($0 + 1) * 32)]) }
  }

  mutating func add(_ address: ExportPlanes.Address, _ hash: [UInt8]) {
    guard hash.count == 32 else { return }
    order.append(address)
    bytes += hash
  }

  // MARK: - JSON

  /// Writes the document piece by piece.
  package func write(_ take: ([UInt8]) throws -> Void) throws {
    let head: JSONValue = [
      "manifest": 1, "tool": .string(tool),
      "source": [
        "name": .string(sourceName), "bytes": .unsigned(sourceByteCount),
        "frames": .integer(Int64(frameCount)), "map": .string(map),
      ],
      "output": [
        "name": .string(outputName), "format": .string(format?.rawValue ?? ""),
        "split": .string(division.axes.map { $0.rawValue.lowercased() }.joined()),
      ],
      "selection": .object(
        ranges.ordered { $0.key.rawValue < $1.key.rawValue }.map { axis, range in
          .init(
            axis.rawValue,
            .array([.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]))
        }), "hash": "sha256",
    ]
    var text = head.text(indentation: 2)
    while let last = text.last, last == "}" || last == "\n" { text.removeLast() }
    text += ",\n  \"planes\": ["
    for (number, address) in order.enumerated() {
      let hash = bytes[(number * 32)..<((number + 1) * 32)]
      text += number == 0 ? "\n" : ",\n"
      text +=
        "    {\"p\": \(address.position), \"t\": \(address.time), \"z\": \(address.z), "
        + "\"c\": \(address.channel), \"sha256\": \"\(Self.digits(hash))\"}"
      if text.utf8.count > 1 << 16 {
        try take(Array(text.utf8))
        text = ""
      }
    }
    try take(Array((text + "\n  ]\n}\n").utf8))
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads a document.
  ///
  /// - Throws: `ND2Error.Code.io`, and `ND2Error.Code.malformed` for what is no manifest.
  package init(path: String) throws {
    let source = try FileSource(path: path)
    func other(_ what: String) -> ND2Error {
      ND2Error(.malformed, "this is no manifest of an export: \(what)", at: .init(file: path))
    }
    guard source.byteCount() < 1 << 30,
      let document = try? JSONParser.parse(source.read(0..<source.byteCount()))
    else { throw other("it is not JSON") }
    guard document["manifest"]?.int == 1, document["hash"]?.string == "sha256" else {
      throw other("its version or its hash is not known")
    }
    tool = document["tool"]?.string ?? ""
    sourceName = document["source"]?["name"]?.string ?? ""
    sourceByteCount = UInt64(max(0, document["source"]?["bytes"]?.int ?? 0))
    frameCount = document["source"]?["frames"]?.int ?? 0
    map = document["source"]?["map"]?.string ?? ""
    outputName = document["output"]?["name"]?.string ?? ""
    format = (document["output"]?["format"]?.string).flatMap(ExportFormat.init(rawValue:))
    division = ExportDivision(letters: document["output"]?["split"]?.string ?? "") ?? []
    for member in document["selection"]?.members ?? [] {
      let bounds = member.value.elements.compactMap(\.int)
      guard bounds.count == 2, bounds[0] >= 0, bounds[0] < bounds[1] else {
        throw other("its selection makes no sense")
      }
      ranges[Axis(member.name)] = bounds[0]..<bounds[1]
    }
    for plane in document["planes"]?.elements ?? [] {
      guard let p = plane["p"]?.int, let t = plane["t"]?.int, let z = plane["z"]?.int,
        let c = plane["c"]?.int, let hash = (plane["sha256"]?.string).flatMap(PlaneHashes.bytes)
      else { throw other("a plane makes no sense") }
      add(.init(position: p, time: t, z: z, channel: c), hash)
    }
    for (number, address) in order.enumerated() { hashes[address] = number }
  }
}

extension ExportDivision {
  /// The division along axes by their letters, such as `pt` or `p,t`; nil for other letters.
  package init?(letters: String) {
    self = []
    for letter in letters.lowercased() where letter != "," {
      switch letter {
      case "p": insert(.positions)
      case "t": insert(.timePoints)
      case "c": insert(.channels)
      default: return nil
      }
    }
  }
}
