import ND2
import Testing

@Suite("Parts of a file in memory")
struct KeptRangesTests {
  private static let file: [UInt8] = (0..<100).map { UInt8($0) }

  private static func kept(_ ranges: [Range<Int>]) throws -> KeptRanges {
    try #require(
      KeptRanges(
        ranges.map { UInt64($0.lowerBound)..<UInt64($0.upperBound) },
        bytes: ranges.flatMap { file[$0] }))
  }

  @Test("What is kept at the ends of a range is not read, and the rest in one piece")
  func missing() throws {
    let kept = try Self.kept([10..<20, 30..<40, 50..<60])
    #expect(kept.missing(of: 12..<18).isEmpty)
    #expect(kept.missing(of: 10..<20).isEmpty)
    #expect(kept.missing(of: 5..<15) == 5..<10)
    #expect(kept.missing(of: 15..<25) == 20..<25)
    #expect(kept.missing(of: 15..<35) == 20..<30)
    #expect(kept.missing(of: 15..<55) == 20..<50)
    #expect(kept.missing(of: 22..<28) == 22..<28)
    #expect(kept.missing(of: 25..<45) == 25..<45)
    #expect(kept.missing(of: 0..<100) == 0..<100)
    #expect(kept.missing(of: 20..<30) == 20..<30)
    #expect(kept.missing(of: 15..<15).isEmpty)
  }

  @Test("Every range is put together from both")
  func together() throws {
    let kept = try Self.kept([0..<3, 10..<20, 30..<40, 98..<100])
    for low in 0..<100 {
      for high in low...100 {
        let range = UInt64(low)..<UInt64(high)
        let rest = kept.missing(of: range)
        #expect(rest.lowerBound >= range.lowerBound && rest.upperBound <= range.upperBound)
        var bytes = [UInt8](repeating: 255, count: high - low)
        for position in rest { bytes[Int(position) - low] = Self.file[Int(position)] }
        bytes.withUnsafeMutableBytes { kept.copyEnds(of: range, missing: rest, into: $0) }
        #expect(bytes == Array(Self.file[low..<high]), "\(range)")
        if rest.isEmpty { #expect(kept.bytes(range) == bytes, "\(range)") }
      }
    }
  }

  @Test("A recorder keeps what was read once, and no more than it may")
  func recorder() {
    let recorder = RangeRecorder(mostByteCount: 50)
    for range in [20..<40, 30..<45, 0..<5, 45..<50, 20..<40, 22..<30] {
      recorder.take(Array(Self.file[range]), at: UInt64(range.lowerBound))
    }
    #expect(recorder.byteCount == 35 && !recorder.isOver)
    recorder.take(Array(Self.file[60..<80]), at: 60)
    #expect(recorder.isOver)
    #expect(recorder.kept().ranges == [0..<5, 20..<50])
    #expect(recorder.kept().bytes == Array(Self.file[0..<5] + Self.file[20..<50]))
  }
}
