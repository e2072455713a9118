import ND2TestSupport
import Testing

@testable import ND2

struct ArithmeticTests {
  static func combine(
    _ operation: ArithmeticOperation, _ a: Double, _ b: Double, _ type: SampleType
  )
    -> Double
  {
    if type == .float32 {
      let (a, b) = (Float(a), Float(b))
      return switch operation {
      case .add: Double(a + b)
      case .subtract: Double(a - b)
      case .multiply: Double(a * b)
      case .divide: Double(a / b)
      }
    }
    return switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    }
  }

  static func isSame(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  @Test(arguments: SampleType.allCases, ArithmeticOperation.allCases)
  func operandsAreMatchedByTheNamesOfTheirAxes(
    _ left: SampleType, _ operation: ArithmeticOperation
  ) throws {
    try Randomness.repeated(25) { random in
      let right = SampleType.allCases[random.int(0..<8)]
      let whole = random.sizes(axes: 4, below: random.oneIn(3) ? 12 : 5)
      func operand(_ type: SampleType) throws -> AnyNDArray {
        let sizes = AxisSizes(whole.filter { _ in random.int(0..<3) > 0 })
        let array = try random.array(sizes, type)
        var axes = sizes.axes
        for place in axes.indices.dropFirst() { axes.swapAt(place, random.int(0..<(place + 1))) }
        return try array.transposed(axes)
      }
      let (a, b) = (try operand(left), try operand(right))
      let result = try a.applying(operation, b)
      let type = operation.resultType(left, right)
      #expect(result.sampleType == type)
      #expect(result.sizes.axes == a.sizes.axes + b.sizes.axes.filter { a.sizes[$0] == nil })
      let (plainA, plainB) = (PlainArray(a), PlainArray(b))
      let expected = PlainArray.indices(result.shape).map { indices in
        let pick = { (sizes: AxisSizes) in
          sizes.axes.map { axis in result.sizes.index(of: axis).map { indices[$0] } ?? 0 }
        }
        return Self.combine(operation, plainA[pick(a.sizes)], plainB[pick(b.sizes)], type)
      }
      #expect(
        Self.isSame(result.doubles, expected),
        "seed \(random.seed): \(a.sizes) \(left), \(b.sizes) \(right)")
    }
  }

  @Test(arguments: SampleType.allCases)
  func numbersStandOnBothSides(_ type: SampleType) throws {
    try Randomness.repeated(10) { random in
      let array = try random.view(of: try random.array(random.sizes(below: 12), type))
      let result = ArithmeticOperation.add.resultType(type, type)
      let doubles = array.doubles
      #expect((try array + 2.5).sampleType == result)
      for operation in ArithmeticOperation.allCases {
        let right = try array.applying(operation, 2.5, isLeft: false)
        #expect(
          Self.isSame(right.doubles, doubles.map { Self.combine(operation, $0, 2.5, result) }))
        let left = try array.applying(operation, 2.5, isLeft: true)
        #expect(Self.isSame(left.doubles, doubles.map { Self.combine(operation, 2.5, $0, result) }))
      }
    }
  }

  @Test func nothingWrapsAround() throws {
    let bytes = try NDArray<UInt8>([0, 200, 255], sizes: [.x: 3]).erased
    #expect((try bytes + bytes).doubles == [0, 400, 510])
    #expect((try bytes.applying(.subtract, 0, isLeft: true)).doubles == [0, -200, -255])
    #expect((try bytes / 0).doubles[1] == .infinity)
    #expect((try bytes / 0).doubles[0].isNaN)
    let words = try NDArray<Int32>([.min, .max], sizes: [.x: 2]).erased
    #expect((try words - words * 2).doubles == [2_147_483_648, -2_147_483_647])
    #expect((try words + 0).sampleType == .float64)
  }

  @Test func backgroundIsTakenFromEveryPlane() throws {
    let stack = try NDArray((0..<24).map { UInt16($0) }, sizes: [.time: 2, .y: 3, .x: 4]).erased
    let background = try stack.mean(over: .time)
    let changes = try stack - background
    #expect(changes.sizes == stack.sizes)
    #expect(changes.sampleType == .float64)
    #expect(
      changes.doubles == [Double](repeating: -6, count: 12) + [Double](repeating: 6, count: 12))
    let means = try stack.mean(over: .y, .x)
    #expect((try stack - means).doubles.prefix(3) == [-5.5, -4.5, -3.5])
    #expect((try means - stack).sizes.axes == [.time, .y, .x])
  }

  @Test func axesOfDifferentSizesAreNamed() throws {
    let a = try AnyNDArray(zeros: [.time: 2, .x: 3], sampleType: .uint8)
    let b = try AnyNDArray(zeros: [.x: 4], sampleType: .uint8)
    let error = #expect(throws: ND2Error.self) { try a + b }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message == "the axis X has 3 elements in one array and 4 in the other")
    let one = try AnyNDArray(zeros: [.x: 1], sampleType: .uint8)
    #expect(throws: ND2Error.self) { try a + one }
  }

  @Test func productsThatNoMemoryHoldsAreErrors() throws {
    let a = try AnyNDArray(zeros: [.time: 1 << 20], sampleType: .uint8)
    let b = try a.renaming(.time, to: .z)
    let c = try a.renaming(.time, to: .x)
    let d = try AnyNDArray(zeros: [.y: 0], sampleType: .uint8)
    #expect((try (a - d) + b).count == 0)
    let error = #expect(throws: ND2Error.self) { try a + b }
    #expect(error?.code == .limitExceeded)
    #expect(throws: ND2Error.self) { try a + c }
  }

  @Test func largeOperandsAreSharedAmongThreads() throws {
    let (planes, side) = (3, 900)
    let stack = try NDArray(
      (0..<(planes * side * side)).map { UInt16(truncatingIfNeeded: $0 &* 31) },
      sizes: [.time: planes, .y: side, .x: side])
    let plane = try NDArray(
      (0..<(side * side)).map { Float($0 % 1000) / 8 }, sizes: [.y: side, .x: side])
    let result = try stack.erased - plane.erased
    let (pixels, background) = (stack.elements, plane.elements)
    let expected = pixels.indices.map { Float(pixels[$0]) - background[$0 % (side * side)] }
    #expect(result.as(Float.self)?.elements == expected)
    let turned = try plane.transposed(.x, .y).erased
    #expect((try stack.erased - turned).as(Float.self)?.elements == expected)
    let other = try turned - stack.erased
    #expect(other.sizes.axes == [.x, .y, .time])
    #expect(try other.transposed(.time, .y, .x).as(Float.self)?.elements == expected.map { 0 - $0 })
  }

  @Test func arraysWithoutNamesAreMatchedFromTheOutermostAxis() throws {
    let table = try NDArray<UInt8>([1, 2, 3, 4, 5, 6], shape: [2, 3]).erased
    let column = try NDArray<UInt8>([10, 20], shape: [2]).erased
    #expect((try table + column).doubles == [11, 12, 13, 24, 25, 26])
    #expect((try table + column).sizes == AxisSizes(unnamed: [2, 3]))
  }
}
