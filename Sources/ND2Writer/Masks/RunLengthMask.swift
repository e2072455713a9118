package import ND2Codecs

/// Encodes masks in run-length form (nd2-format §3.10): all numbers are 32-bit, little-endian.
package enum RunLengthMask {
  /// The data of a mask's chunk: its inflated size, then a zlib stream.
  package static func chunk(
    _ mask: ND2FileDescription.Mask, version: UInt32 = 3
  ) throws(CodecError) -> [UInt8] {
    let words = [UInt8](littleEndian: encode(mask, version: version))
    let deflater = try Deflater(level: 6)
    return try [UInt8](littleEndian: CollectionOfOne(UInt32(words.count)))
      + deflater.deflate(words)
  }

  /// The words of a mask: a header of seven, then the objects in the order of their numbers.
  package static func encode(_ mask: ND2FileDescription.Mask, version: UInt32) -> [UInt32] {
    let objects = objects(of: mask).sorted { $0.key < $1.key }.map {
      $0.value.words(number: $0.key, version: version)
    }
    let byteCount = objects.reduce(0) { $0 + $1.count * 4 }
    let lastOffset = 28 + byteCount - (objects.last?.count ?? 0) * 4
    let header: [UInt32] = [
      version, UInt32(mask.width), UInt32(mask.height), UInt32(objects.count), UInt32(byteCount),
      objects.isEmpty ? 0 : UInt32(lastOffset), 0,
    ]
    return header + objects.joined()
  }

  /// The runs of every object, found in one pass over the mask.
  private static func objects(of mask: ND2FileDescription.Mask) -> [UInt32: ObjectRuns] {
    var objects: [UInt32: ObjectRuns] = [:]
    for y in 0..<mask.height {
      let row = y * mask.width
      var x = 0
      while x < mask.width {
        let (number, start) = (mask.objects[row + x], x)
        while x < mask.width, mask.objects[row + x] == number { x += 1 }
        if number != 0 { objects[number, default: ObjectRuns()].append(start..<x, row: y) }
      }
    }
    return objects
  }
}

/// The rows of runs of one object, from top to bottom.
private struct ObjectRuns {
  private var rows: [UInt32] = []
  private var rowCount: UInt32 = 0
  /// Where the last row begins, and which it is.
  private var lastRow = (place: 0, y: -1)
  private var (left, right, top) = (Int.max, 0, 0)

  mutating func append(_ run: Range<Int>, row y: Int) {
    if y != lastRow.y {
      if rowCount == 0 { top = y }
      rowCount += 1
      lastRow = (rows.count, y)
      rows += [UInt32(y), 0]
    }
    rows[lastRow.place + 1] += 1
    rows += [UInt32(run.lowerBound), UInt32(run.count)]
    (left, right) = (min(left, run.lowerBound), max(right, run.upperBound - 1))
  }

  /// A header of nine words (eleven in version 2), then the rows.
  func words(number: UInt32, version: UInt32) -> [UInt32] {
    let headerCount = version == 2 ? 11 : 9
    var header: [UInt32] = [
      number, UInt32(left), UInt32(top), UInt32(right), UInt32(lastRow.y),
      UInt32((headerCount + rows.count) * 4), rowCount,
      UInt32((headerCount + lastRow.place) * 4), 0,
    ]
    header += [UInt32](repeating: 0, count: headerCount - header.count)
    return header + rows
  }
}
