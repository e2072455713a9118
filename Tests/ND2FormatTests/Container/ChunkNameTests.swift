import ND2Format
import Testing

@Suite("Chunk names")
struct ChunkNameTests {
  @Test("Names of frames and their indices correspond")
  func frames() {
    for index in [0, 1, 9, 10, 123_456, 999_999_999] {
      #expect(ChunkName.frameIndex(ChunkName.frame(index)) == index)
    }
  }

  @Test(
    "Other names have no frame index",
    arguments: [
      "", "!", "ImageDataSeq|!", "ImageDataSeq|0", "ImageDataSeq|x!", "ImageDataSeq|-1!",
      "ImageDataSeq| 1!", "ImageDataSeq|99999999999!", "CustomDataSeq|0!", "ImageDataSeQ|0!",
      "ImageMetadataSeqLV|0!", "ImageDataSeq|18446744073709551616!", "ImageDataSeqX0!",
    ])
  func others(name: String) {
    #expect(ChunkName.frameIndex(name) == nil)
  }
}
