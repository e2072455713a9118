import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Lines of chunk maps")
struct ChunkLinesTests {
  @Test("Of several chunks of one name only the last can be listed")
  func lastOfName() throws {
    let sink = MemorySink()
    var writer = try ChunkWriter(sink, version: "Ver3.0")
    for (name, value) in [("A!", 1), ("B!", 2), ("A!", 3), ("A!", 4)] {
      try writer.append(name, [UInt8(value)])
    }
    #expect(writer.entries.map(\.name) == ["A!", "B!", "A!", "A!"])
    try writer.finish(lastOfName: true)
    let places = try ChunkPlaces(of: sink.bytes)
    #expect(sink.bytes[try places.place(of: "A!").dataOffset] == 4)
    #expect(sink.bytes[try places.place(of: "B!").dataOffset] == 2)
    let map = String(decoding: sink.bytes.suffix(4096), as: UTF8.self)
    #expect(map.split(separator: "A!", omittingEmptySubsequences: false).count == 2)
  }

  @Test("Odd names of frames are kept as they are")
  func oddNames() throws {
    let names = [
      "ImageDataSeq|007!", "ImageDataSeq|7!", "ImageDataSeq|!", "ImageDataSeq|12345678901!",
    ]
    let sink = MemorySink()
    var writer = try ChunkWriter(sink, version: "Ver3.0")
    for name in names { try writer.append(name, []) }
    #expect(writer.entries.map(\.name) == names)
    try writer.finish()
    let map = String(decoding: sink.bytes.suffix(4096), as: UTF8.self)
    for name in names { #expect(map.contains(name)) }
  }
}
