import ND2
import Testing

@testable import ND2Commands

@Suite("Ranges of indices")
struct IndexRangeTests {
  @Test(
    "Ranges are written with a colon, the end is not in them",
    arguments: [("3", 3..<4), ("0:5", 0..<5), (":5", 0..<5), ("2:", 2..<10), (":", 0..<10)])
  func forms(text: String, range: Range<Int>) throws {
    let parsed = try #require(IndexRange(argument: text))
    #expect(try parsed.resolved(count: 10, axis: .z) == range)
  }

  @Test(
    "What is no range is refused",
    arguments: ["", "a", "-1", "1:2:3", "3:3", "5:2", "1.5", " 1", "+1", "9223372036854775807"])
  func mistakes(text: String) throws {
    if let parsed = IndexRange(argument: text) {
      #expect(throws: ND2Error.self) { try parsed.resolved(count: 10, axis: .z) }
    }
  }

  @Test("A range beyond the axis is an error that names the axis")
  func beyond() throws {
    let parsed = try #require(IndexRange(argument: "5:12"))
    let error = #expect(throws: ND2Error.self) { try parsed.resolved(count: 10, axis: .z) }
    #expect(error?.message == "--z 5:12 goes beyond the 10 that the file has")
  }
}
