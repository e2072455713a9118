import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Stacks and the view with five axes")
struct StackTests {
  private static let sample = SampleFile(
    width: 32, height: 24, channels: [.init("a"), .init("b")],
    loops: [
      .positions(.init([.init(x: 1, y: 2), .init(x: 3, y: 4)])), .time(count: 2), .zStack(count: 3),
    ])

  @Test("Planes, stacks and boxes are those of the array")
  func planes() async throws {
    let file = try ND2File(reading: MemorySource(try Self.sample.bytes()))
    let view = file.fiveAxes
    #expect(view.shape == [2, 2, 3, 24, 32])
    #expect(view.sceneCount == 2)
    #expect(view.scenePositions.map { $0.x } == [1, 3])
    #expect(view.channelMap == ["a": 0, "b": 1])
    let crop = StackCrop(z: 1..<3, y: 3..<7, x: 5..<9)
    for place in view.planes {
      let plane = try await file.readFrame(
        t: place.t, c: place.c, z: place.z, position: place.position)
      let frame = (place.position * 2 + place.t) * 3 + place.z
      #expect(plane.shape == [24, 32])
      #expect(
        ArrayReadingTests.bytes(plane)
          == ArrayReadingTests.expectedArray(Self.sample, planes: [[place.c]], frames: [frame]))
    }
    let shares = Lock<[Double]>([])
    let box = try await file.readStack(t: 1, c: 1, position: 1, crop: crop) { share in
      shares.withLock { $0.append(share) }
    }
    #expect(box.shape == [2, 4, 4])
    #expect(
      ArrayReadingTests.bytes(box)
        == ArrayReadingTests.expectedArray(
          Self.sample, planes: [[1]], rows: 3..<7, columns: 5..<9, frames: [10, 11]))
    #expect(shares.withLock { $0.max() } == 1)
    await #expect(throws: ND2Error.self) { try await file.readFrame(t: 2) }
    await #expect(throws: ND2Error.self) { try await file.readStack(c: -1) }
    await #expect(throws: ND2Error.self) {
      try await file.readStack(crop: StackCrop(z: 0..<4, y: 0..<1, x: 0..<1))
    }
  }

  @Test("Colour has its samples as a sixth axis; a file without loops has five axes")
  func colour() throws {
    let sample = SampleFile(
      width: 10, height: 8, sampleType: .uint8, channels: [.rgb()])
    let file = try ND2File(reading: MemorySource(try sample.bytes()))
    let array: AnyNDArray = try file.fiveAxes.read(progress: nil)
    #expect(array.sizes.axes == [.time, .channel, .z, .y, .x, .sample])
    #expect(file.fiveAxes.shape == [1, 1, 1, 8, 10])
    #expect(file.fiveAxes.timeInterval == nil)
  }
}
