import ND2TestSupport
import Testing

@testable import ND2

struct ReductionAccumulatorTests {
  @Test(arguments: Reduction.allCases)
  func piecesOfAnyOrderGiveTheReductionOfTheWhole(_ reduction: Reduction) throws {
    try Randomness.repeated(150) { random in
      let type = SampleType.allCases[random.int(0..<8)]
      let sizes = random.sizes(axes: 4, below: random.oneIn(4) ? 40 : 7)
      let whole = try random.view(of: try random.array(sizes, type))
      let places = Set(whole.sizes.indices.filter { _ in random.oneIn(2) })
      let kept = AxisSizes(
        whole.sizes.indices.filter { !places.contains($0) }.map { whole.sizes[$0] })
      let accumulator = try ReductionAccumulator(reduction, of: type, kept: kept)
      let other = try ReductionAccumulator(reduction, of: type, kept: kept)
      var pieces = [whole]
      for place in places {
        pieces = pieces.flatMap { piece in
          let count = piece.sizes[place].count
          let cut = random.int(0..<(count + 1))
          return [0..<cut, cut..<count].filter { !$0.isEmpty }.map { piece.view(place, $0) }
        }
      }
      for piece in pieces {
        var axes = piece.sizes.axes
        for place in axes.indices.dropFirst() { axes.swapAt(place, random.int(0..<(place + 1))) }
        let turned = try piece.transposed(axes)
        if random.oneIn(3) { other.add(turned) } else { accumulator.add(turned) }
      }
      accumulator.merge(other)
      let result = try accumulator.finish()
      #expect(result.sampleType == reduction.resultType(of: type))
      #expect(result.sizes == kept)
      let expected = PlainArray(whole).reduced(reduction, over: places)
      #expect(
        PlainArray(result).agrees(with: expected, within: 1e-9),
        "seed \(random.seed) \(type) \(whole.sizes) over \(places)")
    }
  }
}
