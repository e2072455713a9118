/// Sums of elements over raw memory.
///
/// Sums of 8- and 16-bit integers are 32-bit partial sums at first: the caller adds at most
/// ``mostRows`` rows before it adds them to 64-bit totals. 32-bit integers have 64-bit totals,
/// floating-point numbers sums in doubles. The caller vouches for the sizes.
enum SumKernels {
  /// Rows whose partial sums fit into 32 bits.
  static let mostRows = 65_535

  /// Adds rows to sums that lie side by side, one for each column: `UInt32` for 8- and 16-bit
  /// integers (as `Int32` bits for signed ones), `Int64` for 32-bit integers, `Double` for others.
  static func columns(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer
  ) {
    switch type {
    case .uint8: bytes(typed(x, UInt8.self), block, typed(acc))
    case .uint16: narrow(typed(x, UInt16.self), block, typed(acc))
    case .int8: bytes(typed(x, Int8.self), block, typed(acc))
    case .int16: narrow(typed(x, Int16.self), block, typed(acc))
    case .uint32: wide(typed(x, UInt32.self), block, typed(acc))
    case .int32: wide(typed(x, Int32.self), block, typed(acc))
    case .float32: floating(typed(x, Float.self), block, typed(acc))
    case .float64: floating(typed(x, Double.self), block, typed(acc))
    }
  }

  /// Adds the sum of each row to one total: `Int64` for integers, `Double` for others.
  static func rows(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutableRawPointer,
    stride: Int
  ) {
    switch type {
    case .uint8: byteRows(x, block, typed(acc), stride, bias: 0)
    case .uint16: wordRows(x, block, typed(acc), stride, bias: 0)
    case .int8: byteRows(x, block, typed(acc), stride, bias: 128)
    case .int16: wordRows(x, block, typed(acc), stride, bias: 32_768)
    case .uint32: wideRows(typed(x, UInt32.self), block, typed(acc), stride)
    case .int32: wideRows(typed(x, Int32.self), block, typed(acc), stride)
    case .float32: floatingRows(typed(x, Float.self), block, typed(acc), stride)
    case .float64: floatingRows(typed(x, Double.self), block, typed(acc), stride)
    }
  }

  /// Adds 32-bit partial sums to totals and clears them.
  static func flush(
    _ partial: UnsafeMutablePointer<UInt32>, isSigned: Bool, _ totals: UnsafeMutablePointer<Int64>,
    count: Int
  ) {
    var i = 0
    if isSigned {
      while i < count {
        totals[i] &+= Int64(Int32(bitPattern: partial[i]))
        partial[i] = 0
        i &+= 1
      }
    } else {
      while i < count {
        totals[i] &+= Int64(partial[i])
        partial[i] = 0
        i &+= 1
      }
    }
  }
}

@inline(__always)
private func typed<T>(_ pointer: UnsafeRawPointer, _: T.Type) -> UnsafePointer<T> {
  pointer.assumingMemoryBound(to: T.self)
}
@inline(__always)
private func typed<T>(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<T> {
  pointer.assumingMemoryBound(to: T.self)
}

// Columns.
extension SumKernels {
  /// Bytes are added in 16 bits first, eight rows at a time.
  @inline(__always)
  private static func bytes<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<UInt32>
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    let wide = { (value: T) -> Int16 in Int16(truncatingIfNeeded: value) }
    while left >= 8 {
      let (a, b, c, d) = (row, row + stride, row + stride &* 2, row + stride &* 3)
      let (e, f, g, h) = (d + stride, d + stride &* 2, d + stride &* 3, d + stride &* 4)
      var i = 0
      while i < width {
        let first = (wide(a[i]) &+ wide(b[i])) &+ (wide(c[i]) &+ wide(d[i]))
        let second = (wide(e[i]) &+ wide(f[i])) &+ (wide(g[i]) &+ wide(h[i]))
        acc[i] = acc[i] &+ UInt32(truncatingIfNeeded: first &+ second)
        i &+= 1
      }
      row = h + stride
      left &-= 8
    }
    narrow(row, RowBlock(width: width, rows: left, stride: stride), acc)
  }

  @inline(__always)
  private static func narrow<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<UInt32>
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    while left >= 4 {
      let (a, b) = (row, row + stride)
      let (c, d) = (b + stride, b + stride &* 2)
      var i = 0
      while i < width {
        let ab = UInt32(truncatingIfNeeded: a[i]) &+ UInt32(truncatingIfNeeded: b[i])
        let cd = UInt32(truncatingIfNeeded: c[i]) &+ UInt32(truncatingIfNeeded: d[i])
        acc[i] = acc[i] &+ (ab &+ cd)
        i &+= 1
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      var i = 0
      while i < width {
        acc[i] = acc[i] &+ UInt32(truncatingIfNeeded: row[i])
        i &+= 1
      }
      row += stride
      left &-= 1
    }
  }

  @inline(__always)
  private static func wide<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<Int64>
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    while left >= 4 {
      let (a, b) = (row, row + stride)
      let (c, d) = (b + stride, b + stride &* 2)
      var i = 0
      while i < width {
        let ab = Int64(truncatingIfNeeded: a[i]) &+ Int64(truncatingIfNeeded: b[i])
        let cd = Int64(truncatingIfNeeded: c[i]) &+ Int64(truncatingIfNeeded: d[i])
        acc[i] = acc[i] &+ (ab &+ cd)
        i &+= 1
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      var i = 0
      while i < width {
        acc[i] = acc[i] &+ Int64(truncatingIfNeeded: row[i])
        i &+= 1
      }
      row += stride
      left &-= 1
    }
  }

  @inline(__always)
  private static func floating<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<Double>
  ) {
    let (width, stride) = (block.width, block.stride)
    var (row, left) = (x, block.rows)
    while left >= 4 {
      let (a, b) = (row, row + stride)
      let (c, d) = (b + stride, b + stride &* 2)
      var i = 0
      while i < width {
        let (ab, cd) = (Double(a[i]) + Double(b[i]), Double(c[i]) + Double(d[i]))
        acc[i] += ab + cd
        i &+= 1
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      var i = 0
      while i < width {
        acc[i] += Double(row[i])
        i &+= 1
      }
      row += stride
      left &-= 1
    }
  }
}

