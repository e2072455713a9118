/// The row filters of PNG: predict each byte from its neighbours and keep the difference.
enum PNGFilter {
  /// The rows of a picture, each behind the number of the filter that suits it best.
  ///
  /// 16-bit samples become big-endian. "Best" is the smallest sum of absolute differences.
  static func filtered(_ picture: Picture) -> [UInt8] {
    let pixel = picture.layout.bytesPerPixel
    let rowCount = picture.width * pixel
    let total = (rowCount + 1) * picture.height
    return [UInt8](unsafeUninitializedCapacity: total) { output, initialized in
      guard var target = output.baseAddress else { return }
      let rows = Rows(byteCount: rowCount, bytesPerPixel: pixel)
      picture.bytes.withUnsafeBufferPointer { bytes in
        guard var source = bytes.baseAddress else { return }
        for _ in 0..<picture.height {
          rows.load(source, swapped: picture.layout.bitsPerSample == 16)
          rows.writeBest(to: target)
          source += rowCount
          target += rowCount + 1
        }
      }
      initialized = total
    }
  }

  /// Memory for the row at hand, the one above it, and its candidates.
  private final class Rows {
    private let byteCount: Int
    private let bytesPerPixel: Int
    private let storage: UnsafeMutablePointer<UInt8>
    private var current: UnsafeMutablePointer<UInt8>
    private var above: UnsafeMutablePointer<UInt8>
    private var candidate: UnsafeMutablePointer<UInt8>
    private var best: UnsafeMutablePointer<UInt8>

    init(byteCount: Int, bytesPerPixel: Int) {
      self.byteCount = byteCount
      self.bytesPerPixel = bytesPerPixel
      // In front of each row lie zeros: the pixel left of the first one.
      let stride = byteCount + bytesPerPixel
      storage = .allocate(capacity: 4 * stride)
      storage.initialize(repeating: 0, count: 4 * stride)
      current = storage + bytesPerPixel
      above = current + stride
      candidate = above + stride
      best = candidate + stride
    }

    deinit { storage.deallocate() }

    func load(_ source: UnsafePointer<UInt8>, swapped: Bool) {
      swap(&current, &above)
      if swapped {
        for index in stride(from: 0, to: byteCount, by: 2) {
          current[index] = source[index &+ 1]
          current[index &+ 1] = source[index]
        }
      } else {
        current.update(from: source, count: byteCount)
      }
    }

    func writeBest(to target: UnsafeMutablePointer<UInt8>) {
      var bestKind: UInt8 = 0
      best.update(from: current, count: byteCount)
      var bestCost = cost(of: best)
      for kind in 1...4 as ClosedRange<UInt8> {
        predict(kind)
        let cost = cost(of: candidate)
        if cost < bestCost {
          bestCost = cost
          bestKind = kind
          swap(&candidate, &best)
        }
      }
      target[0] = bestKind
      (target + 1).update(from: best, count: byteCount)
    }

    private func cost(of row: UnsafeMutablePointer<UInt8>) -> Int {
      var sum = 0
      for index in 0..<byteCount {
        sum &+= Int(min(row[index], 0 &- row[index]))
      }
      return sum
    }

    private func predict(_ kind: UInt8) {
      let (left, corner) = (current - bytesPerPixel, above - bytesPerPixel)
      let (here, up, out) = (current, above, candidate)
      switch kind {
      case 1: for index in 0..<byteCount { out[index] = here[index] &- left[index] }
      case 2: for index in 0..<byteCount { out[index] = here[index] &- up[index] }
      case 3:
        for index in 0..<byteCount {
          let mean = (UInt16(left[index]) &+ UInt16(up[index])) >> 1
          out[index] = here[index] &- UInt8(truncatingIfNeeded: mean)
        }
      default:
        for index in 0..<byteCount {
          out[index] = here[index] &- Self.paeth(left[index], up[index], corner[index])
        }
      }
    }

    /// The neighbour that is nearest to left + up − corner.
    private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
      let (a, b, c) = (Int16(left), Int16(up), Int16(corner))
      let (toLeft, toUp, toCorner) = (abs(b &- c), abs(a &- c), abs(a &+ b &- c &- c))
      if toLeft <= toUp, toLeft <= toCorner { return left }
      return toUp <= toCorner ? up : corner
    }
  }
}
