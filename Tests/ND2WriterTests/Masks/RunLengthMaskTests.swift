import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Run-length masks")
struct RunLengthMaskTests {
  private let ring = SampleFile.Mask(
    width: 5, height: 4, objects: [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1])

  @Test("The mask of the format notes has their words")
  func vector() throws {
    let words: [UInt32] = [
      3, 5, 4, 1, 76, 28, 0, 1, 1, 1, 3, 2, 76, 2, 52, 0, 1, 1, 1, 3, 2, 2, 1, 1, 3, 1,
    ]
    #expect(RunLengthMask.encode(ring, version: 3) == words)
    let chunk = try RunLengthMask.chunk(ring)
    #expect(chunk.prefix(4) == [104, 0, 0, 0])
    let inflater = try Inflater()
    let back = try chunk[4...].withUnsafeBytes { try inflater.inflate($0, limit: 1000) }
    #expect(back == [UInt8](littleEndian: words))
  }

  @Test("The older version has two more words in the header of an object")
  func version2() {
    let words = RunLengthMask.encode(ring, version: 2)
    #expect(words.count == 28)
    #expect(words.prefix(7) == [2, 5, 4, 1, 84, 28, 0])
    #expect(words[12] == 84)
    #expect(words[14] == 60)
  }

  @Test("Objects follow each other in the order of their numbers")
  func severalObjects() {
    let mask = SampleFile.Mask(width: 4, height: 1, objects: [9, 0, 2, 9])
    #expect(
      RunLengthMask.encode(mask, version: 3)
        == [
          3, 4, 1, 2, 112, 28 + 52, 0,
          2, 2, 0, 2, 0, 52, 1, 36, 0, 0, 1, 2, 1,
          9, 0, 0, 3, 0, 60, 1, 36, 0, 0, 2, 0, 1, 3, 1,
        ])
  }

  @Test("A mask without objects is a header alone")
  func emptyMask() {
    #expect(
      RunLengthMask.encode(SampleFile.Mask(width: 3, height: 2), version: 3)
        == [3, 3, 2, 0, 0, 0, 0])
  }
}
