import ND2TestSupport
import Testing

@testable import ND2

struct CastTests {
  /// What a cast must give, in the plainest way.
  static func cast(_ value: Double, _ from: SampleType, to type: SampleType, _ rule: CastRule)
    -> Double
  {
    if type == .float64 { return value }
    if type == .float32 { return Double(Float(value)) }
    let bits = type.byteCount * 8
    let isSigned = type.isSignedInteger
    let least = isSigned ? -Double(sign: .plus, exponent: bits - 1, significand: 1) : 0
    let most = Double(sign: .plus, exponent: isSigned ? bits - 1 : bits, significand: 1) - 1
    switch rule {
    case .saturating:
      if value.isNaN { return 0 }
      return min(max(value.rounded(.toNearestOrAwayFromZero), least), most)
    case .wrapping:
      guard let whole = Int64(exactly: value.rounded(.towardZero)) else { return 0 }
      let low = whole & (1 << Int64(bits) - 1)
      return Double(isSigned && low >> Int64(bits - 1) == 1 ? low - (1 << Int64(bits)) : low)
    }
  }

  static let numbers: [Double] = [
    0, -0.0, 0.5, -0.5, 0.499_999_97, 0.499_999_999_999_999_94, 1.5, 2.5, -1.5, -2.5, 127, 127.4,
    127.5, 128, -128, -128.5, -128.4, -129, 254.5, 255, 255.49, 255.5, 256, 32_767, 32_767.5,
    32_768,
    -32_768, -32_768.5, -32_769, 65_534.5, 65_535, 65_535.4, 65_535.5, 65_536, 2_147_483_647,
    2_147_483_646.5, 2_147_483_647.5, 2_147_483_648, -2_147_483_648, -2_147_483_648.5,
    -2_147_483_649, 4_294_967_294.5, 4_294_967_295, 4_294_967_295.5, 4_294_967_296, 1e10, -1e10,
    9.3e18, -9.3e18, 1e19, 1e300, -1e300, .infinity, -.infinity, .nan, 8_388_607.5, -8_388_607.5,
    1e-30, -1e-30, 3.000_000_1, 100_000.499, 12_345_678.5,
  ]

  @Test(arguments: SampleType.allCases, CastRule.allCases)
  func doublesBecomeTheNearestNumbers(_ type: SampleType, _ rule: CastRule) throws {
    let array = try NDArray(Self.numbers, shape: [Self.numbers.count])
    let cast = try array.erased.cast(to: type, rule)
    #expect(cast.sampleType == type)
    for (number, result) in zip(Self.numbers, cast.doubles) {
      let expected = Self.cast(number, .float64, to: type, rule)
      #expect(result == expected || (result.isNaN && expected.isNaN), "\(number)")
    }
  }

  @Test(arguments: SampleType.allCases, CastRule.allCases)
  func floatsBecomeTheNearestNumbers(_ type: SampleType, _ rule: CastRule) throws {
    let numbers = Self.numbers.map { Float($0) }
    let array = try NDArray(numbers, shape: [numbers.count])
    for (number, result) in zip(numbers, try array.erased.cast(to: type, rule).doubles) {
      let expected = Self.cast(Double(number), .float32, to: type, rule)
      #expect(result == expected || (result.isNaN && expected.isNaN), "\(number)")
    }
  }

  @Test(arguments: SampleType.allCases, SampleType.allCases)
  func viewsOfEveryTypeAreCast(_ from: SampleType, _ type: SampleType) throws {
    for rule in CastRule.allCases {
      try Randomness.repeated(6) { random in
        let array = try random.view(of: try random.array(random.sizes(below: 20), from))
        let result = try array.cast(to: type, rule)
        #expect(result.sizes == array.sizes)
        let expected = array.doubles.map { Self.cast($0, from, to: type, rule) }
        #expect(result.doubles == expected, "seed \(random.seed)")
      }
    }
  }

  @Test func halvesOfAllSizesAreRoundedAwayFromZero() throws {
    let numbers = (-70_000...70_000).map { Float($0) / 2 }
    let array = try NDArray(numbers, shape: [numbers.count])
    let words = try array.cast(to: Int16.self).elements
    let expected = numbers.map {
      Int16(min(max($0.rounded(.toNearestOrAwayFromZero), -32_768), 32_767))
    }
    #expect(words == expected)
    let unsigned = try array.cast(to: UInt16.self).elements
    #expect(
      unsigned == numbers.map { UInt16(min(max($0.rounded(.toNearestOrAwayFromZero), 0), 65_535)) })
  }

  @Test func lowBitsAreKeptWhenWrapping() throws {
    let array = try NDArray<Int32>([-1, 256, 257, .min, .max], shape: [5])
    #expect(try array.cast(to: UInt8.self, .wrapping).elements == [255, 0, 1, 0, 255])
    #expect(
      try array.cast(to: UInt32.self, .wrapping).elements == [.max, 256, 257, 1 << 31, 0x7FFF_FFFF])
    #expect(try array.cast(to: UInt32.self).elements == [0, 256, 257, 0, 0x7FFF_FFFF])
    #expect(try array.cast(to: Int8.self).elements == [-1, 127, 127, -128, 127])
  }

  @Test func largeArraysKeepTheOrderOfTheirElements() throws {
    let array = try NDArray(
      (0..<3_000_000).map { UInt16(truncatingIfNeeded: $0 &* 7) }, sizes: [.y: 1500, .x: 2000])
    let floats = try array.cast(to: Float.self)
    #expect(floats.elements.elementsEqual(array.elements.map { Float($0) }))
    let turned = try array.transposed(.x, .y).cast(to: Float.self)
    #expect(turned.elements == (try floats.transposed(.x, .y).elements))
    let mirrored = try array[.x, 0..., by: -1].cast(to: UInt8.self)
    #expect(mirrored[0, 1999] == 0)
    #expect(mirrored[3, 0] == UInt8(clamping: UInt16(truncatingIfNeeded: (3 * 2000 + 1999) * 7)))
  }

  @Test func mapMakesEachElementAnew() throws {
    let array = try NDArray<UInt8>([1, 2, 3, 4, 5, 6], sizes: [.y: 2, .x: 3])
    let turned = try array.transposed(.x, .y).map { Int16($0) * -10 }
    #expect(turned.sizes == [.x: 3, .y: 2])
    #expect(turned.elements == [-10, -40, -20, -50, -30, -60])
    #expect(throws: CancellationError.self) {
      try array.map { value -> UInt8 in throw CancellationError() }
    }
  }
}
