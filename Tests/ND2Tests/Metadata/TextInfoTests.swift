import ND2
import ND2Format
import Testing

@Suite struct TextInfoTests {
  @Test("Reads every text by its number") func readsEveryTextByItsNumber() {
    let fields = (0..<15).map { MetadataField("TextInfoItem_\($0)", .string("text \($0)")) }
    let info = TextInfo(chunk("SLxImageTextInfo", .level(fields)))
    let texts = [
      info.imageId, info.type, info.group, info.sampleId, info.author, info.description,
      info.capturing, info.sampling, info.location, info.date, info.conclusion, info.info1,
      info.info2, info.optics, info.appVersion,
    ]
    #expect(texts == (0..<15).map { "text \($0)" })
  }

  @Test("Keeps line ends and leaves out empty texts") func keepsLineEndsAndLeavesOut() {
    let info = TextInfo(object(["TextInfoItem_5": "a\r\nb", "TextInfoItem_6": ""]))
    #expect(info.description == "a\r\nb")
    #expect(info.capturing == nil)
  }

  @Test("Ignores what is no text") func ignoresWhatIsNoText() {
    let info = TextInfo(
      object([
        "TextInfoItem_5": 7, "TextInfoItem_99": "x", "TextInfoItem": "y", "Other_5": "z",
        "TextInfoItem_99999999999999999999": "x",
      ]))
    #expect(info == TextInfo())
    #expect(TextInfo("no tree") == TextInfo())
  }
}
