import ND2
import ND2Codecs
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 read")
struct ReadCommandTests {
  @Test("The array has the axes of the file and the pixels that the library reads")
  func whole() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("read", path, "-o", folder.path("all.npy"))
    #expect(run.status == .done)
    #expect(run.output.isEmpty)
    let array = try NumPyArray(folder.bytes("all.npy"))
    #expect(array.header.contains("'descr': '<u2'"))
    #expect(array.header.contains("'shape': (2, 2, 3, 2, 16, 24)"))
    let expected = try ND2File(path: path).read()
    #expect(expected.withUnsafeBytes { array.data == Array($0) })
  }

  @Test("--checksum prints SHA-256, shape and type")
  func checksum() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let hash = try ND2File(path: path).read().withUnsafeBytes { SHA256.hexadecimal(of: $0) }
    #expect(CommandRun("read", path, "--checksum").output == "\(hash)  2,2,3,2,16,24  uint16\n")
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test("Ranges select along the axes, which stay")
  func ranges() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let arguments = [
      "read", path, "--checksum", "--position", "1", "--t", "0:1", "--z", "1:", "--c", ":1",
      "--y", "4:12", "--x", "3:20",
    ]
    let run = CommandRun(arguments)
    let selection = ArraySelection(.position, 1).with(.time, 0..<1).with(.z, 1..<3)
      .with(.channel, 0..<1).with(.y, 4..<12).with(.x, 3..<20)
    let hash = try ND2File(path: path).read(selection).withUnsafeBytes {
      SHA256.hexadecimal(of: $0)
    }
    #expect(run.output == "\(hash)  1,1,2,1,8,17  uint16\n")
  }

  @Test("The only index of an axis that the file does not have may be asked for")
  func absentAxis() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(SampleFile())
    #expect(CommandRun("read", path, "--checksum", "--z", "0").status == .done)
    let run = CommandRun("read", path, "--checksum", "--z", "1")
    #expect(run.status == .failed)
    #expect(run.errors.contains("--z 1 goes beyond"))
  }

  @Test("A frame is read with its channels in front, raw as it is stored")
  func frame() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    #expect(
      CommandRun("read", path, "--checksum", "--frame", "3").output.hasSuffix("  2,16,24  uint16\n")
    )
    let raw = CommandRun("read", path, "--checksum", "--frame", "3", "--raw").output
    #expect(raw.hasSuffix("  16,24,2  uint16\n"))
    // The checksum of the stored frame is that of 'nd2 frames'.
    let frames = try CommandRun("frames", path, "--json", "--checksum").json()
    #expect(frames.elements[3]["sha256"]?.string == String(raw.prefix(64)))
  }

  @Test("Colour is red, green, blue; with --raw blue, green, red as it is stored")
  func colour() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 1, height: 1, sampleType: .uint8, channels: [.rgb()])
    sample.pixels = .packed([[10, 20, 30]])
    let path = try folder.save(sample)
    _ = CommandRun("read", path, "-o", folder.path("rgb.npy"))
    #expect(try NumPyArray(folder.bytes("rgb.npy")).data == [30, 20, 10])
    _ = CommandRun("read", path, "-o", folder.path("raw.npy"), "--raw")
    #expect(try NumPyArray(folder.bytes("raw.npy")).data == [10, 20, 30])
  }

  @Test("An existing output is kept unless it may be overwritten")
  func overwriting() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    try folder.write([1], to: "out.npy")
    let refused = CommandRun("read", path, "-o", folder.path("out.npy"))
    #expect(refused.status == .failed)
    #expect(refused.errors.contains("--overwrite"))
    #expect(try folder.bytes("out.npy") == [1])
    #expect(CommandRun("read", path, "-o", folder.path("out.npy"), "--overwrite").status == .done)
    #expect(try folder.bytes("out.npy").count > 1000)
    #expect(CommandRun("read", path, "-o", path, "--overwrite").status == .failed)
    #expect(folder.names() == ["out.npy", "sample.nd2"])
  }

  @Test("Missing frames read as zeros, with exit code 3")
  func missing() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 4, height: 4, loops: [.time(.init(count: 3, periodMs: 100))])
    sample.missingFrames = [1]
    let path = try folder.save(sample)
    let run = CommandRun("read", path, "-o", folder.path("out.npy"))
    #expect(run.status == .damaged)
    #expect(run.errors.contains("damage:"))
    let data = try NumPyArray(folder.bytes("out.npy")).data
    #expect(data.count == 3 * 32)
    #expect(data[32..<64].allSatisfy { $0 == 0 })
  }
}
