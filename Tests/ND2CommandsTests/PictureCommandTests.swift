import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 picture and nd2 sample")
struct PictureCommandTests {
  /// Width, height, depth and colour type of a PNG file.
  private func header(_ file: [UInt8]) -> [Int] {
    func number(_ at: Int) -> Int { file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
    return [number(16), number(20), Int(file[24]), Int(file[25])]
  }

  @Test("Channels with colours give a colour picture of the frame's size")
  func colours() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("picture", path, "-o", folder.path("p.png"), "--frame", "2")
    #expect(run.status == .done)
    #expect(run.output.isEmpty)
    #expect(header(try folder.bytes("p.png")) == [24, 16, 8, 2])
  }

  @Test("A single channel can be grey, a large image can be halved")
  func options() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun(
      "picture", path, "-o", folder.path("p.png"), "--channels", "1", "--grey", "--level", "1")
    #expect(run.status == .done)
    #expect(header(try folder.bytes("p.png")) == [12, 8, 8, 0])
    #expect(
      CommandRun("picture", path, "-o", folder.path("q.png"), "--channels", "2").status == .failed)
    #expect(
      CommandRun("picture", path, "-o", folder.path("q.png"), "--level", "9").status == .failed)
  }

  @Test("Every number format and layout gives a picture")
  func formats() throws {
    let folder = try TemporaryFolder()
    for type in [SampleType.uint8, .uint16, .uint32, .int16, .float32] {
      let path = try folder.save(SampleFile(sampleType: type), as: "\(type).nd2")
      let run = CommandRun("picture", path, "-o", folder.path("\(type).png"))
      #expect(run.status == .done, "\(type): \(run.errors)")
      #expect(Array(header(try folder.bytes("\(type).png"))[..<2]) == [32, 24])
    }
    let colour = SampleFile(sampleType: .uint8, channels: [.rgb()])
    _ = CommandRun("picture", try folder.save(colour), "-o", folder.path("rgb.png"))
    #expect(header(try folder.bytes("rgb.png")) == [32, 24, 8, 2])
    let narrow = try folder.save(SampleFile(width: 1, height: 5), as: "narrow.nd2")
    #expect(CommandRun("picture", narrow, "-o", folder.path("narrow.png")).status == .done)
    #expect(Array(header(try folder.bytes("narrow.png"))[..<2]) == [1, 5])
  }

  @Test("A sample has what was asked for, and the same options give the same bytes")
  func samples() throws {
    let folder = try TemporaryFolder()
    let options = [
      "--width", "20", "--height", "10", "--times", "2", "--positions", "3", "--slices", "4",
      "--channels", "3", "--compressed",
    ]
    for name in ["a.nd2", "b.nd2"] {
      let run = CommandRun(["sample", folder.path(name)] + options)
      #expect(run.status == .done)
      #expect(run.errors.contains("24 frames"))
    }
    #expect(try folder.bytes("a.nd2") == folder.bytes("b.nd2"))
    let file = try ND2File(path: folder.path("a.nd2"))
    #expect(file.shape == [2, 3, 4, 3, 10, 20])
    #expect(file.attributes.compressionType == .lossless)
  }
}
