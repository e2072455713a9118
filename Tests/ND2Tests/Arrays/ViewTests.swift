import ND2TestSupport
import Testing

@testable import ND2

struct ViewTests {
  static func counting(_ sizes: AxisSizes) throws -> NDArray<UInt16> {
    try NDArray((0..<sizes.shape.reduce(1, *)).map { UInt16($0) }, sizes: sizes)
  }

  @Test func slicesShareTheElements() throws {
    let array = try Self.counting([.time: 2, .y: 3, .x: 4])
    let row = try array[.y, 1]
    #expect(row.sizes == [.time: 2, .x: 4])
    #expect(row.elements == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(row.storage === array.storage)
    #expect(!row.isContiguous)
    #expect(try array[.time, 1].isContiguous)
    #expect(try array[.x, 1..<3].elements == [1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22])
    #expect(try array[.x, 2...].shape == [2, 3, 2])
    #expect(try array[.x, ...0].elements == [0, 4, 8, 12, 16, 20])
    #expect(try array[axis: 2, 3].elements == [3, 7, 11, 15, 19, 23])
    #expect(try array[axis: 1, ..<2].shape == [2, 2, 4])
  }

  @Test func stepsGoBothWays() throws {
    let array = try Self.counting([.x: 10])
    #expect(try array[.x, 0..., by: 3].elements == [0, 3, 6, 9])
    #expect(try array[.x, 1..<9, by: 3].elements == [1, 4, 7])
    #expect(try array[.x, 0..., by: -1].elements == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    #expect(try array[.x, 2..<9, by: -3].elements == [8, 5, 2])
    #expect(try array[.x, 0..., by: 100].elements == [0])
    #expect(try array[.x, 0..., by: -100].elements == [9])
    #expect(try array[.x, 0..., by: .max].elements == [0])
    #expect(try array[.x, 0..., by: .min + 1].elements == [9])
    #expect(try array[axis: 0, 4..., by: -2].elements == [9, 7, 5])
    let twice = try array[.x, 0..., by: -2][.x, 1..., by: -1]
    #expect(twice.elements == [1, 3, 5, 7])
  }

  @Test func slicesOutsideAnAxisAreErrors() throws {
    let array = try Self.counting([.y: 3, .x: 4])
    func message(_ slices: KeyValuePairs<Axis, AxisSlice>) -> String {
      do {
        _ = try array.slicing(slices)
        return ""
      } catch let error as ND2Error {
        #expect(error.code == .invalidRequest)
        return error.message
      } catch { return "another error" }
    }
    #expect(message([.y: 3]) == "axis Y has 3 elements; index 3 is outside 0..<3")
    #expect(message([.y: -1]) == "axis Y has 3 elements; index -1 is outside 0..<3")
    #expect(message([.y: .index(.min)]).contains("is outside 0..<3"))
    #expect(message([.x: .range(2..<5)]) == "axis X has 4 elements; 2..<5 is outside 0..<4")
    #expect(message([.x: .range(2..<2)]) == "the range 2..<2 along axis X is empty")
    #expect(message([.x: .range(4...)]) == "the range 4..<4 along axis X is empty")
    #expect(message([.x: .range(5...)]).contains("outside"))
    #expect(message([.x: .range(0...Int.max)]).contains("outside"))
    #expect(message([.x: .range((-1)...)]).contains("outside"))
    #expect(message([.x: .range(0..., by: 0)]) == "the step along axis X cannot be 0")
    #expect(message([.x: .range(0..., by: .min)]).contains("cannot be"))
    #expect(message([.z: 0]) == "there is no axis Z: the array has the axes Y, X")
    #expect(message([.x: 0, .x: 1]) == "the axis X is named twice")
    #expect(message([.x: 0, 1: 1]) == "the axis X is named twice")
  }

