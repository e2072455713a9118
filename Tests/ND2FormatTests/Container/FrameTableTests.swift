import ND2Format
import Testing

@Suite("Frame table")
struct FrameTableTests {
  /// The table of a map that has the given frames, at offsets in the order of the array.
  private func table(_ indices: [Int]) -> FrameTable {
    var data: [UInt8] = []
    for (place, index) in indices.enumerated() {
      data += ChunkName.frame(index).utf8
      var offset = UInt64(place + 1) * 4096
      for _ in 0..<8 {
        data.append(UInt8(truncatingIfNeeded: offset))
        offset >>= 8
      }
      data += [8, 0, 0, 0, 0, 0, 0, 0]
    }
    return data.withUnsafeBytes {
      ChunkMapParser.parse($0, at: 0, fileByteCount: 1 << 40).map.frames
    }
  }

  @Test("An empty table has no frames")
  func empty() {
    let table = table([])
    #expect(table.storedCount == 0)
    #expect(table.upperBound == 0)
    #expect(table[0] == nil)
    #expect(table.stored.isEmpty)
  }

  @Test("Frames come in order of their indices, holes are nil")
  func holes() {
    let table = table([3, 0, 5, 1])
    #expect(table.storedCount == 4)
    #expect(table.upperBound == 6)
    #expect(table.stored.map(\.index) == [0, 1, 3, 5])
    #expect(table[3]?.offset == 4096)
    #expect(table[2] == nil)
    #expect(table[6] == nil)
    #expect(table[-1] == nil)
    #expect(table[.max] == nil)
  }

  @Test("Sparse indices take no memory for the holes")
  func sparse() {
    let table = table([999_999_999, 7, 500_000_000, 7])
    #expect(table.storedCount == 3)
    #expect(table.upperBound == 1_000_000_000)
    #expect(table.stored.map(\.index) == [7, 500_000_000, 999_999_999])
    #expect(table[7]?.offset == 4 * 4096)
    #expect(table[500_000_000]?.offset == 3 * 4096)
    #expect(table[999_999_999]?.offset == 4096)
    #expect(table[8] == nil)
    #expect(table[999_999_998] == nil)
  }

  @Test("The number of frames and the frames themselves agree, also at the highest offset")
  func highestOffset() {
    var data = Array(ChunkName.frame(0).utf8)
    data += [UInt8](repeating: 255, count: 16)
    let table = data.withUnsafeBytes {
      ChunkMapParser.parse($0, at: 0, fileByteCount: 1000).map.frames
    }
    #expect(table.storedCount == table.stored.count)
  }
}
