import ND2
import ND2Export
import Testing

@Suite("NumPy files")
struct NumPyFormatTests {
  @Test("The header names type, order and shape, and ends at a multiple of 64 bytes")
  func header() {
    let header = NumPyFormat.header(shape: [3, 2, 31, 38], sampleType: .uint16)
    #expect(header.count == 128)
    #expect(Array(header[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    let text = String(decoding: header[10...], as: UTF8.self)
    #expect(
      text.hasPrefix("{'descr': '<u2', 'fortran_order': False, 'shape': (3, 2, 31, 38), }"))
    #expect(text.hasSuffix(" \n"))
  }

  @Test("A shape of one axis or none is still a tuple")
  func shortShapes() {
    let one = NumPyFormat.header(shape: [7], sampleType: .float32)
    #expect(String(decoding: one, as: UTF8.self).contains("'shape': (7,), }"))
    let none = NumPyFormat.header(shape: [], sampleType: .uint8)
    #expect(String(decoding: none, as: UTF8.self).contains("'descr': '|u1'"))
    #expect(String(decoding: none, as: UTF8.self).contains("'shape': (), }"))
  }

  @Test("Headers of all lengths keep the alignment")
  func alignment() {
    for digits in 1...18 {
      let size = (0..<digits).reduce(0) { value, _ in value * 10 + 1 }
      let header = NumPyFormat.header(shape: [size, size, size], sampleType: .int32)
      #expect(header.count % 64 == 0)
      #expect(header.last == 0x0A)
      #expect(Int(header[8]) + Int(header[9]) * 256 == header.count - 10)
    }
  }
}
