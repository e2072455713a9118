import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Metadata trees as JSON")
struct MetadataJSONTests {
  @Test(
    "Prefixes of lower-case letters and underscores go, unless nothing would remain",
    arguments: [
      ("uiWidth", "Width"), ("m_sName", "Name"), ("m_vectGlobal_0", "Global_0"),
      ("m_vect2PerMPoint_0", "2PerMPoint_0"), ("left", "left"), ("_", "_"), ("", ""),
      ("Name", "Name"), ("_00", "00"), ("éName", "éName"),
    ])
  func stripping(name: String, stripped: String) {
    #expect(StrippedName.of(name) == stripped)
  }

  @Test("The vector of the format notes has the shape that readers share")
  func vector() throws {
    let bytes = Hex.bytes(
      """
      0b0552006f006f00740000000a000000e600000000000000010362005400000074020369004e000000f9
      ffffff0303750055
      00000000286bee04036c0057000000000efad5feffffff05037100510000000100000000000080060364
      0044000000000000
      000000e03f08047700730053000000b5003dd800de000009037000420000000300000000000000010001
      0b0376004c000000
      030000002c00000000000000020100000300000002010000000000000201000005000000140000000000
      00001c0000000000
      000024000000000000000b03650045000000000000001400000000000000180000000000000059000000
      00000000d2000000
      00000000210000000000000039000000000000007b0000000000000049000000000000002d0000000000
      00008e0000000000
      00006900000000000000
      """)
    let tree = try LiteVariantDecoder.decode(bytes).root
    #expect(
      tree.json().text() == """
        {"Root":{"T":true,"N":-7,"U":4000000000,"W":-5000000000,"Q":9223372036854775809,"D":0.5,\
        "S":"µ😀","B":[1,0,1],"L":{"i0000000000":3,"i0000000001":0,"i0000000002":5},"E":{}}}
        """)
    let raw = tree.json(strippingPrefixes: false)
    #expect(raw["Root"]?["wsS"] == "µ😀")
  }

  @Test("Names of lower-case letters stay apart instead of becoming a list")
  func lowerCaseNames() {
    let tree = MetadataValue.object(["left": .int32(1), "top": .int32(2)])
    #expect(tree.json().text() == #"{"left":1,"top":2}"#)
  }

  @Test("Of several members of one name the last value counts, at the place of the first")
  func duplicates() {
    let tree = MetadataValue.object(["uiA": .int32(1), "uiB": .int32(2), "dA": .int32(3)])
    #expect(tree.json().text() == #"{"A":3,"B":2}"#)
  }

  @Test("Members without name beside named ones share an empty name")
  func mixedNames() {
    let one = MetadataValue.object(["a": .int32(1), "": .int32(2)])
    #expect(one.json().text() == #"{"a":1,"":2}"#)
    let two = MetadataValue.object(["": .int32(2), "a": .int32(1), "": .int32(3)])
    #expect(two.json().text() == #"{"":[2,3],"a":1}"#)
  }

  @Test("Lists of more than ten members are numbered in order")
  func longLists() {
    let list = MetadataValue.list((0..<12).map { .int32($0) })
    #expect(list.json().members.map(\.name).last == "i0000000011")
  }

  @Test("In XML, lists are numbered by position among all children, and zeros are kept")
  func listsInXML() throws {
    let tree = try xmlTree(
      """
      <no_name runtype="CLxListVariant"><uiN runtype="lx_uint32" value="7"/>
      <L runtype="CLxListVariant"><no_name runtype="lx_int32" value="3"/>
      <x runtype="lx_int32" value="9"/><no_name runtype="lx_int32" value="0"/></L>
      <dV runtype="double" value="nan(ind)"/></no_name>
      """)
    #expect(
      tree.json(isXML: true).text()
        == #"{"N":7,"L":{"i0000000000":3,"x":9,"i0000000002":0},"V":null}"#)
  }

  @Test("In XML, some names stand for members of lists")
  func namedListsInXML() throws {
    let tree = try xmlTree(
      """
      <Point0><eType runtype="lx_int32" value="4"/><dWavelength runtype="double" value="535"/>
      <dTValue runtype="double" value="0"/></Point0>
      """)
    #expect(
      tree.json(isXML: true)["Point0"]?.text()
        == #"{"Type":4,"i0000000001":535.0,"TValue":0.0}"#)
    #expect(tree.json(strippingPrefixes: false, isXML: true)["Point0"]?["dWavelength"] == 535.0)
  }

  @Test("In XML, byte arrays are base64 text as in the file", arguments: ["", "AAA=", "AQABAg=="])
  func bytesInXML(text: String) throws {
    let bytes = try #require(Base64.decode(text))
    #expect(Base64.encode(bytes) == text)
    #expect(MetadataValue.bytes(bytes).json(isXML: true) == .string(text))
  }

  @Test("Trees of any shape survive the way through either encoding", arguments: 0..<20)
  func randomTrees(seed: UInt64) throws {
    var random = Randomness(seed: seed)
    let tree = MetadataValue.object(["root": random.tree()])
    let decoded = try LiteVariantDecoder.decode(LiteVariantEncoder.encode(tree)).root
    #expect(decoded.json().text() == tree.json().text())
  }
}