  @Test func axesWithoutElementsStayWhole() throws {
    let array = try AnyNDArray(zeros: [.y: 0, .x: 4], sampleType: .uint8)
    #expect(try array.slicing([.y: .all]).sizes == array.sizes)
    #expect(try array[.x, 1].sizes == [.y: 0])
    #expect(throws: ND2Error.self) { try array[.y, 0] }
    #expect(throws: ND2Error.self) { try array[.y, 0..<0] }
    #expect(array.compacted().count == 0)
    #expect(try array.transposed().sizes == [.x: 4, .y: 0])
  }

  @Test func sizesNextToNoneMayBeOfAnySize() throws {
    for sizes: AxisSizes in [
      [.y: .max, .x: 0, .z: .max], [.x: 0, .y: .max, .z: .max], [.y: .max, .z: .max, .x: 0],
    ] {
      let none = try AnyNDArray(zeros: sizes, sampleType: .uint16)
      #expect(none.count == 0)
      #expect(none.byteCount == 0)
      #expect(try none[.y, 3..., by: -7][.z, 9].count == 0)
      #expect(try none.transposed().compacted().count == 0)
      #expect(try none.cast(to: .float32).count == 0)
      #expect(try (none + none).sizes == sizes)
      #expect(try none.max(over: .y).count == 0)
      #expect(throws: ND2Error.self) { try none.sum(over: .x) }
      #expect(throws: ND2Error.self) { try none.median(over: .x) }
      #expect(none.sum() == 0)
      #expect(try none.percentile(50).isNaN)
      #expect(try none.median(over: .y, .z).count == 0)
      #expect(try none.histogram(bins: 3).total == 0)
      #expect(none == none)
      #expect(try none.reshaped(to: [0]).count == 0)
    }
  }

  @Test func viewsOfViewsAreThoseOfPlainArrays() throws {
    try Randomness.repeated(300) { random in
      let type = SampleType.allCases[random.int(0..<8)]
      let array = try random.array(random.sizes(), type)
      let view = try random.view(of: try random.view(of: array))
      let plain = PlainArray(view)
      #expect(view.compacted().isContiguous)
      #expect(PlainArray(view.compacted()).values == plain.values, "seed \(random.seed)")
      #expect(view == view.compacted())
      let turned = try view.transposed()
      #expect(turned.sizes.axes == view.sizes.axes.reversed())
      #expect(try turned.transposed() == view)
      let expected = PlainArray.indices(turned.shape).map { plain[$0.reversed()] }
      #expect(turned.doubles == expected, "seed \(random.seed)")
      #expect(PlainArray(turned.compacted()).values == expected, "seed \(random.seed)")
      let flat = try view.reshaped(to: [view.count])
      #expect(flat.doubles == plain.values, "seed \(random.seed)")
    }
  }

  @Test func slicesAgreeWithIndices() throws {
    try Randomness.repeated(200) { random in
      let sizes = random.sizes()
      let array = try random.array(sizes, .int32)
      let plain = PlainArray(array)
      var slices: [(axis: Axis, slice: AxisSlice)] = []
      var taken: [[Int]] = []
      var kept: [Int] = []
      for element in sizes {
        let lower = random.int(0..<element.count)
        let upper = random.int((lower + 1)..<(element.count + 1))
        let step = random.int(1..<5)
        switch random.int(0..<4) {
        case 0:
          slices.append((element.axis, .index(lower)))
          taken.append([lower])
        case 1:
          slices.append((element.axis, .range(lower..<upper, by: step)))
          taken.append(Array(stride(from: lower, to: upper, by: step)))
        case 2:
          slices.append((element.axis, .range(lower..<upper, by: -step)))
          taken.append(Array(stride(from: upper - 1, through: lower, by: -step)))
        default: taken.append(Array(0..<element.count))
        }
        if slices.last?.axis != element.axis || slices.last?.slice.extent != .index(lower) {
          kept.append(taken[taken.count - 1].count)
        }
      }
      let view = try array.slicing(slices)
      #expect(view.shape == kept)
      let expected = PlainArray.indices(taken.map(\.count)).map { indices in
        plain[zip(taken, indices).map { $0[$1] }]
      }
      #expect(view.doubles == expected, "seed \(random.seed)")
    }
  }

