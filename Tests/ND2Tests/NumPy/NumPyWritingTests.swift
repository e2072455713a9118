import ND2
import ND2TestSupport
import Testing

@Suite("Writing NumPy files")
struct NumPyWritingTests {
  @Test("What is written is read again, for every number type", arguments: SampleType.allCases)
  func roundTrips(_ type: SampleType) throws {
    let directory = try TemporaryDirectory()
    var random = Randomness(seed: 4)
    for shape in [[], [1], [0], [7], [2, 3], [3, 0, 2], [1, 1, 1], [2, 3, 4, 5], [300, 200]] {
      let data = random.bytes(shape.reduce(1, *) * type.byteCount)
      let header = NumPyFormat.header(shape: shape, sampleType: type)
      #expect(header.count % 64 == 0)
      let array = try AnyNDArray(npyBytes: header + data)
      #expect(array.shape == shape)
      #expect(array.sampleType == type)
      #expect(array.npyBytes == header + data)
      let path = directory.file("a.npy")
      try array.write(npy: path, overwriting: true)
      #expect(try directory.read("a.npy") == header + data)
      #expect(try AnyNDArray(npy: path) == array)
    }
    #expect(directory.fileNames == ["a.npy"])
  }

  @Test("Arrays at random are the same after writing and reading")
  func randomArrays() throws {
    try Randomness.repeated(200) { random in
      let array = try random.array()
      #expect(try AnyNDArray(npyBytes: array.npyBytes) == array, "seed \(random.seed)")
    }
  }

  @Test("Typed arrays are written and read as well")
  func typed() throws {
    let directory = try TemporaryDirectory()
    let array = try NDArray<Float>([1, 2.5, -3, .infinity], sizes: [.y: 2, .x: 2])
    try array.write(npy: directory.file("a.npy"))
    #expect(try NDArray<Float>(npy: directory.file("a.npy"), axes: [.y, .x]) == array)
    #expect(try NDArray<Float>(npyBytes: array.npyBytes).elements == array.elements)
    #expect(
      thrownError { _ = try NDArray<Double>(npy: directory.file("a.npy")) }?.code == .invalidRequest
    )
  }

  @Test("Views are written as they look")
  func views() throws {
    let directory = try TemporaryDirectory()
    let array = try NDArray((0..<60).map { UInt16($0) }, sizes: [.z: 3, .y: 4, .x: 5])
    for (index, view) in [
      try array.transposed(.x, .y, .z), try array[.z, 1], try array[.x, 1..<4],
      try array[.y, 0..., by: -2],
    ].enumerated() {
      let path = directory.file("\(index).npy")
      try view.write(npy: path)
      #expect(try NDArray<UInt16>(npy: path).elements == view.elements)
      #expect(try directory.read("\(index).npy") == view.npyBytes)
    }
  }

  @Test("A file that is there is kept unless overwriting is allowed")
  func overwriting() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([9], as: "a.npy")
    let array = try NDArray([1, 2] as [UInt8], shape: [2])
    #expect(thrownError { try array.write(npy: path) }?.code == .invalidRequest)
    #expect(try directory.read("a.npy") == [9])
    try array.write(npy: path, overwriting: true)
    #expect(try NDArray<UInt8>(npy: path) == array)
    #expect(directory.fileNames == ["a.npy"])
  }

  @Test("An array may replace the file it was read from")
  func sameFile() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.npy")
    let array = try NDArray((0..<1000).map { Int32($0) }, shape: [10, 100])
    try array.write(npy: path)
    let read = try NDArray<Int32>(npy: path)
    try read.transposed().write(npy: path, overwriting: true)
    #expect(try NDArray<Int32>(npy: path).shape == [100, 10])
  }

  @Test("A failure leaves nothing behind")
  func failure() throws {
    let array = try NDArray([1] as [UInt8], shape: [1])
    #expect(thrownError { try array.write(npy: "/nonexistent/a.npy") }?.code == .io)
    #expect(throws: ND2Error.self) { try array.write(npy: "/dev/full") }
  }
}
