/// What the main header of a JPEG 2000 codestream says of the image (ISO/IEC 15444-1, annex A).
///
/// Nothing is allocated on the word of a codestream before this was read and found reasonable.
package struct JPEG2000Header: Hashable, Sendable {
  /// A component of the image.
  package struct Component: Hashable, Sendable {
    /// Significant bits, 1 to 38.
    package var bitCount: Int
    /// Whether samples are signed.
    package var isSigned: Bool
    /// Distance of samples along rows and columns; 1 for all that microscopes write.
    package var stepX: Int
    package var stepY: Int
  }

  /// Pixels in a row.
  package private(set) var width: Int
  /// Rows.
  package private(set) var height: Int
  /// The components.
  package private(set) var components: [Component]
  /// Pixels in a row of a tile.
  package private(set) var tileWidth: Int
  /// Rows of a tile.
  package private(set) var tileHeight: Int
  /// Number of tiles.
  package private(set) var tileCount: Int
  /// Where the image and the first tile begin on the reference grid.
  private var originX = 0
  private var originY = 0
  private var tileOriginX = 0
  private var tileOriginY = 0
  /// Whether the wavelet transform is the reversible one; nil when the header is cut before that.
  package private(set) var isReversible: Bool?
  /// Code-blocks and precincts of one tile, estimated from the finest division that is named.
  package private(set) var structureCount = 0

  /// Bytes that tile-parts claim beyond the end of the codestream; a decoder that puts up with cut
  /// codestreams makes room for them.
  package private(set) var claimedByteCount = 0

  /// Fewest bytes that hold all that matters of an ordinary main header.
  package static let sufficientByteCount = 256
  /// Most components that are read.
  private static let mostComponents = 64

  /// Whether bytes begin like a codestream: markers SOC and SIZ.
  package static func isCodestream(_ first: some Sequence<UInt8>) -> Bool {
    first.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
  }

  /// Reads the header of a codestream, or of as much of it as is there; nil when it is none.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    let input = BigEndianBytes(bytes)
    guard input.u32(0) == 0xFF4F_FF51, let length = input.u16(4), length >= 41,
      let right = input.u32(8), let bottom = input.u32(12), let left = input.u32(16),
      let top = input.u32(20), let tileWidth = input.u32(24), let tileHeight = input.u32(28),
      let tileLeft = input.u32(32), let tileTop = input.u32(36), let count = input.u16(40)
    else { return nil }
    guard right > left, bottom > top, tileWidth > 0, tileHeight > 0, tileLeft <= left,
      tileTop <= top, tileWidth > left - tileLeft, tileHeight > top - tileTop,
      (1...Self.mostComponents).contains(count), length >= 38 + 3 * count
    else { return nil }
    var components: [Component] = []
    for index in 0..<count {
      let place = 42 + index * 3
      guard let depth = input.u8(place), let stepX = input.u8(place + 1),
        let stepY = input.u8(place + 2), stepX > 0, stepY > 0
      else { return nil }
      components.append(
        Component(
          bitCount: depth & 0x7F + 1, isSigned: depth & 0x80 != 0, stepX: stepX, stepY: stepY))
    }
    guard components.allSatisfy({ $0.bitCount <= 38 }) else { return nil }
    self.components = components
    (width, height) = (right - left, bottom - top)
    (self.tileWidth, self.tileHeight) = (tileWidth, tileHeight)
    (originX, originY, tileOriginX, tileOriginY) = (left, top, tileLeft, tileTop)
    // All numbers fit into 32 bits, so that nothing overflows.
    let across = (right - tileLeft + tileWidth - 1) / tileWidth
    tileCount = across * ((bottom - tileTop + tileHeight - 1) / tileHeight)
    readStyles(input, from: 4 + length)
  }

  /// Reads the header of a codestream, or of as much of it as is there; nil when it is none.
  package init?(_ bytes: [UInt8]) {
    guard let header = bytes.withUnsafeBytes({ JPEG2000Header($0) }) else { return nil }
    self = header
  }

  /// Whether a part of the image can be decoded by itself: it lies in fewer than all tiles.
  package func isCheaper(columns: Range<Int>, rows: Range<Int>) -> Bool {
    guard tileCount > 1, !columns.isEmpty, !rows.isEmpty else { return false }
    func tiles(_ range: Range<Int>, _ origin: Int, _ tileOrigin: Int, _ size: Int) -> Int {
      let first = (origin + range.lowerBound - tileOrigin) / size
      return (origin + range.upperBound - 1 - tileOrigin) / size - first + 1
    }
    return tiles(columns, originX, tileOriginX, tileWidth)
      * tiles(rows, originY, tileOriginY, tileHeight) < tileCount
  }

  /// Places on the reference grid of a part of the image: left, top, right, bottom.
  func gridPlaces(columns: Range<Int>, rows: Range<Int>) -> (Int32, Int32, Int32, Int32)? {
    guard let left = Int32(exactly: originX + columns.lowerBound),
      let top = Int32(exactly: originY + rows.lowerBound),
      let right = Int32(exactly: originX + columns.upperBound),
      let bottom = Int32(exactly: originY + rows.upperBound)
    else { return nil }
    return (left, top, right, bottom)
  }

  /// Memory in bytes that decoding is going to take, about: numbers of 32 bits for every sample, what
  /// describes tiles, precincts and code-blocks, and the room for data that is not there.
  package var decodingByteCount: Int {
    let (samples, a) = width.multipliedReportingOverflow(by: height)
    let (numbers, b) = samples.multipliedReportingOverflow(by: 4 * components.count)
    let perTile = 8192 + 2048 * components.count
    let (tiles, c) = tileCount.multipliedReportingOverflow(by: perTile)
    let (structures, d) = structureCount.multipliedReportingOverflow(by: 512)
    let (sum, e) = numbers.addingReportingOverflow(tiles)
    let (total, f) = sum.addingReportingOverflow(structures)
    let (all, g) = total.addingReportingOverflow(claimedByteCount)
    return a || b || c || d || e || f || g ? .max : all
  }
}

