import ND2
import Testing

@testable import ND2Commands

@Suite("Forms of text output")
struct TextFormsTests {
  @Test("A dump shows offset, bytes and letters")
  func dump() {
    let lines = HexDump.lines(Array("ND2 FILE SIGNATURE\n".utf8), from: 0x10)
    #expect(
      lines == [
        "      10  4e 44 32 20 46 49 4c 45  20 53 49 47 4e 41 54 55  |ND2 FILE SIGNATU|",
        "      20  52 45 0a                                          |RE.|",
      ])
    #expect(HexDump.digits([0, 255, 16]) == "00ff10")
  }

  @Test("A tree shows short lists on one line and breaks up long ones")
  func tree() {
    var tree = TreeText(width: 40)
    tree.add("sizes", ["T": 3, "Z": 10])
    tree.add("shape", [3, 10])
    tree.add("nothing", nil)
    tree.add("empty", [])
    tree.add("text", "one\r\ntwo")
    tree.add("long", .array((0..<3).map { .string(String(repeating: "x", count: 20) + "\($0)") }))
    #expect(
      tree.lines == [
        "sizes:", "  T: 3", "  Z: 10", "shape: 3, 10", "nothing: –", "empty: none", "text:",
        "  one", "  two", "long:",
        "  [0]: xxxxxxxxxxxxxxxxxxxx0", "  [1]: xxxxxxxxxxxxxxxxxxxx1",
        "  [2]: xxxxxxxxxxxxxxxxxxxx2",
      ])
  }
}
