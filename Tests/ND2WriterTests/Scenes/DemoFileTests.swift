import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Demo file")
struct DemoFileTests {
  @Test("The same arguments give the same pixels on every machine")
  func golden() {
    let file = SampleFile.demo(width: 64, height: 48, times: 2, slices: 3)
    #expect(file.frameCount == 6)
    #expect(
      SHA256.hexadecimal(of: file.packedFrame(4))
        == "39f013bfefb7daa66922a6e6d65fb3ea5b453930acb1e668815097332b3c4285")
  }

  @Test("Cells stand out from the background, within 12 bits")
  func contrast() {
    let file = SampleFile.demo(width: 200, height: 160, times: 2, slices: 3)
    let packed = file.packedFrame(1)
    for channel in 0..<2 {
      let values = stride(from: channel * 2, to: packed.count, by: 4)
        .map { Int(packed[$0]) | Int(packed[$0 + 1]) << 8 }.sorted()
      let (dark, bright) = (values[values.count / 10], values[values.count * 99 / 100])
      #expect(bright > dark * 4, "channel \(channel)")
      #expect(values[values.count - 1] <= 4095)
    }
  }

  @Test("Cells move in time and blur in focus")
  func movement() {
    let file = SampleFile.demo(width: 64, height: 48, times: 3, slices: 3)
    let frames = (0..<9).map { file.packedFrame($0) }
    #expect(Set(frames).count == 9)
  }

  @Test("Only loops of more than one step are described")
  func loops() {
    #expect(SampleFile.demo(times: 1, slices: 1, channels: 1).loops.isEmpty)
    let file = SampleFile.demo(
      width: 32, height: 32, times: 4, positions: 2, slices: 3, channels: 6)
    #expect(file.frameCount == 24)
    #expect(Set(file.channels.map(\.name)).count == 6)
    #expect(file.recordedColumns.count == 5)
  }
}
