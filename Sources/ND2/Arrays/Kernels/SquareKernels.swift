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
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16>
  static func one(_ x: Element) -> Int32
}

private enum Words: Source {
  static var bias: Int32 { 32_768 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    SIMD8(truncatingIfNeeded: x.loadUnaligned(as: SIMD8<UInt16>.self) ^ 0x8000)
  }
  @inline(__always) static func one(_ x: UInt16) -> Int32 { Int32(x) &- 32_768 }
}
private enum SignedWords: Source {
  static var bias: Int32 { 0 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    x.loadUnaligned(as: SIMD8<Int16>.self)
  }
  @inline(__always) static func one(_ x: Int16) -> Int32 { Int32(x) }
}
private enum Bytes: Source {
  static var bias: Int32 { 0 }
  @inline(__always)
  static func eight(_ x: UnsafeRawPointer) -> SIMD8<Int16> {
    SIMD8(truncatingIfNeeded: x.loadUnaligned(as: SIMD8<UInt8>.self))
  }
  @inline(__always) static func one(_ x: UInt8) -> Int32 { Int32(x) }
}
private enum SignedBytes: Source {
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
        let p = Lanes(truncatingIfNeeded: S.eight(a + i &* size))
        let q = Lanes(truncatingIfNeeded: S.eight(b + i &* size))
        let r = Lanes(truncatingIfNeeded: S.eight(c + i &* size))
        let s = Lanes(truncatingIfNeeded: S.eight(d + i &* size))
        add((p &+ q) &+ (r &+ s) &+ (S.bias &* 4), to: sums + i)
        add(p &* p &+ q &* q, r &* r &+ s &* s, to: squares + i)
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
      var (sum, square, i) = (Int64(0), UInt64(0), 0)
      while i &+ 16 <= block.width {
        var lanes = Lanes(repeating: 0)
        var (even, odd) = (SIMD4<UInt64>(repeating: 0), SIMD4<UInt64>(repeating: 0))
        let end = min(i &+ elementsOfRun, block.width &- 15)
        while i < end {
          let p = Lanes(truncatingIfNeeded: S.eight(row + i &* size))
          let q = Lanes(truncatingIfNeeded: S.eight(row + (i &+ 8) &* size))
          lanes &+= p &+ q
          let both = unsafeBitCast(p &* p &+ q &* q, to: SIMD4<UInt64>.self)
          even &+= both & 0xFFFF_FFFF
          odd &+= both &>> 32
          i &+= 16
        }
        for lane in 0..<8 { sum &+= Int64(lanes[lane]) }
        for lane in 0..<4 { square &+= even[lane] &+ odd[lane] }
      }
      let values = row.assumingMemoryBound(to: S.Element.self)
      while i < block.width {
        let value = S.one(values[i])
        sum &+= Int64(value)
        square &+= UInt64(UInt32(bitPattern: value &* value))
        i &+= 1
      }
      sums[line &* step] &+= sum &+ Int64(S.bias) &* Int64(block.width)
      squares[line &* step] &+= square
    }
  }
}
