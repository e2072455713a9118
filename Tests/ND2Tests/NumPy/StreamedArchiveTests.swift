import ND2TestSupport
import Testing

@testable import ND2

/// Archives whose arrays are written while they are made, with their checksums behind them.
@Suite("Archives written front to back") struct StreamedArchiveTests {
  @Test("The archive is read back, with sizes of 32 and of 64 bits", arguments: [UInt64.max, 10])
  func roundTrip(wideFrom: UInt64) throws {
    let array = try NDArray((0..<60).map { Int16($0) }, shape: [3, 4, 5]).erased
    let content = array.npyBytes
    var file: [UInt8] = []
    var writer = ZipWriter(wideFrom: min(wideFrom, UInt64(UInt32.max))) { file += $0 }
    for name in ["a.npy", "b.npy"] {
      try writer.append(
        name: name, lead: Array(content[..<64]), byteCount: UInt64(content.count - 64)
      ) { take in
        try content[64..<100].withUnsafeBytes(take)
        try content[100...].withUnsafeBytes(take)
      }
    }
    try writer.finish()
    let archive = try NumPyArchive(bytes: file)
    #expect(archive.names == ["a", "b"])
    #expect(try archive["a"] == array)
    #expect(try archive["b"] == array)
  }

  @Test("The whole way: name, shape, type and bytes")
  func whole() throws {
    let array = try NDArray((0..<12).map { Float($0) / 8 }, shape: [3, 4]).erased
    var file: [UInt8] = []
    try NumPyArchive.write(
      "projection", shape: [3, 4], sampleType: .float32, to: { file += $0 }
    ) { take in try array.withUnsafeBytes(take) }
    #expect(try NumPyArchive(bytes: file)["projection"] == array)
    #expect(throws: ND2Error.self) {
      try NumPyArchive.write("x", shape: [3, 5], sampleType: .float32, to: { _ in }) { take in
        try array.withUnsafeBytes(take)
      }
    }
  }
}
