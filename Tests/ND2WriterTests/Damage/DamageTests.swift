import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Damage on purpose")
struct DamageTests {
  private let bytes: [UInt8] = Array(0..<100)

  @Test("Bytes are cut, put in, replaced and cut off")
  func plain() {
    #expect(Damage.truncate(at: 10).applied(to: bytes) == Array(0..<10))
    #expect(Damage.truncate(at: 1000).applied(to: bytes) == bytes)
    #expect(Damage.cut(10..<90).applied(to: bytes) == Array(0..<10) + Array(90..<100))
    #expect(Damage.cut(90..<900).applied(to: bytes) == Array(0..<90))
    #expect(Damage.insert([7], at: 1).applied(to: bytes).prefix(3) == [0, 7, 1])
    #expect(Damage.overwrite([7, 7], at: 99).applied(to: bytes) == Array(0..<99) + [7])
    #expect(Damage.overwrite([7], at: 500).applied(to: bytes) == bytes)
  }

  @Test("The tail and the map are made unusable")
  func mapDamage() throws {
    let file = try SampleFile().bytes()
    let offset = try #require(ChunkMapParser.mapOffset(tail: file))
    #expect(ChunkMapParser.mapOffset(tail: Damage.zeroTail.applied(to: file)) == nil)
    #expect(ChunkMapParser.mapOffset(tail: Damage.mapOffset(5).applied(to: file)) == 5)
    #expect(Damage.removeMap.applied(to: file).count == Int(offset))
    #expect(throws: (any Error).self) {
      try ChunkPlaces(of: Damage.breakMapHeader.applied(to: file))
    }
    #expect(throws: ND2Error.self) { try ChunkPlaces(of: Damage.zeroTail.applied(to: file)) }
  }

  @Test("Damage is done in the given order")
  func order() throws {
    let file = SampleFile()
    let once = try file.bytes(with: .cut(0..<10), .truncate(at: 20))
    #expect(try once == Array(file.bytes()[10..<30]))
  }
}