  @Test func axesAreTurnedByNameOrPlace() throws {
    let array = try Self.counting([.time: 2, .y: 3, .x: 4])
    let turned = try array.transposed(.x, .time, .y)
    #expect(turned.sizes == [.x: 4, .time: 2, .y: 3])
    #expect(turned[3, 1, 2] == array[1, 2, 3])
    #expect(try array.transposed(2, 0, 1) == turned)
    #expect(try array.moving(.x, to: 0) == turned)
    #expect(try array.moving(.time, to: 2).sizes == [.y: 3, .x: 4, .time: 2])
    #expect(throws: ND2Error.self) { try array.moving(.time, to: 3) }
    #expect(throws: ND2Error.self) { try array.moving(.time, to: -1) }
    #expect(throws: ND2Error.self) { try array.moving(.z, to: 0) }
    let error = #expect(throws: ND2Error.self) { try array.transposed(.x, .time) }
    #expect(error?.message == "the new order must name every axis; Y is missing")
    #expect(throws: ND2Error.self) { try array.transposed(.x, .x, .y) }
    #expect(throws: ND2Error.self) { try array.transposed(.x, .time, .y, .z) }
  }

  @Test func axesOfOneElementComeAndGo() throws {
    let array = try Self.counting([.time: 1, .y: 3, .channel: 1])
    #expect(try array.squeezed().sizes == [.y: 3])
    #expect(try array.squeezed(.time).sizes == [.y: 3, .channel: 1])
    #expect(try array.inserting(.z, at: 1).sizes == [.time: 1, .z: 1, .y: 3, .channel: 1])
    #expect(try array.inserting(.z, at: 3).isContiguous)
    #expect(throws: ND2Error.self) { try array.inserting(.z, at: 4) }
    #expect(throws: ND2Error.self) { try array.inserting(.z, at: -1) }
    #expect(throws: ND2Error.self) { try array.inserting(.y, at: 0) }
    let error = #expect(throws: ND2Error.self) { try array.squeezed(.y) }
    #expect(error?.message == "the axis Y has 3 elements and cannot be squeezed")
    let unnamed = try array.reshaped(to: [3]).inserting(.number(0), at: 0)
    #expect(unnamed.sizes == AxisSizes(unnamed: [1, 3]))
  }

  @Test func axesGetOtherNames() throws {
    let array = try Self.counting([.time: 2, .y: 3])
    #expect(try array.renaming(.time, to: .z).sizes == [.z: 2, .y: 3])
    #expect(try array.renamingAxes(["a", "b"]).sizes == ["a": 2, "b": 3])
    #expect(throws: ND2Error.self) { try array.renaming(.time, to: .y) }
    #expect(throws: ND2Error.self) { try array.renamingAxes([.time]) }
    #expect(try array.renamingAxes([0, 1]).sizes == AxisSizes(unnamed: [2, 3]))
  }

  @Test func otherShapesKeepTheOrderOfElements() throws {
    let array = try Self.counting([.y: 4, .x: 6])
    let folded = try array.reshaped(to: [.time: 2, .y: 2, .x: 6])
    #expect(folded.elements == array.elements)
    #expect(folded.storage === array.storage)
    #expect(try array.reshaped(to: [3, 8]).sizes == AxisSizes(unnamed: [3, 8]))
    let half = try array[.y, 2...].reshaped(to: [12])
    #expect(half.elements == Array(12..<24))
    #expect(half.storage === array.storage)
    let turned = try array.transposed().reshaped(to: [24])
    #expect(turned.elements.prefix(5) == [0, 6, 12, 18, 1])
    let error = #expect(throws: ND2Error.self) { try array.reshaped(to: [5, 5]) }
    #expect(error?.code == .invalidRequest)
    #expect(throws: ND2Error.self) { try array.reshaped(to: [-4, -6]) }
    #expect(throws: ND2Error.self) { try array.reshaped(to: [.y: 4, .y: 6]) }
    #expect(throws: ND2Error.self) { try array.reshaped(to: [.max, .max]) }
    #expect(try Self.counting([.x: 1]).reshaped(to: []).sizes.isEmpty)
  }