// MARK: - Coding styles

extension JPEG2000Header {
  /// Markers that are skipped by their length, in the main header and those of tile-parts.
  private static let skipped: Set<Int> = [
    0xFF50, 0xFF51, 0xFF55, 0xFF57, 0xFF58, 0xFF59, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F, 0xFF60, 0xFF61,
    0xFF63, 0xFF64, 0xFF74, 0xFF75, 0xFF77, 0xFF78,
  ]

  /// Walks the marker segments of the main header and of the tile-parts.
  private mutating func readStyles(_ input: BigEndianBytes, from start: Int) {
    readClaims(input, from: start)
    var position = start
    /// Where the tile-part at hand ends; nil in the main header.
    var tilePartEnd: Int?
    while let marker = input.u16(position) {
      switch marker {
      case 0xFF90:
        // SOT: length 10, tile, length of the tile-part, …
        guard let length = input.u32(position + 6) else { return }
        tilePartEnd = length >= 14 ? position + length : input.count
        position += 12
      case 0xFF93:
        // SOD: data up to the end of the tile-part.
        guard let end = tilePartEnd, end > position else { return }
        position = end
      case 0xFF52, 0xFF53:
        if marker == 0xFF52 {
          readStyle(input, at: position + 9, hasPrecincts: input.u8(position + 4))
        } else {
          readStyle(input, at: position + 6, hasPrecincts: input.u8(position + 5))
        }
        position += max(2, input.u16(position + 2) ?? 0) + 2
      case let marker where Self.skipped.contains(marker):
        position += max(2, input.u16(position + 2) ?? 0) + 2
      default:
        // Decoders look for a marker they know behind one they do not.
        guard let next = Self.nextMarker(input, from: position + 1) else { return }
        position = next
      }
    }
  }

  /// The place of the next marker that says something about how much memory is needed.
  private static func nextMarker(_ input: BigEndianBytes, from start: Int) -> Int? {
    var position = start
    while let high = input.u8(position), let low = input.u8(position + 1) {
      if high == 0xFF, [0x52, 0x53, 0x90, 0x93].contains(low) { return position }
      position += 1
    }
    return nil
  }

  /// Looks at the lengths of all tile-parts. Image data holds no bytes that look like their marker.
  private mutating func readClaims(_ input: BigEndianBytes, from start: Int) {
    var position = start
    while let high = input.u8(position) {
      // Numbers of 32 bits.
      if high == 0xFF, input.u8(position + 1) == 0x90, let length = input.u32(position + 6),
        length > input.count - position
      {
        claimedByteCount = max(claimedByteCount, length)
      }
      position += 1
    }
  }

  /// Reads the part of COD and COC that they share: levels, code-blocks, transform, precincts.
  private mutating func readStyle(_ input: BigEndianBytes, at place: Int, hasPrecincts: Int?) {
    guard let levels = input.u8(place), levels <= 32, let blockWidth = input.u8(place + 1),
      let blockHeight = input.u8(place + 2), let transform = input.u8(place + 4)
    else { return }
    if isReversible == nil { isReversible = transform == 1 }
    let isDivided = (hasPrecincts ?? 0) & 1 != 0
    var count = 0
    for level in 0...levels {
      // Resolutions come from the coarsest on.
      let shift = levels - level
      let columns = max(1, min(tileWidth, width) >> shift)
      let rows = max(1, min(tileHeight, height) >> shift)
      let precinct = isDivided ? input.u8(place + 5 + level) ?? 0xFF : 0xFF
      let (precinctX, precinctY) = (precinct & 15, precinct >> 4)
      let precincts = ((columns >> precinctX) + 1) * ((rows >> precinctY) + 1)
      let block = (min(blockWidth & 15 + 2, precinctX), min(blockHeight & 15 + 2, precinctY))
      let blocks = ((columns >> block.0) + 1) * ((rows >> block.1) + 1)
      let (sum, overflow) = count.addingReportingOverflow(3 * precincts + blocks)
      count = overflow ? .max : sum
    }
    let (all, overflow) = count.multipliedReportingOverflow(by: components.count)
    structureCount = max(structureCount, overflow ? .max : all)
  }
}

/// Numbers in big-endian bytes; nil beyond their end.
struct BigEndianBytes {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var count: Int { bytes.count }

  func u8(_ position: Int) -> Int? {
    position >= 0 && position < bytes.count ? Int(bytes[position]) : nil
  }

  func u16(_ position: Int) -> Int? {
    guard position >= 0, bytes.count - position >= 2 else { return nil }
    return Int(bytes[position]) << 8 | Int(bytes[position + 1])
  }

  func u32(_ position: Int) -> Int? {
    guard let high = u16(position), let low = u16(position + 2) else { return nil }
    return high << 16 | low
  }
}
