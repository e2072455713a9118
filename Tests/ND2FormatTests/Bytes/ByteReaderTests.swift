import ND2Format
import Testing

@Suite("Byte reader")
struct ByteReaderTests {
  @Test("Integers are little-endian at any alignment")
  func integers() throws {
    let bytes: [UInt8] = [0xFF, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12, 8, 7, 6, 5, 4, 3, 2, 1]
    try ByteReader.over(bytes) { (reader) throws(Malformed) in
      let a: UInt8 = try reader.read()
      let b: UInt16 = try reader.read()
      let c: UInt32 = try reader.read()
      let d: UInt64 = try reader.read()
      #expect(a == 255)
      #expect(b == 0x1234)
      #expect(c == 0x1234_5678)
      #expect(d == 0x0102_0304_0506_0708)
      #expect(reader.isAtEnd)
    }
  }

  @Test("Signed integers and floating-point numbers keep their bits")
  func signedAndFloat() throws {
    let bytes: [UInt8] = [
      0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0xC0, 0x3F,
    ]
    try ByteReader.over(bytes) { (reader) throws(Malformed) in
      #expect(try reader.read(Int32.self) == -2)
      #expect(try reader.readDouble() == 0.5)
      #expect(try reader.readFloat() == 1.5)
    }
  }

  @Test("A read beyond the end throws, names the place and moves nothing")
  func beyondTheEnd() throws {
    try ByteReader.over([1, 2, 3], at: 1000) { (reader) throws(Malformed) in
      try reader.skip(1)
      #expect(throws: Malformed(.truncated(needed: 4, available: 2), at: 1001)) {
        try reader.read(UInt32.self)
      }
      #expect(reader.position == 1)
      #expect(throws: Malformed.self) { try reader.skip(-1) }
      #expect(throws: Malformed.self) { try reader.skip(.max) }
      #expect(throws: Malformed.self) { try reader.skip(.min) }
      #expect(throws: Malformed.self) { try reader.readBytes(.max) }
      #expect(throws: Malformed.self) { try reader.readSlice(3) }
      #expect(throws: Malformed.self) { try reader.seek(to: 4) }
      #expect(throws: Malformed.self) { try reader.seek(to: -1) }
      #expect(throws: Malformed.self) { try reader.readUTF16(units: .max) }
      #expect(throws: Malformed.self) { try reader.readUTF16(units: -1) }
      #expect(reader.remaining == 2)
    }
  }

  @Test("A reader over no bytes is at its end")
  func empty() throws {
    try ByteReader.over([]) { (reader) throws(Malformed) in
      #expect(reader.isAtEnd)
      #expect(reader.peek() == nil)
      #expect(reader.remainingBytes.isEmpty)
      #expect(try reader.readBytes(0) == [])
      #expect(try reader.readUTF16(units: 0) == "")
      #expect(throws: Malformed.self) { try reader.read(UInt8.self) }
      #expect(throws: Malformed.self) { try reader.readUTF16() }
    }
  }

  @Test("A 64-bit count that does not fit is an overflow at its own place")
  func countOverflow() throws {
    try ByteReader.over([UInt8](repeating: 0xFF, count: 8), at: 5) {
      (reader) throws(Malformed) -> Void in
      #expect(throws: Malformed(.overflow, at: 5)) { try reader.readCount64() }
    }
  }

  @Test("A slice covers its own bytes and knows its place in the file")
  func slices() throws {
    try ByteReader.over([0, 1, 2, 3, 4, 5], at: 100) { (reader) throws(Malformed) in
      try reader.skip(2)
      var slice = try reader.readSlice(3)
      #expect(slice.offset == 102)
      #expect(try slice.readBytes(3) == [2, 3, 4])
      #expect(throws: Malformed.self) { try slice.read(UInt8.self) }
      #expect(try reader.read(UInt8.self) == 5)
    }
  }

  @Test("Looking ahead does not move, and stops at the end")
  func lookingAhead() throws {
    try ByteReader.over(Array("<?xml".utf8)) { (reader) throws(Malformed) in
      #expect(reader.peek() == UInt8(ascii: "<"))
      #expect(reader.peek(4) == UInt8(ascii: "l"))
      #expect(reader.peek(5) == nil)
      #expect(reader.peek(-1) == nil)
      #expect(reader.starts(with: "<?xml"))
      #expect(!reader.starts(with: "<?xml "))
      #expect(reader.position == 0)
      reader.skipToEnd()
      #expect(reader.starts(with: ""))
      #expect(!reader.starts(with: "<"))
    }
  }

  @Test("A copy at another place moves by itself")
  func copies() throws {
    try ByteReader.over([9, 8, 7]) { (reader) throws(Malformed) in
      var other = reader.copy(at: 2)
      #expect(try other?.read(UInt8.self) == 7)
      #expect(reader.copy(at: 4) == nil)
      #expect(reader.copy(at: -1) == nil)
      #expect(reader.position == 0)
    }
  }

  @Test("Text up to NUL is consumed with its NUL")
  func textUpToNUL() throws {
    try ByteReader.over([0x41, 0, 0x3D, 0xD8, 0x2C, 0xDD, 0, 0, 5]) { (reader) throws(Malformed) in
      #expect(try reader.readUTF16() == "A🔬")
      #expect(try reader.read(UInt8.self) == 5)
    }
  }

  @Test("Text without NUL is truncated, also when half a unit is left")
  func textWithoutNUL() throws {
    for bytes in [[0x41], [0x41, 0], [0x41, 0, 0], [0, 0x41, 0]] as [[UInt8]] {
      try ByteReader.over(bytes) { (reader) throws(Malformed) in
        #expect(throws: Malformed.self) { try reader.readUTF16() }
        #expect(reader.position == 0)
      }
    }
  }

  @Test("Text of a known length ends at its first NUL but takes all its units")
  func textOfKnownLength() throws {
    try ByteReader.over([0x41, 0, 0, 0, 0x42, 0, 7]) { (reader) throws(Malformed) in
      #expect(try reader.readUTF16(units: 3) == "A")
      #expect(try reader.read(UInt8.self) == 7)
    }
  }
}
