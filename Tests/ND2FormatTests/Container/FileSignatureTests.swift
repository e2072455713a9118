import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("File signature")
struct FileSignatureTests {
  /// The first 112 bytes of a file of some version.
  private func head(_ version: String) throws -> [UInt8] {
    let sink = MemorySink()
    _ = try ChunkWriter(sink, version: version)
    return sink.bytes
  }

  @Test(
    "Versions are read from the first chunk",
    arguments: [
      ("Ver3.0", 3, 0), ("Ver2.1", 2, 1), ("Ver3.15", 3, 15), ("Ver12.3", 12, 3), ("Ver4", 4, 0),
    ])
  func versions(text: String, major: Int, minor: Int) throws {
    #expect(try FileSignature(head(text)) == .modern(major: major, minor: minor))
    #expect(try head(text).count == FileSignature.byteCount)
  }

  @Test("A container without a readable version is taken for 3.0")
  func unreadableVersion() throws {
    for text in ["", "Version", "3.0", "Ver", "Verx.y", "Ver.", "Ver99999999999999999999.1"] {
      guard case .modern = FileSignature(try head(text)) else {
        Issue.record("'\(text)' is not taken for a container")
        continue
      }
    }
    #expect(FileSignature([0xDA, 0xCE, 0xBE, 0x0A]) == .modern(major: 3, minor: 0))
    #expect(FileSignature(try Array(head("Ver3.0").prefix(52))) == .modern(major: 3, minor: 0))
  }

  @Test("JPEG 2000 boxes are recognised by their first box, not by four bytes")
  func boxes() {
    let box: [UInt8] = [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]
    #expect(FileSignature(box) == .jpeg2000)
    #expect(FileSignature(Array(box.prefix(4)) + [0, 0, 0, 0]) == .unknown(looksLike: nil))
  }

  @Test(
    "Other files are named",
    arguments: [
      ([], "empty"), ([0x49, 0x49, 0x2A, 0], "TIFF"), ([0x4D, 0x4D, 0, 0x2A], "TIFF"),
      ([0x49, 0x49, 0x2B, 0], "BigTIFF"), (Array("version https://git-lfs.github.com".utf8), "LFS"),
      (Array("<!DOCTYPE html>".utf8), "HTML"), (Array("\n <HTML>".utf8), "HTML"),
      (Array("<?xml version".utf8), "XML"), ([0x89, 0x50, 0x4E, 0x47], "PNG"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "JPEG"), ([0x89, 0x48, 0x44, 0x46], "HDF5"),
      ([0x50, 0x4B, 3, 4], "ZIP"), ([0x1F, 0x8B, 8], "gzip"), (Array("ZISRAWFILE".utf8), "CZI"),
      ([UInt8](repeating: 0, count: 64), "zeros"),
    ] as [([UInt8], String)])
  func lookalikes(head: [UInt8], word: String) throws {
    guard case .unknown(let name) = FileSignature(head) else {
      Issue.record("taken for an ND2 file")
      return
    }
    #expect(try #require(name).contains(word))
  }

  @Test("Noise and short heads are unknown without a name")
  func noise() {
    #expect(FileSignature([0xDA, 0xCE, 0xBE]) == .unknown(looksLike: nil))
    #expect(FileSignature([1, 2, 3, 4, 5, 6, 7, 8]) == .unknown(looksLike: nil))
    Randomness.repeated(200) { random in _ = FileSignature(random.bytes(random.int(0..<120))) }
  }
}
