import ND2TestSupport
import Testing

@testable import ND2

@Suite("Runs of elements")
struct ElementRunsTests {
  private func runs(_ array: AnyNDArray, ofAbout byteCount: Int) throws -> [[UInt8]] {
    var runs: [[UInt8]] = []
    try array.forEachRun(ofAbout: byteCount) { runs.append(Array($0)) }
    return runs
  }

  @Test("The runs of a view together are its bytes, and none is long")
  func views() throws {
    try Randomness.repeated(100) { random in
      let shape = (0..<random.int(1..<5)).map { _ in random.int(1..<7) }
      let elements = (0..<shape.reduce(1, *)).map { UInt16($0) }
      let array = try NDArray(elements, shape: shape)
      var axes = array.sizes.axes
      for place in axes.indices { axes.swapAt(place, random.int(place..<axes.count)) }
      let view = try array.transposed(axes).erased
      let most = random.int(2..<60)
      let runs = try runs(view, ofAbout: most)
      #expect(runs.flatMap(\.self) == view.withUnsafeBytes { Array($0) }, "seed \(random.seed)")
      if !view.isContiguous { #expect(runs.allSatisfy { $0.count <= most }) }
    }
  }

  @Test("Contiguous elements are one run, where they are")
  func contiguous() throws {
    let array = try NDArray((0..<1000).map { Int32($0) }, shape: [10, 100])
    let part = try array.erased.slicing([(0, .range(3..<7))])
    var runs = 0
    try part.forEachRun(ofAbout: 8) { run in
      runs += 1
      #expect(run.count == 1600)
      part.withUnsafeBytes { #expect($0.baseAddress == run.baseAddress) }
    }
    #expect(runs == 1)
  }
}

@Suite("Copies of views")
struct StridedCopyTests {
  @Test("Every order of axes copies the right elements")
  func orders() throws {
    try Randomness.repeated(150) { random in
      let shape = (0..<random.int(1..<6)).map { _ in random.int(1..<(random.oneIn(3) ? 40 : 5)) }
      let count = shape.reduce(1, *)
      guard count < 100_000 else { return }
      let array = try NDArray((0..<count).map { UInt32($0) }, shape: shape)
      var order = Array(shape.indices)
      for place in order.indices { order.swapAt(place, random.int(place..<order.count)) }
      let view = try array.transposed(order.map { Axis.number($0) })
      let elements = view.compacted().elements
      // The place of each element of the view, counted out one by one.
      var index = [Int](repeating: 0, count: order.count)
      for element in elements {
        var original = index
        for (place, axis) in order.enumerated() { original[axis] = index[place] }
        let expected = zip(original, shape).reduce(0) { $0 * $1.1 + $1.0 }
        guard element == UInt32(expected) else {
          Issue.record("seed \(random.seed): \(shape) as \(order)")
          return
        }
        for place in order.indices.reversed() {
          index[place] += 1
          if index[place] < shape[order[place]] { break }
          index[place] = 0
        }
      }
    }
  }
}
