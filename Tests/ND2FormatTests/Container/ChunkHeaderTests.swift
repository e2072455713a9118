import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Chunk header")
struct ChunkHeaderTests {
  private func header(
    magic: UInt32 = FileSignature.chunkMagic, nameLength: UInt32, dataLength: UInt64, name: [UInt8]
  ) -> [UInt8] {
    var bytes = [UInt8](littleEndian: [magic, nameLength])
    bytes.append(littleEndian: dataLength)
    return bytes + name
  }

  @Test("The first image chunk of a real file is read")
  func realHeader() throws {
    let bytes = header(
      nameLength: 4072, dataLength: 4720,
      name: Array("ImageDataSeq|0!".utf8) + [UInt8](repeating: 0, count: 100))
    let header = try ChunkHeader(bytes, at: 53248)
    #expect(header.name == "ImageDataSeq|0!")
    #expect(header.dataOffset == 4088)
    #expect(53248 + header.dataOffset == 57336)
    #expect(header.dataByteCount == 4720)
  }

  @Test("Any length of the name field is taken", arguments: [15, 16, 17, 36, 4071, 4073, 9000])
  func nameFieldLengths(length: UInt32) throws {
    let bytes = header(nameLength: length, dataLength: 8, name: Array("ImageDataSeq|0!".utf8))
    #expect(try ChunkHeader(bytes, at: 0).dataOffset == UInt64(16 + length))
  }

  @Test("A wrong magic, a nameless field and absurd lengths are refused")
  func refused() {
    let name = Array("ImageDataSeq|0!".utf8)
    let bad = [
      header(magic: 0x0ABE_CEDB, nameLength: 32, dataLength: 0, name: name),
      header(nameLength: 0, dataLength: 0, name: name),
      header(nameLength: .max, dataLength: 0, name: name),
      header(nameLength: 1 << 20 + 1, dataLength: 0, name: name),
      header(nameLength: 32, dataLength: .max, name: name),
      header(nameLength: 32, dataLength: 1 << 63, name: name),
      header(nameLength: 14, dataLength: 0, name: name),
      header(nameLength: 32, dataLength: 0, name: Array("ImageDataSeq|0".utf8)),
      header(nameLength: 32, dataLength: 0, name: [0] + name),
      header(nameLength: 32, dataLength: 0, name: Array("Image\nData!".utf8)),
      header(nameLength: 32, dataLength: 0, name: []),
      header(nameLength: 32, dataLength: 0, name: Array("!".utf8)),
      header(
        nameLength: 4000, dataLength: 0, name: [UInt8](repeating: 0x41, count: 300) + name),
    ]
    for (index, bytes) in bad.enumerated() {
      #expect(throws: Malformed.self, "case \(index)") { try ChunkHeader(bytes, at: 0) }
    }
  }

  @Test("A header cut at any length is refused, and noise never traps")
  func damage() {
    let bytes = header(nameLength: 32, dataLength: 5, name: Array("CustomData|X!".utf8))
    for prefix in HostileBytes.prefixes(of: bytes) {
      #expect(throws: Malformed.self) { try ChunkHeader(prefix, at: 0) }
    }
    for changed in HostileBytes.flips(of: bytes) { _ = try? ChunkHeader(changed, at: .max) }
    for changed in HostileBytes.numbers(of: bytes) { _ = try? ChunkHeader(changed, at: 0) }
  }
}
