import ND2Format
import ND2TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
  private func parse(_ text: String, limits: ParsingLimits = .standard) throws -> JSONValue {
    try JSONParser.parse(Array(text.utf8), limits: limits)
  }

  /// A document at random.
  private func document(_ random: inout Randomness, depth: Int) -> JSONValue {
    switch random.int(0..<(depth > 0 ? 8 : 6)) {
    case 0: return .null
    case 1: return .bool(random.oneIn(2))
    case 2: return .integer(Int64(bitPattern: random.bits()))
    case 3: return .unsigned(UInt64(Int64.max) + 1 + random.bits() >> 1)
    case 4: return .double(Double(random.int(-1_000_000..<1_000_000)) + 0.5)
    case 5: return .string(random.text())
    case 6:
      return .array((0..<random.int(0..<5)).map { _ in document(&random, depth: depth - 1) })
    default:
      return .object(
        (0..<random.int(0..<5)).map { _ in
          .init(random.text(), document(&random, depth: depth - 1))
        })
    }
  }

  @Test("Values of every kind parse")
  func kinds() throws {
    let text = """
       { "a": [1, -2, 18446744073709551615, 0.5, -1e3, true, false, null], "b": {}, "c": [],
      "d": "x" }
      """
    #expect(
      try parse(text)
        == .object([
          .init(
            "a",
            .array([
              .integer(1), .integer(-2), .unsigned(.max), .double(0.5), .double(-1000),
              .bool(true), .bool(false), .null,
            ])), .init("b", .object([])), .init("c", .array([])), .init("d", .string("x")),
        ]))
  }

  @Test("Escapes and surrogate pairs parse; halves of pairs become replacement characters")
  func escapes() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t\u00b5\ud83d\ude00""#) == "\"\\/\u{8}\u{C}\n\r\tµ😀")
    #expect(try parse(#""\ud83dx""#) == "\u{FFFD}x")
    #expect(try parse(#""\ude00""#) == "\u{FFFD}")
    #expect(try parse(#""\ud83d\u0041""#) == "\u{FFFD}A")
    #expect(throws: Malformed.self) { try parse(#""\u12""#) }
    #expect(throws: Malformed.self) { try parse(#""\uzzzz""#) }
    #expect(throws: Malformed.self) { try parse(#""\u+123""#) }
  }

  @Test("NaN, as Python writes it, is null")
  func notANumber() throws {
    #expect(try parse("[NaN, nan]") == .array([.null, .null]))
  }

  @Test("Infinities, as Python writes them, are doubles")
  func infinities() throws {
    #expect(
      try parse("[Infinity, -Infinity]") == .array([.double(.infinity), .double(-.infinity)]))
  }

  @Test("A byte order mark and NULs behind the document are taken")
  func surroundings() throws {
    #expect(try JSONParser.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8) + [0, 0]) == [1])
    #expect(try parse(" \r\n[1]\n ") == [1])
  }

  @Test(
    "What is not JSON is an error",
    arguments: [
      "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[1 2]", "{\"a\"", "{\"a\":", "{\"a\":1",
      "{\"a\":1,}", "{a:1}", "\"abc", "\"\\", "tru", "nul", "1 2", "-", "--1", "1e", "+", ".",
      "[1]x",
      "{\"a\" 1}", "\u{FFFD}",
    ])
  func notJSON(text: String) {
    #expect(throws: Malformed.self) { try parse(text) }
  }

  @Test("The last of several members of one name counts")
  func duplicateMembers() throws {
    #expect(try parse(#"{"a":1,"a":2}"#)["a"] == 2)
  }

  @Test("Nesting and items beyond the limits are errors")
  func limits() throws {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: Malformed.self) { try parse(deep) }
    #expect(error?.reason == .limitExceeded(limit: "depth", value: 64))
    #expect(try parse("[[1]]", limits: .init(depth: 2)) == [[1]])
    #expect(throws: Malformed.self) { try parse("[[1]]", limits: .init(depth: 1)) }
    #expect(try parse("[1,2,3]", limits: .init(itemCount: 4)) == [1, 2, 3])
    #expect(throws: Malformed.self) { try parse("[1,2,3]", limits: .init(itemCount: 3)) }
  }

  @Test("Any document comes back from its text, in one line and indented")
  func roundTrips() throws {
    try Randomness.repeated(300) { (random) throws in
      let value = document(&random, depth: 4)
      #expect(try parse(value.text()) == value, "seed \(random.seed)")
      #expect(try parse(value.text(indentation: 2)) == value, "seed \(random.seed)")
    }
  }

  @Test("Text is written with its members in order")
  func writing() {
    let value: JSONValue = [
      "b": [1, 0.5, nil], "a": "\"\\\n\u{1}µ", "e": [], "o": .object([]),
      "n": .double(.nan), "i": .double(.infinity), "f": false,
    ]
    #expect(
      value.text()
        == #"{"b":[1,0.5,null],"a":"\"\\\n\u0001µ","e":[],"o":{},"n":null,"i":null,"f":false}"#)
    let small: JSONValue = ["a": [1, 2], "b": .object([])]
    #expect(
      small.text(indentation: 2)
        == """
        {
          "a": [
            1,
            2
          ],
          "b": {}
        }
        """)
  }

  @Test("Cut and changed documents never trap")
  func damage() {
    let bytes = Array(#"{"a":[1,-2.5e3,true,null,"x\u00b5\n"],"b":{"c":NaN}}"#.utf8)
    for prefix in HostileBytes.prefixes(of: bytes) {
      #expect(throws: Malformed.self) { try JSONParser.parse(prefix) }
    }
    for changed in HostileBytes.flips(of: bytes) { _ = try? JSONParser.parse(changed) }
  }

  @Test("Values are asked for by type")
  func accessors() {
    let value: JSONValue = ["n": 3, "d": 2.5, "w": .double(4), "s": "t", "b": true]
    #expect(value["n"]?.int == 3)
    #expect(value["n"]?.double == 3)
    #expect(value["d"]?.int == nil)
    #expect(value["w"]?.int == 4)
    #expect(value["s"]?.string == "t")
    #expect(value["b"]?.bool == true)
    #expect(value["x"] == nil)
    #expect(JSONValue.unsigned(.max).int == nil)
    #expect(JSONValue.double(.nan).int == nil)
    #expect(value.members.count == 5)
    #expect(value.elements.isEmpty)
  }

  @Test("A list that is written in pieces is the same text", arguments: [nil, 2])
  func pieces(indentation: Int?) {
    for count in [0, 1, 3, 5000] {
      let elements = (0..<count).map { index -> JSONValue in
        ["index": .integer(Int64(index)), "of": ["a", .array([]), .null]]
      }
      var bytes: [UInt8] = []
      JSONValue.write(arrayOf: elements.lazy.map { $0 }, indentation: indentation) { bytes += $0 }
      #expect(
        String(decoding: bytes, as: UTF8.self)
          == JSONValue.array(elements).text(indentation: indentation))
    }
  }
}
