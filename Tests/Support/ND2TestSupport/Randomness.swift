package import ND2Format
import ND2Writer

/// Random values from a seed, for property tests; a failing test names the seed.
package struct Randomness: Sendable {
  /// The seed that gives the same values again.
  package let seed: UInt64
  private var generator: SplitMix64

  package init(seed: UInt64) {
    self.seed = seed
    generator = SplitMix64(seed: seed)
  }

  /// Runs `body` with `count` generators of different seeds.
  package static func repeated(
    _ count: Int, from first: UInt64 = 1, _ body: (inout Randomness) throws -> Void
  ) rethrows {
    for seed in first..<(first + UInt64(count)) {
      var randomness = Randomness(seed: seed)
      try body(&randomness)
    }
  }

  /// A number within a range.
  package mutating func int(_ range: Range<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  /// All 64 bits at random.
  package mutating func bits() -> UInt64 { generator.next() }

  /// True in one of `count` cases.
  package mutating func oneIn(_ count: Int) -> Bool { int(0..<count) == 0 }

  /// Bytes at random.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// Text at random, with letters outside ASCII and outside the basic plane.
  package mutating func text(_ count: Range<Int> = 0..<12) -> String {
    let letters = Array("abcXYZ019 _-|.,;µžλ日本🔬😀\"<>&'/\r\n\t=")
    return String((0..<int(count)).map { _ in letters[int(0..<letters.count)] })
  }

  /// A name such as metadata trees have; never empty.
  package mutating func name() -> String {
    let letters = Array("abcdefuiwsdXYZ_0123456789λ(.")
    return "k" + String((0..<int(0..<9)).map { _ in letters[int(0..<letters.count)] })
  }

  /// A finite double, often a whole one.
  package mutating func double() -> Double {
    switch int(0..<5) {
    case 0: return Double(int(-1000..<1000))
    case 1: return Double(int(-1_000_000..<1_000_000)) / 1024
    case 2: return 0
    default:
      let value = Double(bitPattern: generator.next())
      return value.isFinite ? value : 1.5
    }
  }

  /// A tree at random, as a level.
  package mutating func tree(depth: Int = 4, width: Int = 6) -> MetadataValue {
    let isList = oneIn(4)
    return .level(
      (0..<int(0..<width)).map { _ in
        MetadataField(isList ? "" : name(), value(depth: depth - 1, width: width))
      })
  }

  private mutating func value(depth: Int, width: Int) -> MetadataValue {
    switch int(0..<(depth > 0 ? 12 : 8)) {
    case 0: .bool(oneIn(2))
    case 1: .int32(Int32(truncatingIfNeeded: bits()))
    case 2: .uint32(UInt32(truncatingIfNeeded: bits()))
    case 3: .int64(Int64(bitPattern: bits()))
    case 4: .uint64(bits())
    case 5: .double(double())
    case 6: .string(text())
    case 7: .bytes(bytes(int(0..<10)))
    default: tree(depth: depth, width: width)
    }
  }
}
