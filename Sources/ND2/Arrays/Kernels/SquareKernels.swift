/// Exact sums of 8- and 16-bit integers and of their squares over raw memory.
///
/// Squares are those of signed numbers: of `uint16`, half of its range is subtracted first
/// (``bias(_:)``), so that two squares fit into 32 bits together. Written in vectors of a fixed
/// size, which the optimizer makes of plain loops for sums of one size only. The caller vouches for
/// the sizes.
enum SquareKernels {
  private typealias Lanes = SIMD8<Int32>

  /// What is subtracted from elements before they are squared.
  static func bias(_ type: SampleType) -> Int64 { type == .uint16 ? 32_768 : 0 }

  /// Elements for which ``deviations(_:_:bias:seen:count:_:)`` is exact: n · n · 2³⁰ is below 2⁵².
  static let mostInDoubles = 2047

  /// Standard deviations from sums and sums of squares, in doubles that are exact.
  ///
  /// - Parameter bias: what is subtracted from sums.
  static func deviations(
    _ sums: UnsafePointer<UInt32>, _ squares: UnsafePointer<UInt64>, bias: UInt32, seen: Int,
    count: Int, _ result: UnsafeMutablePointer<Double>
  ) {
    // Below 2⁵², the bits of a whole number are those of the fraction of 2⁵² plus that number.
    let (number, shift) = (Double(seen), 4_503_599_627_370_496.0)
    for index in 0..<count {
      let square = Double(bitPattern: squares[index] | shift.bitPattern) - shift
      let sum = Double(Int32(bitPattern: sums[index] &- bias))
      result[index] = (number * square - sum * sum).squareRoot() / number
    }
  }

  /// Adds rows to sums in 32 bits and to sums of squares, one for each column.
  static func columns(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ sums: UnsafeMutablePointer<UInt32>, _ squares: UnsafeMutablePointer<UInt64>
  ) {
    switch type {
    case .uint8: columns(Bytes.self, x, block, sums, squares)
    case .int8: columns(SignedBytes.self, x, block, sums, squares)
    case .uint16: columns(Words.self, x, block, sums, squares)
    case .int16: columns(SignedWords.self, x, block, sums, squares)
    case .uint32, .int32, .float32, .float64: break
    }
  }

  /// Adds each row to one sum and one sum of squares.
  static func rows(
    _ type: SampleType, _ x: UnsafeRawPointer, _ block: RowBlock,
    _ sums: UnsafeMutablePointer<Int64>, _ squares: UnsafeMutablePointer<UInt64>, stride: Int
  ) {
    switch type {
    case .uint8: rows(Bytes.self, x, block, sums, squares, stride)
    case .int8: rows(SignedBytes.self, x, block, sums, squares, stride)
    case .uint16: rows(Words.self, x, block, sums, squares, stride)
    case .int16: rows(SignedWords.self, x, block, sums, squares, stride)
    case .uint32, .int32, .float32, .float64: break
    }
  }
}

/// Elements of a type as signed numbers of 16 bits.
private protocol Source<Element> {
  associatedtype Element: FixedWidthInteger & BitwiseCopyable
  static var bias: Int32 { get }
  /// Whether squares, and sums of four elements, fit into 16 bits.
  static var isByte: Bool { get }
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16>
  static func one(_ x: Element) -> Int32
}

private enum Words: Source {
  static var isByte: Bool { false }
  static var bias: Int32 { 32_768 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    SIMD8(truncatingIfNeeded: x.loadUnaligned(as: SIMD8<UInt16>.self) ^ 0x8000)
  }
  @inline(__always) static func one(_ x: UInt16) -> Int32 { Int32(x) &- 32_768 }
}
private enum SignedWords: Source {
  static var isByte: Bool { false }
  static var bias: Int32 { 0 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    x.loadUnaligned(as: SIMD8<Int16>.self)
  }
  @inline(__always) static func one(_ x: Int16) -> Int32 { Int32(x) }
}
private enum Bytes: Source {
  static var isByte: Bool { true }
  static var bias: Int32 { 0 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    SIMD8(truncatingIfNeeded: x.loadUnaligned(as: SIMD8<UInt8>.self))
  }
  @inline(__always) static func one(_ x: UInt8) -> Int32 { Int32(x) }
}
private enum SignedBytes: Source {
  static var isByte: Bool { true }
  static var bias: Int32 { 0 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    SIMD8(truncatingIfNeeded: x.loadUnaligned(as: SIMD8<Int8>.self))
  }
  @inline(__always) static func one(_ x: Int8) -> Int32 { Int32(x) }
}