// Rows.
extension SumKernels {
  /// Rows of bytes, two at a time in 16 bits; signed ones are made unsigned first.
  @inline(__always)
  private static func byteRows(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutablePointer<Int64>, _ step: Int,
    bias: UInt8
  ) {
    typealias Pairs = SIMD16<UInt16>
    let (low, flip) = (Pairs(repeating: 0xFF), Pairs(repeating: UInt16(bias) &* 0x101))
    var (row, slot) = (x, acc)
    for _ in 0..<block.rows {
      var (total, i) = (SIMD16<UInt32>(repeating: 0), 0)
      while i &+ 32 <= block.width {
        var sum = Pairs(repeating: 0)
        // Each round adds at most 510 to a sum of 16 bits.
        let end = min(i &+ 128 &* 32, block.width &- 31)
        while i < end {
          let pairs = (row + i).loadUnaligned(as: Pairs.self) ^ flip
          sum &+= (pairs & low) &+ (pairs &>> 8)
          i &+= 32
        }
        total &+= SIMD16<UInt32>(truncatingIfNeeded: sum)
        // 32-bit sums are good for so many bytes.
        if i & 0xFFF_FFFF == 0 {
          slot.pointee &+= folded(total)
          total = SIMD16(repeating: 0)
        }
      }
      var sum = folded(total)
      while i < block.width {
        sum &+= Int64((row + i).load(as: UInt8.self) ^ bias)
        i &+= 1
      }
      slot.pointee &+= sum &- Int64(bias) &* Int64(block.width)
      slot += step
      row += block.stride
    }
  }

  private static func folded(_ lanes: SIMD16<UInt32>) -> Int64 {
    var sum: Int64 = 0
    for lane in 0..<16 { sum &+= Int64(lanes[lane]) }
    return sum
  }

  /// Rows of 16-bit integers, two at a time in 32 bits; signed ones are made unsigned first.
  @inline(__always)
  private static func wordRows(
    _ x: UnsafeRawPointer, _ block: RowBlock, _ acc: UnsafeMutablePointer<Int64>, _ step: Int,
    bias: UInt16
  ) {
    typealias Pairs = SIMD8<UInt32>
    let (low, flip) = (Pairs(repeating: 0xFFFF), Pairs(repeating: UInt32(bias) &* 0x10001))
    var slot = acc
    for line in 0..<block.rows {
      let row = x + line &* block.stride &* 2
      var (total, i) = (Int64(0), 0)
      while i &+ 32 <= block.width {
        var (even, odd) = (Pairs(repeating: 0), Pairs(repeating: 0))
        // Each round adds at most 131 070 to a sum of 32 bits.
        let end = min(i &+ 32_000 &* 32, block.width &- 31)
        while i < end {
          let first = (row + i &* 2).loadUnaligned(as: Pairs.self) ^ flip
          let second = (row + (i &+ 16) &* 2).loadUnaligned(as: Pairs.self) ^ flip
          even &+= (first & low) &+ (first &>> 16)
          odd &+= (second & low) &+ (second &>> 16)
          i &+= 32
        }
        for lane in 0..<8 { total &+= Int64(even[lane]) &+ Int64(odd[lane]) }
      }
      while i < block.width {
        total &+= Int64((row + i &* 2).loadUnaligned(as: UInt16.self) ^ bias)
        i &+= 1
      }
      slot.pointee &+= total &- Int64(bias) &* Int64(block.width)
      slot += step
    }
  }

  @inline(__always)
  private static func wideRows<T: FixedWidthInteger & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<Int64>, _ step: Int
  ) {
    var (row, slot) = (x, acc)
    for _ in 0..<block.rows {
      var sum: Int64 = 0
      for i in 0..<block.width { sum = sum &+ Int64(truncatingIfNeeded: row[i]) }
      slot.pointee &+= sum
      slot += step
      row += block.stride
    }
  }

  /// Elements of a row that are summed side by side, and rounds before they are added together.
  private static var lanes: Int { 32 }
  private static var rounds: Int { 128 }

  @inline(__always)
  private static func floatingRows<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ block: RowBlock, _ acc: UnsafeMutablePointer<Double>, _ step: Int
  ) {
    var (row, slot) = (x, acc)
    for _ in 0..<block.rows {
      slot.pointee += sum(row, block.width)
      slot += step
      row += block.stride
    }
  }

  /// The sum of elements that lie side by side, in blocks, so that rounding errors stay small.
  @inline(__always)
  static func sum<T: BinaryFloatingPoint & BitwiseCopyable>(
    _ x: UnsafePointer<T>, _ count: Int
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: lanes) { buffer in
      guard let side = buffer.baseAddress else { return 0 }
      var (total, i) = (0.0, 0)
      while count &- i >= lanes {
        let many = min((count &- i) / lanes, rounds)
        side.update(repeating: 0, count: lanes)
        floating(x + i, RowBlock(width: lanes, rows: many, stride: lanes), side)
        var half = lanes / 2
        while half > 0 {
          for lane in 0..<half { side[lane] += side[lane &+ half] }
          half /= 2
        }
        total += side[0]
        i &+= many &* lanes
      }
      var rest = 0.0
      while i < count {
        rest += Double(x[i])
        i &+= 1
      }
      return total + rest
    }
  }
}
