import ND2

extension Picture {
  /// The picture with its longer side at most so many pixels, every pixel the mean of those that it
  /// covers; the picture itself when it is not larger.
  public func fitted(to side: Int) -> Picture { fitted(width: side, height: side) }

  /// The picture in at most so many columns and rows, its sides in proportion; never enlarged.
  public func fitted(width most: Int, height mostRows: Int) -> Picture {
    guard most > 0, mostRows > 0, width > most || height > mostRows else { return self }
    let share = min(Double(most) / Double(width), Double(mostRows) / Double(height))
    return resized(
      width: PictureMath.integer(Double(width) * share, 1...most),
      height: PictureMath.integer(Double(height) * share, 1...mostRows))
  }

  /// The picture in so many columns and rows; for smaller ones, each pixel is the mean of its area.
  func resized(width columns: Int, height rows: Int) -> Picture {
    guard columns > 0, rows > 0, columns != width || rows != height else { return self }
    let samples = layout.samplesPerPixel
    let wide = layout.bitsPerSample == 16
    let size = wide ? 2 : 1
    guard let count = Self.byteCount(width: columns, height: rows, layout: layout) else {
      return self
    }
    let spans = (0..<columns).map { Self.span($0, of: columns, over: width) }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      self.bytes.withUnsafeBufferPointer { source in
        var place = 0
        for row in 0..<rows {
          let down = Self.span(row, of: rows, over: height)
          for across in spans {
            for sample in 0..<samples {
              var sum = 0
              for y in down {
                var at = ((y &* width &+ across.lowerBound) &* samples &+ sample) &* size
                for _ in across {
                  sum &+= Int(source[at])
                  if wide { sum &+= Int(source[at &+ 1]) << 8 }
                  at &+= samples &* size
                }
              }
              let area = down.count * across.count
              let mean = (sum + area / 2) / area
              output[place] = UInt8(truncatingIfNeeded: mean)
              if wide { output[place + 1] = UInt8(truncatingIfNeeded: mean >> 8) }
              place += size
            }
          }
        }
      }
      initialized = count
    }
    return Picture(width: columns, height: rows, layout: layout, bytes: bytes) ?? self
  }

  /// The elements that one of fewer stands for; at least one.
  private static func span(_ index: Int, of count: Int, over total: Int) -> Range<Int> {
    let start = index * total / count
    return start..<max(start + 1, (index + 1) * total / count)
  }
}
