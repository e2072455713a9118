import ND2
import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Gallery of sound files")
struct GalleryTests {
  @Test("Every file of the gallery can be written, and equal descriptions give equal bytes")
  func everyFileCanBeWritten() throws {
    for (name, file) in Gallery.all {
      let bytes = try file.bytes()
      #expect(file.version.major < 2 || bytes.count % 4096 == 0, "\(name)")
      #expect(try file.bytes() == bytes, "\(name)")
    }
  }

  /// Leaves the files and their true pixels in a directory, for other readers to be compared with.
  @Test(
    "The gallery is written to the directory that ND2_GALLERY names",
    .enabled(if: getenv("ND2_GALLERY") != nil))
  func writeGallery() throws {
    let directory = String(cString: try #require(getenv("ND2_GALLERY")))
    var files = Gallery.all
    files["demo"] = SampleFile.demo(width: 320, height: 256, times: 2, slices: 3)
    files["demo_4"] = SampleFile.demo(
      width: 64, height: 64, times: 2, positions: 3, slices: 3, channels: 4)
    var lines: [String] = []
    for (name, file) in files {
      try file.write(to: "\(directory)/\(name).nd2", overwrite: true)
      for frame in file.storedFrames {
        lines.append("\(name) \(frame) \(SHA256.hexadecimal(of: file.packedFrame(frame)))")
      }
    }
    let sink = try FileSink(path: "\(directory)/truth.txt", overwrite: true)
    try sink.append(Array(lines.sorted().joined(separator: "\n").utf8))
    try sink.commit()
  }
}
