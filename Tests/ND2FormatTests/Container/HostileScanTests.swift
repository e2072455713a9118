import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Scans of hostile files")
struct HostileScanTests {
  /// A header of a frame whose data is as long as said.
  private func header(_ size: UInt64, nameField: UInt32 = 16, index: Int = 7) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: FileSignature.chunkMagic)
    bytes.append(littleEndian: nameField)
    bytes.append(littleEndian: size)
    return bytes + Array(ChunkName.frame(index).utf8)
  }

  @Test(
    "headers that lead nowhere are read at most a few dozen times their size",
    arguments: [UInt64(0), 100, 5000, 1 << 20, UInt64(Int64.max)])
  func manyHeaders(size: UInt64) {
    var bytes: [UInt8] = []
    for _ in 0..<20_000 { bytes += header(size) }
    let scan = ChunkScan.run(over: bytes)
    #expect(scan.byteCount <= bytes.count * 40 + (2 << 20))
    #expect(scan.readCount <= bytes.count / 16)
  }

  @Test("headers behind each other that lie about what is between them are passed once")
  func chainsThatBreak() {
    var bytes: [UInt8] = []
    for _ in 0..<300 {
      // Leads to a header 4096 further on, which leads to nothing.
      bytes += header(4000) + [UInt8](repeating: 1, count: 4096 - 31)
      bytes += header(9999) + [UInt8](repeating: 2, count: 900)
    }
    let scan = ChunkScan.run(over: bytes)
    #expect(scan.byteCount <= bytes.count * 3)
  }

  @Test("a search that goes on in a file that has grown finds what a new one finds")
  func continued() throws {
    let file = SampleFile(width: 30, height: 20, loops: [.time(count: 9)])
    let bytes = try file.bytes(with: .removeMap)
    for length in stride(from: 5000, to: bytes.count, by: 2777) {
      var first = ChunkScan(fileByteCount: UInt64(length), isGrowing: true)
      first.run(over: Array(bytes[..<length]))
      let last = first.lastChunk
      let earlier = last.map { ChunkScan.Continuation(map: first.finish(), offset: $0) }
      var second = ChunkScan(
        fileByteCount: UInt64(bytes.count), continuing: earlier, isGrowing: true)
      second.run(over: bytes)
      let whole = ChunkScan.run(over: bytes).map
      let found = second.finish()
      #expect(found.inFileOrder.map(\.entry) == whole.inFileOrder.map(\.entry), "\(length)")
      #expect(found.inFileOrder.map(\.name) == whole.inFileOrder.map(\.name), "\(length)")
      #expect(found.duplicateCount == 0)
    }
  }

  @Test("of a file that grows a last image counts when it is whole and nothing is behind it")
  func lastImage() throws {
    let file = SampleFile(width: 30, height: 20, loops: [.time(count: 5)])
    let bytes = try file.bytes()
    let place = try ChunkPlaces(of: bytes).frame(3)
    let end = place.dataOffset + place.byteCount
    func count(_ bytes: [UInt8]) -> Int {
      var scan = ChunkScan(fileByteCount: UInt64(bytes.count), isGrowing: true)
      scan.run(over: bytes)
      return scan.finish().frames.storedCount
    }
    #expect(count(Array(bytes[..<(end - 1)])) == 3)
    #expect(count(Array(bytes[..<end])) == 4)
    // The file system has made room for more, so that nothing says that the data is there.
    #expect(count(Array(bytes[..<end]) + [UInt8](repeating: 0, count: 100_000)) == 3)
  }
}

extension ChunkScan {
  /// Scans bytes in memory to the end.
  fileprivate mutating func run(over file: [UInt8]) {
    while !needed.isEmpty {
      supply(needed.map { Array(file[Int($0.lowerBound)..<Int($0.upperBound)]) })
    }
  }
}
