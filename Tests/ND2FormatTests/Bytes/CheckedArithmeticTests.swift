import ND2Format
import Testing

@Suite("Checked arithmetic")
struct CheckedArithmeticTests {
  @Test("Sums and products that do not fit are nil")
  func overflow() {
    #expect(Checked.sum(1, 2) == 3)
    #expect(Checked.sum(Int.max, 1) == nil)
    #expect(Checked.sum(UInt64.max, 1) == nil)
    #expect(Checked.product(3, 4, 5) == 60)
    #expect(Checked.product([Int]()) == 1)
    #expect(Checked.product(Int.max, 2) == nil)
    #expect(Checked.product(1 << 32, 1 << 32, 0) == nil)
  }

  @Test("Rounding up reaches the next multiple, or nil beyond the type")
  func rounding() {
    #expect(Checked.roundUp(0, to: 4096) == 0)
    #expect(Checked.roundUp(1, to: 4096) == 4096)
    #expect(Checked.roundUp(4096, to: 4096) == 4096)
    #expect(Checked.roundUp(UInt64.max - 3, to: 4096) == nil)
    #expect(Checked.roundUp(UInt64.max - 4095, to: 4096) == UInt64.max - 4095)
  }
}
