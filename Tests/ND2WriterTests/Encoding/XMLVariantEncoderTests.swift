import ND2Format
import ND2Writer
import Testing

@Suite("XML variant encoder")
struct XMLVariantEncoderTests {
  private func text(
    _ tree: MetadataValue, wrapper: XMLVariantEncoder.Wrapper = .listOfOne
  ) -> String {
    String(decoding: XMLVariantEncoder.encode(tree, wrapper: wrapper), as: UTF8.self)
  }

  private let head = #"<?xml version="1.0" encoding="UTF-8"?><variant version="1.0">"#

  @Test("A tree is written as real files have it")
  func layout() {
    let tree = MetadataValue.object([
      "uiWidth": .uint32(38), "dParam": .double(-1), "dHalf": .double(0.5), "bA": .bool(false),
      "wsS": .string("a\r\n<&>\""), "vL": .list([.int32(3)]), "eE": .level([]),
      "baB": .bytes([1, 0, 1]),
    ])
    #expect(
      text(tree)
        == head + #"<no_name runtype="CLxListVariant"><uiWidth runtype="lx_uint32" value="38"/>"#
        + #"<dParam runtype="double" value="-1"/><dHalf runtype="double" value="0.5"/>"#
        + #"<bA runtype="bool" value="false"/>"#
        + #"<wsS runtype="CLxStringW" value="a&#x000d;&#x000a;&lt;&amp;&gt;&quot;"/>"#
        + #"<vL runtype="CLxListVariant"><no_name runtype="lx_int32" value="3"/></vL>"#
        + #"<eE runtype="CLxListVariant"/><baB runtype="CLxByteArray" value="AQAB"/>"#
        + "</no_name></variant>")
  }

  @Test("A named root stands directly below the outer element")
  func namedRoot() {
    #expect(
      text(.object(["Root": .object(["a": .bool(true)])]), wrapper: .none)
        == head + #"<Root runtype="CLxListVariant"><a runtype="bool" value="true"/></Root>"#
        + "</variant>")
  }

  @Test("Signs that cannot stand in a name become underscores, odd ones stay")
  func names() {
    let tree = MetadataValue.object(["a b/c=d": .bool(true), "uiCon20(L": .bool(true)])
    let result = text(tree)
    #expect(result.contains("<a_b_c_d runtype"))
    #expect(result.contains("<uiCon20(L runtype"))
  }

  @Test("A pointer becomes an integer")
  func pointer() {
    #expect(text(.object(["p": .pointer(5)])).contains(#"<p runtype="lx_uint64" value="5"/>"#))
  }
}
