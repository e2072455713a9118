import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Reading what the writer wrote")
struct GalleryReadingTests {
  @Test("Every sound file of the gallery opens without a remark and has its pixels")
  func gallery() throws {
    for (name, sample) in Gallery.all {
      let file = try ND2File(reading: try sample.source())
      #expect(file.frameCount == sample.frameCount, "\(name)")
      #expect(file.sampleType == sample.sampleType, "\(name)")
      for frame in sample.storedFrames {
        let read = ArrayReadingTests.bytes(try file.readStoredFrame(frame))
        #expect(read == sample.packedFrame(frame), "\(name), frame \(frame)")
      }
      #expect(file.diagnostics.isEmpty, "\(name): \(file.diagnostics)")
    }
  }

  @Test("Files at random open without a remark and have their pixels")
  func randomFiles() throws {
    try Randomness.repeated(150) { (random) throws in
      let sample = random.sampleFile()
      let file = try ND2File(reading: try sample.source())
      #expect(file.frameCount == sample.frameCount, "seed \(random.seed)")
      #expect(file.sampleType == sample.sampleType, "seed \(random.seed)")
      for frame in 0..<sample.frameCount {
        let read = ArrayReadingTests.bytes(try file.readStoredFrame(frame))
        #expect(read == sample.packedFrame(frame), "seed \(random.seed), frame \(frame)")
      }
      #expect(file.diagnostics.isEmpty, "seed \(random.seed): \(file.diagnostics)")
    }
  }

  @Test("The demo file opens without a remark, with its channels, loops, regions and events")
  func demo() throws {
    let sample = SampleFile.demo(
      width: 40, height: 30, times: 2, positions: 2, slices: 3, channels: 3)
    let file = try ND2File(reading: try sample.source())
    #expect(file.sizes == [.time: 2, .position: 2, .z: 3, .channel: 3, .y: 30, .x: 40])
    #expect(try file.rois().count == 2)
    #expect(try file.experimentEvents().count == 2)
    #expect(try file.recordedData().count == 5)
    #expect(try file.frameTimes() == (0..<12).map { sample.timeMs(ofFrame: $0) })
    #expect(file.diagnostics.isEmpty)
  }
}
