import ND2
import Testing

@Suite("Codable values as JSON")
struct JSONValueCodingTests {
  struct Sample: Codable, Hashable {
    struct Inner: Codable, Hashable {
      var list: [UInt8]
      var flag: Bool?
    }

    var name: String
    var count: Int16
    var large: UInt64
    var ratio: Double
    var missing: Double?
    var missingInner: Inner?
    var inner: Inner
    var byName: [String: Float]
  }

  let sample = Sample(
    name: "µ\n", count: -3, large: .max, ratio: 0.5, missing: nil, missingInner: nil,
    inner: .init(list: [0, 255], flag: true), byName: ["a": 1.5])

  @Test("Members keep the order of the properties, and nil is written as null")
  func orderAndNull() throws {
    let json = try JSONValue(encoding: sample)
    #expect(
      json.text() == """
        {"name":"µ\\n","count":-3,"large":18446744073709551615,"ratio":0.5,"missing":null,\
        "missingInner":null,"inner":{"list":[0,255],"flag":true},"byName":{"a":1.5}}
        """)
  }

  @Test("What was encoded decodes to the same value, also by way of text")
  func roundTrip() throws {
    let json = try JSONValue(encoding: sample)
    #expect(try json.decode() == sample)
    let parsed = try JSONParserBridge.parse(json.text())
    #expect(try parsed.decode(Sample.self) == sample)
  }

  @Test("NaN and infinities become null as text, and null reads as NaN")
  func notANumber() throws {
    let json = try JSONValue(encoding: [Double.nan, .infinity, 1])
    #expect(json.text() == "[null,null,1.0]")
    let numbers = try JSONParserBridge.parse(json.text()).decode([Double].self)
    #expect(numbers[0].isNaN && numbers[1].isNaN && numbers[2] == 1)
  }

  @Test("JSON values encode as themselves and decode as themselves")
  func passThrough() throws {
    struct Holder: Codable, Hashable { var json: JSONValue, none: JSONValue? }
    let holder = Holder(json: ["z": 1, "a": [nil, "x", 2.5, true]], none: nil)
    let json = try JSONValue(encoding: holder)
    #expect(json.text() == #"{"json":{"z":1,"a":[null,"x",2.5,true]},"none":null}"#)
    #expect(try json.decode() == holder)
  }

  @Test("Dictionaries with numbers as keys have the numbers as names")
  func integerKeys() throws {
    let json = try JSONValue(encoding: [7: "seven"])
    #expect(json.text() == #"{"7":"seven"}"#)
    #expect(try json.decode([Int: String].self) == [7: "seven"])
  }

  @Test("A type that encodes nothing is an empty object")
  func emptyType() throws {
    struct Empty: Codable {}
    #expect(try JSONValue(encoding: Empty()).text() == "{}")
    #expect(try JSONValue(encoding: [Empty()]).text() == "[{}]")
  }

  @Test("A value of the wrong kind is refused with its path")
  func wrongKind() throws {
    let json: JSONValue = [
      "name": "x", "count": 1, "large": 1, "ratio": 1, "inner": ["list": [1, "two"]],
      "byName": [:],
    ]
    let error = try #require(throws: DecodingError.self) { try json.decode(Sample.self) }
    guard case .typeMismatch(_, let context) = error else {
      Issue.record("unexpected error \(error)")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["inner", "list", "1"])
  }

  @Test("Numbers that do not fit are refused")
  func narrowNumbers() throws {
    #expect(throws: DecodingError.self) { try JSONValue.integer(300).decode(UInt8.self) }
    #expect(throws: DecodingError.self) { try JSONValue.double(1.5).decode(Int.self) }
    #expect(try JSONValue.double(3).decode(Int.self) == 3)
    #expect(throws: DecodingError.self) { try JSONValue.unsigned(.max).decode(Int64.self) }
  }

  @Test("A member that is missing is refused, an optional one is nil")
  func missingMembers() throws {
    let json: JSONValue = ["list": []]
    #expect(try json.decode(Sample.Inner.self) == Sample.Inner(list: [], flag: nil))
    #expect(throws: DecodingError.self) { try JSONValue.object([]).decode(Sample.Inner.self) }
  }

  @Test("Classes that encode into their superclass's encoder keep both parts")
  func superEncoder() throws {
    class Base: Codable { var base = 1 }
    final class Derived: Base {
      var own = 2
      override init() { super.init() }
      enum CodingKeys: String, CodingKey { case own }
      required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        own = try container.decode(Int.self, forKey: .own)
        try super.init(from: container.superDecoder())
      }
      override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(own, forKey: .own)
        try super.encode(to: container.superEncoder())
      }
    }
    let json = try JSONValue(encoding: Derived())
    #expect(json.text() == #"{"own":2,"super":{"base":1}}"#)
    #expect(try json.decode(Derived.self).base == 1)
  }
}