extension SquareKernels {
  @inline(__always)
  private static func columns<S: Source>(
    _: S.Type, _ x: UnsafeRawPointer, _ block: RowBlock, _ sums: UnsafeMutablePointer<UInt32>,
    _ squares: UnsafeMutablePointer<UInt64>
  ) {
    let size = MemoryLayout<S.Element>.size
    let (width, stride) = (block.width & ~7, block.stride &* size)
    var (row, left) = (x, block.rows)
    while left >= 4 {
      let (a, b, c, d) = (row, row + stride, row + stride &* 2, row + stride &* 3)
      var i = 0
      while i < width {
        let (a, b) = (S.eight(a + i &* size), S.eight(b + i &* size))
        let (c, d) = (S.eight(c + i &* size), S.eight(d + i &* size))
        if S.isByte {
          add(Lanes(truncatingIfNeeded: (a &+ b) &+ (c &+ d)), to: sums + i)
          add(square(a) &+ square(b), square(c) &+ square(d), to: squares + i)
        } else {
          let (p, q) = (Lanes(truncatingIfNeeded: a), Lanes(truncatingIfNeeded: b))
          let (r, s) = (Lanes(truncatingIfNeeded: c), Lanes(truncatingIfNeeded: d))
          add((p &+ q) &+ (r &+ s) &+ (S.bias &* 4), to: sums + i)
          add(p &* p &+ q &* q, r &* r &+ s &* s, to: squares + i)
        }
        i &+= 8
      }
      row = d + stride
      left &-= 4
    }
    while left > 0 {
      var i = 0
      while i < width {
        let p = Lanes(truncatingIfNeeded: S.eight(row + i &* size))
        add(p &+ S.bias, to: sums + i)
        add(p &* p, Lanes(repeating: 0), to: squares + i)
        i &+= 8
      }
      row += stride
      left &-= 1
    }
    for column in width..<block.width {
      var from = x.assumingMemoryBound(to: S.Element.self) + column
      for _ in 0..<block.rows {
        let value = S.one(from.pointee)
        sums[column] &+= UInt32(bitPattern: value &+ S.bias)
        squares[column] &+= UInt64(UInt32(bitPattern: value &* value))
        from += block.stride
      }
    }
  }

  /// Squares of bytes, which fit into 16 bits.
  @inline(__always)
  private static func square(_ bytes: SIMD8<Int16>) -> Lanes {
    Lanes(truncatingIfNeeded: SIMD8<UInt16>(truncatingIfNeeded: bytes &* bytes))
  }

  @inline(__always)
  private static func add(_ lanes: Lanes, to sums: UnsafeMutablePointer<UInt32>) {
    let memory = UnsafeMutableRawPointer(sums)
    memory.storeBytes(of: memory.loadUnaligned(as: Lanes.self) &+ lanes, as: Lanes.self)
  }

  @inline(__always)
  private static func add(_ a: Lanes, _ b: Lanes, to squares: UnsafeMutablePointer<UInt64>) {
    typealias Wide = SIMD8<UInt64>
    let memory = UnsafeMutableRawPointer(squares)
    let sum =
      Wide(truncatingIfNeeded: SIMD8<UInt32>(truncatingIfNeeded: a))
      &+ Wide(truncatingIfNeeded: SIMD8<UInt32>(truncatingIfNeeded: b))
    memory.storeBytes(of: memory.loadUnaligned(as: Wide.self) &+ sum, as: Wide.self)
  }

  /// Elements whose sum surely fits into lanes of 32 bits.
  private static var elementsOfRun: Int { 1 << 17 }

  @inline(__always)
  private static func rows<S: Source>(
    _: S.Type, _ x: UnsafeRawPointer, _ block: RowBlock, _ sums: UnsafeMutablePointer<Int64>,
    _ squares: UnsafeMutablePointer<UInt64>, _ step: Int
  ) {
    let size = MemoryLayout<S.Element>.size
    for line in 0..<block.rows {
      let row = x + line &* block.stride &* size
      var (sum, total, i) = (Int64(0), UInt64(0), 0)
      while i &+ 16 <= block.width {
        var (lanes, narrow) = (Lanes(repeating: 0), Lanes(repeating: 0))
        var (even, odd) = (SIMD4<UInt64>(repeating: 0), SIMD4<UInt64>(repeating: 0))
        let end = min(i &+ elementsOfRun, block.width &- 15)
        while i < end {
          let (a, b) = (S.eight(row + i &* size), S.eight(row + (i &+ 8) &* size))
          if S.isByte {
            lanes &+= Lanes(truncatingIfNeeded: a &+ b)
            narrow &+= square(a) &+ square(b)
          } else {
            let (p, q) = (Lanes(truncatingIfNeeded: a), Lanes(truncatingIfNeeded: b))
            lanes &+= p &+ q
            let both = unsafeBitCast(p &* p &+ q &* q, to: SIMD4<UInt64>.self)
            even &+= both & 0xFFFF_FFFF
            odd &+= both &>> 32
          }
          i &+= 16
        }
        for lane in 0..<8 {
          sum &+= Int64(lanes[lane])
          total &+= UInt64(UInt32(bitPattern: narrow[lane]))
        }
        for lane in 0..<4 { total &+= even[lane] &+ odd[lane] }
      }
      let values = row.assumingMemoryBound(to: S.Element.self)
      while i < block.width {
        let value = S.one(values[i])
        sum &+= Int64(value)
        total &+= UInt64(UInt32(bitPattern: value &* value))
        i &+= 1
      }
      sums[line &* step] &+= sum &+ Int64(S.bias) &* Int64(block.width)
      squares[line &* step] &+= total
    }
  }
}
