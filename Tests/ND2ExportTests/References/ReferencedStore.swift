import ND2
import ND2Codecs
import ND2TestSupport

@testable import ND2Export

/// What a Zarr client sees of references to bytes in memory: a small reader of its own.
struct ReferencedStore {
  /// An array.
  struct Array {
    var axes: String
    var shape: [Int]
    var chunk: [Int]
    var isCompressed: Bool
    var sampleByteCount: Int
    var hasFill: Bool
  }

  /// What the JSON document says of a key.
  let members: [String: JSONValue]
  let document: JSONValue
  private let file: [UInt8]

  init(_ references: ZarrReferences, to file: [UInt8]) throws {
    var bytes: [UInt8] = []
    references.write { bytes += $0 }
    try self.init(bytes, to: file)
  }

  init(_ json: [UInt8], to file: [UInt8]) throws {
    document = try JSONParser.parse(json)
    self.file = file
    var members: [String: JSONValue] = [:]
    for member in document["refs"]?.members ?? [] {
      if members[member.name] != nil { throw TestFailure("two references of \(member.name)") }
      members[member.name] = member.value
    }
    self.members = members
  }

  struct TestFailure: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// A document of the store.
  func json(_ key: String) throws -> JSONValue {
    guard let text = members[key]?.string else { throw TestFailure("no document \(key)") }
    return try JSONParser.parse(Swift.Array(text.utf8))
  }

  /// Keys of byte ranges.
  var ranges: [String] { members.keys.filter { members[$0]?.string == nil } }

  /// Addresses in the references.
  var addresses: Set<String> {
    Set(members.values.compactMap { $0.elements.first?.string })
  }

  func array(_ path: String) throws -> Array {
    let document = try json("\(path)/.zarray")
    func numbers(_ name: String) -> [Int] { document[name]?.elements.compactMap(\.int) ?? [] }
    let type = document["dtype"]?.string ?? ""
    return Array(
      axes: try json("\(path)/.zattrs")["_ARRAY_DIMENSIONS"]?.elements.compactMap(\.string)
        .joined() ?? "",
      shape: numbers("shape"), chunk: numbers("chunks"),
      isCompressed: document["compressor"]?["id"]?.string == "zlib",
      sampleByteCount: type.last?.wholeNumberValue ?? 0, hasFill: document["fill_value"] != .null)
  }

  /// The pixels of a frame, rows without fill; zeros where there is no reference.
  ///
  /// - Parameter outer: indices along the axes before Y.
  func frame(_ path: String, _ outer: [Int]) throws -> [UInt8] {
    let array = try array(path)
    let y = outer.count
    let hasComponents = array.axes.hasSuffix("C")
    let components = hasComponents ? array.shape[y + 2] : 1
    let pixel = components * array.sampleByteCount
    let (height, width) = (array.shape[y], array.shape[y + 1])
    let chunkRow = array.chunk[y + 1] * pixel
    var result = [UInt8](repeating: 0, count: height * width * pixel)
    for first in stride(from: 0, to: height, by: array.chunk[y]) {
      let indices = outer + [first / array.chunk[y], 0] + (hasComponents ? [0] : [])
      let key = "\(path)/" + indices.map(String.init).joined(separator: "/")
      guard let reference = members[key]?.elements else { continue }
      guard reference.count == 3, let offset = reference[1].int, let count = reference[2].int,
        offset >= 0, count >= 0, offset + count <= file.count
      else { throw TestFailure("\(key) leads out of the file") }
      var chunk = Swift.Array(file[offset..<(offset + count)])
      if array.isCompressed {
        let inflater = try Inflater()
        chunk = try chunk.withUnsafeBytes { try inflater.inflate($0, limit: 1 << 24) }
      }
      guard chunk.count == array.chunk[y] * chunkRow else {
        throw TestFailure("\(key) has \(chunk.count) bytes instead of \(array.chunk[y] * chunkRow)")
      }
      for row in 0..<array.chunk[y] {
        let to = (first + row) * width * pixel
        result.replaceSubrange(
          to..<(to + width * pixel),
          with: chunk[(row * chunkRow)..<(row * chunkRow + width * pixel)])
      }
    }
    return result
  }
}
