import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// Frames at reduced resolution.
struct PyramidTests {
  static func sample(storesLevels: Bool) -> SampleFile {
    var sample = SampleFile(
      width: 1101, height: 31, channels: [SampleFile.Channel("a"), SampleFile.Channel("b")])
    sample.storage.writesPyramid = storesLevels
    return sample
  }

  /// Each number is the mean of two by two, rounded down; the last odd row and column are left out.
  static func expected(_ sample: SampleFile) -> [UInt16] {
    let (width, height) = (sample.width / 2, sample.height / 2)
    var result: [UInt16] = []
    for component in 0..<2 {
      for y in 0..<height {
        for x in 0..<width {
          let sum = [(0, 0), (1, 0), (0, 1), (1, 1)].reduce(0.0) { sum, step in
            sum
              + sample.patternValue(
                frame: 0, component: component, x: 2 * x + step.0, y: 2 * y + step.1)
          }
          result.append(UInt16(UInt32(sum) / 4))
        }
      }
    }
    return result
  }

  @Test("A level is read from the file, or made where the file lacks it", arguments: [true, false])
  func aLevelIsReadOrMade(storesLevels: Bool) throws {
    let sample = Self.sample(storesLevels: storesLevels)
    let file = try ND2File(reading: try sample.source())
    #expect(file.pyramidLevels.map(\.level) == (storesLevels ? [1] : []))
    let half = try file.readFrame(0, level: 1)
    #expect(half.shape == [2, 15, 550])
    #expect(half.as(UInt16.self)?.elements == Self.expected(sample))
    #expect(try file.readFrame(0, level: 0) == file.readFrame(0))
  }

  @Test("Levels come the same asynchronously", arguments: [true, false])
  func levelsComeTheSameAsynchronously(storesLevels: Bool) async throws {
    let bytes = try Self.sample(storesLevels: storesLevels).bytes()
    let file = try await ND2File(reading: CountingAsyncSource(bytes))
    let half = try await file.readFrame(0, level: 1)
    #expect(half.as(UInt16.self)?.elements == Self.expected(Self.sample(storesLevels: false)))
    let stored = try await file.readStoredFrame(0)
    #expect(ArrayReadingTests.bytes(stored) == Self.sample(storesLevels: false).packedFrame(0))
  }

  @Test("A level that the image is too small for is refused", arguments: [-1, 5, 64])
  func aLevelTooFar(level: Int) throws {
    let file = try ND2File(reading: try Self.sample(storesLevels: false).source())
    let error = #expect(throws: ND2Error.self) { try file.readFrame(0, level: level) }
    #expect(error?.code == .invalidRequest)
  }
}
