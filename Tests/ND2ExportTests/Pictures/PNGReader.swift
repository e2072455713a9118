import ND2
import ND2Codecs

/// Reads back what the encoder wrote: chunks with their checksums, filters undone by the book.
struct PNGReader {
  var chunks: [(type: String, data: [UInt8])] = []
  var width = 0
  var height = 0
  var depth = 0
  var colour = 0
  /// Rows without the filter bytes, samples big-endian.
  var pixels: [UInt8] = []
  /// The filters used.
  var filters: Set<UInt8> = []

  struct Broken: Error { var reason: String }

  init(_ file: [UInt8]) throws {
    guard file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else {
      throw Broken(reason: "signature")
    }
    var position = 8
    while position < file.count {
      let count = Self.number(file[position..<(position + 4)])
      let body = Array(file[(position + 4)..<(position + 8 + count)])
      let stored = Self.number(file[(position + 8 + count)..<(position + 12 + count)])
      guard Self.checksum(body) == stored else { throw Broken(reason: "checksum") }
      chunks.append((String(decoding: body[..<4], as: UTF8.self), Array(body[4...])))
      position += 12 + count
    }
    guard let header = chunks.first?.data, chunks.first?.type == "IHDR",
      chunks.last?.type == "IEND"
    else { throw Broken(reason: "order of chunks") }
    width = Self.number(header[0..<4])
    height = Self.number(header[4..<8])
    depth = Int(header[8])
    colour = Int(header[9])
    let bytesPerPixel = depth / 8 * (colour == 2 ? 3 : 1)
    let rowCount = width * bytesPerPixel
    let stream = chunks.filter { $0.type == "IDAT" }.flatMap(\.data)
    let rows = try stream.withUnsafeBytes { try Inflater().inflate($0, limit: 1 << 28) }
    guard rows.count == (rowCount + 1) * height else { throw Broken(reason: "size") }
    var above = [UInt8](repeating: 0, count: rowCount)
    for y in 0..<height {
      let filter = rows[y * (rowCount + 1)]
      var row = Array(rows[(y * (rowCount + 1) + 1)..<((y + 1) * (rowCount + 1))])
      filters.insert(filter)
      for x in 0..<rowCount {
        let a = x >= bytesPerPixel ? Int(row[x - bytesPerPixel]) : 0
        let b = Int(above[x])
        let c = x >= bytesPerPixel ? Int(above[x - bytesPerPixel]) : 0
        let prediction: Int
        switch filter {
        case 0: prediction = 0
        case 1: prediction = a
        case 2: prediction = b
        case 3: prediction = (a + b) / 2
        case 4:
          let p = a + b - c
          let distances = (abs(p - a), abs(p - b), abs(p - c))
          prediction =
            distances.0 <= distances.1 && distances.0 <= distances.2
            ? a : distances.1 <= distances.2 ? b : c
        default: throw Broken(reason: "filter")
        }
        row[x] = UInt8((Int(row[x]) + prediction) & 255)
      }
      pixels += row
      above = row
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// CRC-32 bit by bit, so that it shares nothing with the code under test.
  private static func checksum(_ bytes: [UInt8]) -> Int {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return Int(~crc)
  }
}
