// The document of the Python reader (nd2-format §8.2).
extension FileList: Codable {
  private enum Keys: String, CodingKey {
    case path, crop, metadata
    case tRange = "t_range"
    case cRange = "c_range"
    case sRange = "s_range"
    case chunkOffsets = "chunk_offsets"
    case outputShape = "output_shape"
  }

  /// Writes the list with the Python reader's members.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(path, forKey: .path)
    try members.encode(
      [crop.z, crop.y, crop.x].flatMap { [$0.lowerBound, $0.upperBound] }, forKey: .crop)
    for (key, range) in [(Keys.tRange, tRange), (.cRange, cRange), (.sRange, sRange)] {
      try members.encode([range.lowerBound, range.upperBound], forKey: key)
    }
    var offsets = members.nestedContainer(keyedBy: PlaceKey.self, forKey: .chunkOffsets)
    let ordered = chunkOffsets.ordered {
      ($0.key.t, $0.key.c, $0.key.z, $0.key.scene) < ($1.key.t, $1.key.c, $1.key.z, $1.key.scene)
    }
    for (place, offset) in ordered { try offsets.encode(offset, forKey: PlaceKey(place)) }
    try members.encode(metadata, forKey: .metadata)
    try members.encode(outputShape, forKey: .outputShape)
  }

  /// Reads a list that this library or the Python reader has written.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when it contradicts itself.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Keys.self)
    func range(_ key: Keys) throws -> Range<Int> {
      let bounds = try members.decode([Int].self, forKey: key)
      return try Self.range(bounds[...], key.rawValue)
    }
    let crop = try members.decode([Int].self, forKey: .crop)
    guard crop.count == 6 else {
      throw ND2Error(.malformed, "the crop of a file list has six numbers; here are \(crop.count)")
    }
    let offsets = try members.nestedContainer(keyedBy: PlaceKey.self, forKey: .chunkOffsets)
    var chunkOffsets: [Place: UInt64] = [:]
    for key in offsets.allKeys {
      guard let place = key.place else {
        throw ND2Error(.malformed, "'\(key.stringValue)' is no place of a plane (t, c, z, s)")
      }
      chunkOffsets[place] = try offsets.decode(UInt64.self, forKey: key)
    }
    self.init(
      path: try members.decode(String.self, forKey: .path),
      crop: StackCrop(
        z: try Self.range(crop[0..<2], "crop"), y: try Self.range(crop[2..<4], "crop"),
        x: try Self.range(crop[4..<6], "crop")), tRange: try range(.tRange),
      cRange: try range(.cRange), sRange: try range(.sRange), chunkOffsets: chunkOffsets,
      metadata: try members.decode(Description.self, forKey: .metadata))
    // What a few bytes claim must not take long to go through.
    let count = [tRange.count, cRange.count, self.crop.z.count, sRange.count].reduce(1.0) {
      $0 * Double($1)
    }
    guard count <= Double(chunkOffsets.count) * 64 + 65_536 else {
      throw ND2Error(
        .malformed, "the file list claims \(count) planes and names \(chunkOffsets.count)")
    }
  }

  private static func range(_ bounds: ArraySlice<Int>, _ what: String) throws -> Range<Int> {
    guard bounds.count == 2, let low = bounds.first, let high = bounds.last, low >= 0, low < high,
      high < 1 << 48
    else { throw ND2Error(.malformed, "the \(what) of a file list is no range: \(Array(bounds))") }
    return low..<high
  }

  /// The list as JSON.
  public func json() throws -> JSONValue { try JSONValue(encoding: self) }

  /// Reads a list from JSON text.
  ///
  /// - Throws: ``ND2Error/Code/malformed``.
  public init(jsonText: [UInt8]) throws {
    self = try JSONDocument.decode(jsonText, as: "file list")
  }

  /// Reads a list from a file.
  public init(contentsOf path: String) throws {
    self = try JSONDocument.decode(path: path, as: "file list")
  }

  /// Writes the list as JSON; the file appears whole or not at all, and an existing one is
  /// replaced only when asked.
  public func write(to path: String, overwriting: Bool = false) throws {
    try JSONDocument.write(try json(), to: path, overwriting: overwriting)
  }
}

/// The text of a Python tuple, such as `(0, 1, 2, 0)`.
private struct PlaceKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(_ place: FileList.Place) {
    stringValue = "(\(place.t), \(place.c), \(place.z), \(place.scene))"
  }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  var place: FileList.Place? {
    let inner = stringValue.filter { $0 != "(" && $0 != ")" && $0 != " " }
    let numbers = inner.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 4 else { return nil }
    let known = numbers.compactMap { $0 }
    guard known.count == 4, known.allSatisfy({ $0 >= 0 }) else { return nil }
    return FileList.Place(t: known[0], c: known[1], z: known[2], scene: known[3])
  }
}
