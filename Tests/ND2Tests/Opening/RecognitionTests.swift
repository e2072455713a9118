import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Recognising files") struct RecognitionTests {
  @Test("Modern files are known by their first bytes, whatever follows") func modern() throws {
    let bytes = try SampleFile(width: 4, height: 4).bytes()
    #expect(try ND2File.isSupported(reading: MemorySource(bytes)))
    #expect(try ND2File.isSupported(reading: MemorySource(Array(bytes.prefix(4)))))
    #expect(try !ND2File.isLegacy(reading: MemorySource(bytes)))
  }

  @Test("Files of the first generation are known by both ends") func legacy() throws {
    let head: [UInt8] = [0, 0, 0, 12] + Array("jP  ".utf8) + [13, 10, 0x87, 10]
    let tail = Array("LABORATORY IMAGING ND BOX MAP 00".utf8) + [UInt8](repeating: 0, count: 8)
    #expect(try ND2File.isLegacy(reading: MemorySource(head + tail)))
    #expect(try ND2File.isSupported(reading: MemorySource(head + tail)))
    #expect(try !ND2File.isSupported(reading: MemorySource(head)))
  }

  @Test("Other files are not; files that are not there are errors") func others() throws {
    #expect(try !ND2File.isSupported(reading: MemorySource([])))
    #expect(try !ND2File.isSupported(reading: MemorySource([UInt8]("II*\0 a TIFF".utf8))))
    #expect(throws: ND2Error.self) { try ND2File.isSupported(path: "/nowhere/a.nd2") }
  }
}
