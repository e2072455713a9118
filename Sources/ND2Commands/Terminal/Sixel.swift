import ND2Export

/// Pictures for terminals with sixel graphics: bands of six rows, colour by colour.
enum Sixel {
  /// Steps of a component: 6 × 6 × 6 colours.
  private static let steps = 6

  static func bytes(of picture: Picture) -> [UInt8] {
    let pixels = Pixels(picture)
    var text = Array("\u{1B}Pq\"1;1;\(pixels.width);\(pixels.height)".utf8)
    for number in 0..<(steps * steps * steps) {
      let parts = [number / 36, number / 6 % 6, number % 6].map { $0 * 20 }
      text += Array("#\(number);2;\(parts[0]);\(parts[1]);\(parts[2])".utf8)
    }
    for top in stride(from: 0, to: pixels.height, by: 6) {
      let rows = min(6, pixels.height - top)
      // For each colour in the band, the rows in which each column has it.
      var columns: [Int: [UInt8]] = [:]
      for row in 0..<rows {
        for column in 0..<pixels.width {
          let number = colour(pixels[column, top + row], column, top + row)
          columns[number, default: [UInt8](repeating: 0, count: pixels.width)][column] |=
            1 << UInt8(row)
        }
      }
      for (number, dots) in columns.sorted(by: { $0.key < $1.key }) {
        text += Array("#\(number)".utf8)
        append(dots, to: &text)
        // Back to the start of the band.
        text.append(UInt8(ascii: "$"))
      }
      text.append(UInt8(ascii: "-"))
    }
    return text + Array("\u{1B}\\\n".utf8)
  }

  /// The number of a pixel's colour; what lies between two steps is scattered over an area.
  private static func colour(_ pixel: (UInt8, UInt8, UInt8), _ x: Int, _ y: Int) -> Int {
    // Thresholds of a 4 × 4 matrix (Bayer), in sixteenths.
    let matrix = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    let threshold = matrix[(y & 3) * 4 + (x & 3)]
    func step(_ value: UInt8) -> Int {
      let sixteenths = Int(value) * (steps - 1) * 16 / 255
      return min(sixteenths / 16 + (sixteenths % 16 > threshold ? 1 : 0), steps - 1)
    }
    return 36 * step(pixel.0) + 6 * step(pixel.1) + step(pixel.2)
  }

  /// Letters of six dots each; repeated ones are counted.
  private static func append(_ dots: [UInt8], to text: inout [UInt8]) {
    var index = 0
    while index < dots.count {
      var end = index + 1
      while end < dots.count, dots[end] == dots[index] { end += 1 }
      let letter = 63 + dots[index]
      if end - index > 3 {
        text += Array("!\(end - index)".utf8)
        text.append(letter)
      } else {
        for _ in index..<end { text.append(letter) }
      }
      index = end
    }
  }
}
