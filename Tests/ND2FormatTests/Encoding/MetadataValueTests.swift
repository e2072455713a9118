import ND2Format
import ND2Writer
import Testing

@Suite("Metadata values")
struct MetadataValueTests {
  @Test("Numbers convert when they fit, and are nil when they do not")
  func numbers() {
    #expect(MetadataValue.uint32(.max).int == 4_294_967_295)
    #expect(MetadataValue.uint64(.max).int == nil)
    #expect(MetadataValue.uint64(.max).bits == .max)
    #expect(MetadataValue.int32(-1).bits == 0xFFFF_FFFF)
    #expect(MetadataValue.int64(-1).bits == .max)
    #expect(MetadataValue.double(3).int == 3)
    #expect(MetadataValue.double(3.5).int == nil)
    #expect(MetadataValue.double(1e300).int == nil)
    #expect(MetadataValue.double(.nan).int == nil)
    #expect(MetadataValue.double(-1).bits == nil)
    #expect(MetadataValue.bool(true).int == 1)
    #expect(MetadataValue.string("3").int == nil)
    #expect(MetadataValue.int64(.max).double == 0x1p63)
    #expect(MetadataValue.double(.infinity).finiteDouble == nil)
    #expect(MetadataValue.double(.nan).finiteDouble == nil)
    #expect(MetadataValue.uint32(2).finiteDouble == 2)
  }

  @Test("Truth values come from bools and numbers")
  func truth() {
    #expect(MetadataValue.bool(false).bool == false)
    #expect(MetadataValue.int32(2).bool == true)
    #expect(MetadataValue.uint32(0).bool == false)
    #expect(MetadataValue.string("true").bool == nil)
  }

  @Test("Children are found by name, the last of several, and by the first name that is there")
  func children() {
    let value = MetadataValue.object(["a": .int32(1), "b": .int32(2), "a": .int32(3)])
    #expect(value["a"] == .int32(3))
    #expect(value["c"] == nil)
    #expect(value[anyOf: "c", "b", "a"] == .int32(2))
    #expect(value.elements.count == 3)
    #expect(!value.isList)
    #expect(MetadataValue.list([.int32(1)]).isList)
    #expect(MetadataValue.int32(1)["a"] == nil)
    #expect(MetadataValue.int32(1).fields.isEmpty)
  }

  @Test("Texts are nil where there is none")
  func texts() {
    #expect(MetadataValue.string("").string == "")
    #expect(MetadataValue.string("").nonEmptyString == nil)
    #expect(MetadataValue.string("x").nonEmptyString == "x")
    #expect(MetadataValue.int32(1).string == nil)
    #expect(MetadataValue.bytes([1]).bytes == [1])
  }
}
