package import ND2Codecs

/// Encodes masks in run-length form (nd2-format §3.10): all numbers are 32-bit, little-endian.
package enum RunLengthMask {
  /// The data of a mask's chunk: its inflated size, then a zlib stream.
  package static func chunk(
    _ mask: SampleFile.Mask, version: UInt32 = 3
  ) throws(CodecError) -> [UInt8] {
    let words = [UInt8](littleEndian: encode(mask, version: version))
    let deflater = try Deflater(level: 6)
    return try [UInt8](littleEndian: CollectionOfOne(UInt32(words.count)))
      + deflater.deflate(words)
  }

  /// The words of a mask: a header of seven, then the objects in the order of their numbers.
  package static func encode(_ mask: SampleFile.Mask, version: UInt32) -> [UInt32] {
    var objects: [[UInt32]] = []
    for number in Set(mask.objects).sorted() where number != 0 {
      objects.append(object(number, of: mask, version: version))
    }
    let byteCount = objects.reduce(0) { $0 + $1.count * 4 }
    let lastOffset = 28 + byteCount - (objects.last?.count ?? 0) * 4
    let header: [UInt32] = [
      version, UInt32(mask.width), UInt32(mask.height), UInt32(objects.count), UInt32(byteCount),
      objects.isEmpty ? 0 : UInt32(lastOffset), 0,
    ]
    return header + objects.joined()
  }

  /// An object: a header of nine words (eleven in version 2), then its rows of runs.
  private static func object(
    _ number: UInt32, of mask: SampleFile.Mask, version: UInt32
  ) -> [UInt32] {
    let headerCount = version == 2 ? 11 : 9
    var rows: [UInt32] = []
    var (left, right, top, bottom) = (mask.width, 0, mask.height, 0)
    var rowCount: UInt32 = 0
    var lastRow = 0
    for y in 0..<mask.height {
      let runs = runs(of: number, row: y, in: mask)
      guard let first = runs.first, let last = runs.last else { continue }
      lastRow = rows.count
      rows += [UInt32(y), UInt32(runs.count)]
      rows += runs.flatMap { [UInt32($0.lowerBound), UInt32($0.count)] }
      (left, right) = (min(left, first.lowerBound), max(right, last.upperBound - 1))
      (top, bottom) = (min(top, y), y)
      rowCount += 1
    }
    var header: [UInt32] = [
      number, UInt32(left), UInt32(top), UInt32(right), UInt32(bottom),
      UInt32((headerCount + rows.count) * 4), rowCount, UInt32((headerCount + lastRow) * 4), 0,
    ]
    header += [UInt32](repeating: 0, count: headerCount - header.count)
    return header + rows
  }

  private static func runs(
    of number: UInt32, row y: Int, in mask: SampleFile.Mask
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var x = 0
    while x < mask.width {
      guard mask.objects[y * mask.width + x] == number else {
        x += 1
        continue
      }
      let start = x
      while x < mask.width, mask.objects[y * mask.width + x] == number { x += 1 }
      runs.append(start..<x)
    }
    return runs
  }
}
