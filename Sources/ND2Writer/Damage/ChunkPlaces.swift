import ND2
import ND2Format

/// Where the chunks of a sound file are, by its map.
package struct ChunkPlaces: Sendable {
  /// A chunk's place.
  package struct Place: Hashable, Sendable {
    /// Position of the header.
    package var headerOffset: Int
    /// Position of the data, behind the name field.
    package var dataOffset: Int
    /// Size of the data.
    package var byteCount: Int
    /// Positions of the data.
    package var dataRange: Range<Int> { dataOffset..<(dataOffset + byteCount) }
  }

  /// Places by name.
  package private(set) var places: [String: Place] = [:]

  /// Reads the map of a file.
  ///
  /// - Throws: `ND2Error.Code.malformed` when the file has no sound map.
  package init(of file: [UInt8]) throws {
    guard let offset = ChunkMapParser.mapOffset(tail: file).flatMap({ Int(exactly: $0) }),
      offset < file.count
    else {
      throw ND2Error(.malformed, "the file has no chunk map")
    }
    let header = try ChunkHeader(Array(file[offset..<min(file.count, offset + 512)]), at: 0)
    let start = offset + Int(header.dataOffset)
    let data = Array(file[start..<(start + Int(header.dataByteCount))])
    let parsed = data.withUnsafeBytes {
      ChunkMapParser.parse($0, at: UInt64(start), fileByteCount: UInt64(file.count))
    }
    for (name, entry) in parsed.map.inFileOrder {
      guard let position = Int(exactly: entry.offset), position < file.count else { continue }
      let window = Array(file[position..<min(file.count, position + 512)])
      guard let header = try? ChunkHeader(window, at: entry.offset) else { continue }
      places[name] = Place(
        headerOffset: position, dataOffset: position + Int(header.dataOffset),
        byteCount: Int(header.dataByteCount))
    }
  }

  /// The place of a chunk.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when there is none of that name.
  package func place(of name: String) throws -> Place {
    guard let place = places[name] else {
      throw ND2Error(.invalidRequest, "there is no chunk '\(name)'")
    }
    return place
  }

  /// The place of a frame's chunk.
  package func frame(_ index: Int) throws -> Place {
    try place(of: ChunkName.frame(index))
  }
}
