import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Chunk writer")
struct ChunkWriterTests {
  /// What a writer makes of some chunks.
  private func file(_ body: (inout ChunkWriter) throws -> Void) throws -> [UInt8] {
    let sink = MemorySink()
    var writer = try ChunkWriter(sink, version: "Ver3.0")
    try body(&writer)
    try writer.finish()
    return sink.bytes
  }

  private func header(_ file: [UInt8], at offset: Int) throws -> ChunkHeader {
    try ChunkHeader(Array(file[offset..<min(file.count, offset + 300)]), at: UInt64(offset))
  }

  @Test("A file begins with the signature chunk of real files")
  func signature() throws {
    let file = try file { _ in }
    #expect(
      file.starts(
        with: Hex.bytes(
          """
          dacebe0a 20000000 4000000000000000
          4e44322046494c45205349474e4154555245204348554e4b204e414d45303121
          566572332e3000000000
          """)))
    #expect(FileSignature(file) == .modern(major: 3, minor: 0))
    #expect(file[112..<4096].allSatisfy { $0 == 0 })
  }

  @Test("The data of metadata chunks ends at a multiple of 4096")
  func metadataPadding() throws {
    let file = try file { writer in
      // Size and name field of a real file's picture metadata (nd2-format §1.3).
      try writer.append("ImageMetadataLV!", [UInt8](repeating: 1, count: 8816))
      for count in [0, 1, 4015, 4016, 4044, 4045, 4096] {
        try writer.append("CustomData|\(count)!", [UInt8](repeating: 2, count: count))
      }
    }
    #expect(try header(file, at: 4096).nameByteCount == 3456)
    for (_, place) in try ChunkPlaces(of: file).places {
      #expect(place.headerOffset % 4096 == 0)
      #expect((place.dataOffset + place.byteCount) % 4096 == 0)
    }
    for (name, place) in try ChunkPlaces(of: file).places {
      // 20 zero bytes at least stay free behind the name.
      #expect(place.dataOffset - place.headerOffset - 16 >= name.utf8.count + 20)
    }
  }

  @Test("Pixels begin 4096 bytes behind the header, behind the time")
  func framePadding() throws {
    let file = try file { writer in
      for index in [0, 9, 10, 123_456_789] {
        try [UInt8](repeating: 7, count: 5000).withUnsafeBytes {
          try writer.appendFrame(index, timeMs: 445.0834982842207, payload: $0)
        }
      }
    }
    for index in [0, 9, 10, 123_456_789] {
      let place = try ChunkPlaces(of: file).frame(index)
      let frame = try header(file, at: place.headerOffset)
      #expect(frame.nameByteCount == 4072)
      #expect(frame.dataByteCount == 5008)
      #expect(place.headerOffset % 4096 == 0)
      #expect(
        file[place.dataOffset..<(place.dataOffset + 8)] == [
          0, 0, 0x4C, 0x02, 0x56, 0xD1, 0x7B, 0x40,
        ])
      #expect(file[place.headerOffset + 4096] == 7)
    }
  }

  @Test("The map is in descending order of names and ends the file at a multiple of 4096")
  func map() throws {
    let file = try file { writer in
      for name in ["ImageTextInfoLV!", "CustomData|X!", "ImageDataSeqX|1!", "A!", "b!"] {
        try writer.append(name, [1])
      }
    }
    #expect(file.count % 4096 == 0)
    let offset = try #require(ChunkMapParser.mapOffset(tail: file).flatMap { Int(exactly: $0) })
    let map = try header(file, at: offset)
    #expect(map.name == ChunkName.map)
    #expect(map.nameByteCount == 32)
    #expect(offset + 48 + Int(map.dataByteCount) == file.count)
    let text = String(
      decoding: file[(offset + 48)...].filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
    let names = text.split(separator: "!").map(String.init)
    let order = ["b", "ImageTextInfoLV", "ImageDataSeqX|1", "CustomData|X", "A"]
    var rest = names[...]
    for name in order {
      let place = try #require(rest.firstIndex { $0.hasSuffix(name) }, "\(name)")
      rest = rest[(place + 1)...]
    }
  }

  @Test(
    "Maps of any size end with the tail", arguments: [0, 1, 60, 110, 111, 112, 113, 114, 115, 400])
  func mapSizes(count: Int) throws {
    let file = try file { writer in
      for index in 0..<count { try writer.append("CustomData|\(index)!", []) }
    }
    #expect(file.count % 4096 == 0)
    #expect(try ChunkPlaces(of: file).places.count == count)
  }

  @Test("The size of a name field can be chosen", arguments: [15, 16, 17, 36, 4071, 4073, 9000])
  func nameField(size: Int) throws {
    let file = try file { writer in
      try [UInt8](repeating: 7, count: 100).withUnsafeBytes {
        try writer.appendFrame(0, timeMs: 1, payload: $0, nameFieldByteCount: size)
      }
    }
    #expect(try header(file, at: 4096).nameByteCount == size)
    #expect(file[4096 + 16 + size + 8] == 7)
    #expect(try ChunkPlaces(of: file).frame(0).dataOffset == 4096 + 16 + size)
  }
}
