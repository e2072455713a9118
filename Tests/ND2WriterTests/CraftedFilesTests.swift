import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Crafted files")
struct CraftedFilesTests {
  @Test("Every crafted file can be made, under a name of its own")
  func all() throws {
    let files = try CraftedFile.all()
    #expect(files.count > 50)
    #expect(Set(files.map(\.name)).count == files.count)
    for file in files { #expect(try file.bytes().count > 4096, "\(file.name)") }
  }

  @Test("A scan finds the frames that are said to be readable, with their pixels")
  func framesAreThere() throws {
    for file in try CraftedFile.all() where file.sample.storage.compression == .none {
      let bytes = try file.bytes()
      let frames = ChunkScan.run(over: bytes).map.frames
      for (index, packed) in file.readableFrames {
        let number = index + file.sample.flaws.firstFrameNumber
        let entry = try #require(frames[number], "\(file.name), frame \(index)")
        let offset = try #require(Int(exactly: entry.offset))
        let header = try ChunkHeader(
          Array(bytes[offset..<min(bytes.count, offset + 300)]), at: entry.offset)
        let start = offset + Int(header.dataOffset) + 8
        let row = file.sample.packedRowByteCount
        #expect(
          bytes[start..<(start + row)] == packed[..<row], "\(file.name), frame \(index)")
      }
    }
  }

  @Test("A type code is replaced wherever an item of the name stands")
  func replacedType() throws {
    var bytes = LiteVariantEncoder.encode(
      MetadataField("v", .object(["a": .int32(1), "odd": .int32(2), "b": .int32(3)])))
    LiteVariantEncoder.replaceType(ofItems: "odd", with: 99, in: &bytes)
    let decoded = try LiteVariantDecoder.decode(bytes)
    #expect(decoded.root["v"] == .object(["a": .int32(1), "b": .int32(3)]))
    #expect(decoded.problems.map(\.reason) == [.unsupported("metadata type code 99")])
  }

  @Test("Files at random are sound")
  func randomFiles() throws {
    try Randomness.repeated(60) { (random) throws in
      let file = random.sampleFile()
      let bytes = try file.bytes()
      let frames = try ChunkPlaces(of: bytes).places.keys.filter { ChunkName.frameIndex($0) != nil }
      #expect(frames.count == file.frameCount, "seed \(random.seed)")
    }
  }
}