  @Test func writingChangesNoOtherArray() throws {
    let array = try Self.counting([.y: 2, .x: 3])
    var copy = array
    copy[1, 2] = 99
    #expect(array[1, 2] == 5)
    #expect(copy.elements == [0, 1, 2, 3, 4, 99])
    var row = try array[.y, 1]
    row[0] = 77
    #expect(array[1, 0] == 3)
    #expect(row.elements == [77, 4, 5])
    var column = try array[.x, 0..., by: -2]
    column.withUnsafeMutableElements { $0[0] = 55 }
    #expect(column.elements == [55, 0, 5, 3])
    #expect(array.elements == [0, 1, 2, 3, 4, 5])
    var own = try Self.counting([.x: 3])
    let before = own.storage
    let shared = own.erased
    own[0] = 9
    #expect(shared.doubles == [0, 1, 2])
    #expect(own.storage !== before)
  }

  @Test func equalityIsOfElementsNotOfMemory() throws {
    let array = try Self.counting([.y: 3, .x: 3])
    #expect(try array.transposed().transposed() == array)
    #expect(try array.transposed() != array.renamingAxes([.x, .y]))
    #expect(try array.renamingAxes([.z, .x]) != array)
    #expect(try array.erased != array.cast(to: Int16.self).erased)
  }

  @Test func descriptionsShowACorner() throws {
    let small = try Self.counting([.y: 2, .x: 3])
    #expect(small.description == "uint16 array, Y 2 × X 3\n0 1 2\n3 4 5")
    let large = try Self.counting([.time: 2, .y: 10, .x: 20])
    let lines = large.description.split(separator: "\n")
    #expect(lines[0] == "uint16 array, T 2 × Y 10 × X 20")
    #expect(lines[1] == "at T 0")
    #expect(lines[2] == "  0   1   2   3 …  16  17  18  19")
    #expect(lines.count == 9)
    #expect(try AnyNDArray(zeros: [.x: 0], sampleType: .int8).description == "int8 array, X 0")
    #expect(try NDArray([Float(1.5)], sizes: [:]).description == "float32 array, 1 element\n1.5")
    let floats = try NDArray([Double.nan, 0.25], shape: [2])
    #expect(floats.description == "float64 array, dim_0 2\nnan 0.25")
  }

  @Test func scalarsAreArraysOfOneElement() throws {
    let array = try Self.counting([.y: 2, .x: 3])
    #expect(try array[.y, 1][.x, 2].erased.scalar == 5)
    #expect(array.erased.scalar == nil)
    #expect(try array[.y, 1][.x, 2].sizes.isEmpty)
    #expect(array.erased[1, 0] == 3)
    #expect(array.erased.as(Int16.self) == nil)
  }

  @Test func shapesThatCannotBeAreErrors() {
    #expect(throws: ND2Error.self) { try AnyNDArray(zeros: [.x: -1], sampleType: .uint8) }
    #expect(throws: ND2Error.self) { try AnyNDArray(zeros: [.x: 1, .x: 1], sampleType: .uint8) }
    let error = #expect(throws: ND2Error.self) {
      try AnyNDArray(zeros: [.y: .max, .x: 2], sampleType: .uint8)
    }
    #expect(error?.code == .limitExceeded)
    #expect(throws: ND2Error.self) { try AnyNDArray(zeros: [.x: .max], sampleType: .float64) }
    #expect(throws: ND2Error.self) { try AnyNDArray(zeros: [.x: .max], sampleType: .uint8) }
    #expect(throws: ND2Error.self) { try NDArray<UInt8>([1, 2], shape: [3]) }
  }
}
