import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Format

@Suite("Descriptions in version 1.0")
struct LegacyDescriptionTests {
  typealias Parts = LegacyDescription.Parts

  static func content(_ xml: String) throws -> MetadataValue {
    LegacyDocument.content(of: try LegacyDocument.decode(Array(xml.utf8)).root)
  }

  static func experiment(_ xml: String, text: String = "", frames: Int = 0) throws -> MetadataValue?
  {
    LegacyExperiment(text: LegacyText(description: text), frameCount: frames)
      .tree(of: try LegacyDocument.decode(Array(xml.utf8)).root)
  }

  // MARK: - Documents

  @Test("Roots, variants and lists of one are taken off")
  func wrapping() throws {
    let expected = MetadataValue.level([MetadataField("dXPos", .double(2))])
    for xml in [
      #"<MetadataSeq _VERSION="1.0" _SEQUENCE_INDEX="3"><variant version="1.0"><no_name runtype="CLxListVariant"><dXPos runtype="double" value="2"/></no_name></variant></MetadataSeq>"#,
      #"<?xml version="1.0"?><Any><dXPos runtype="double" value="2"/></Any>"#,
      #"<Any><variant><dXPos runtype="double" value="2"/></variant></Any>"#,
      // A name without its prefix.
      #"<Any><XPos runtype="double" value="2"/></Any>"#,
    ] {
      #expect(try Self.content(xml) == expected, "\(xml)")
    }
  }

  @Test("Attributes of any name are children")
  func attributes() throws {
    let tree = try Self.content(#"<TextInfo><TextInfoItem Text="a &amp; b" Index="5"/></TextInfo>"#)
    #expect(tree["Text"] == .string("a & b") || tree["TextInfoItem"]?["Text"] == .string("a & b"))
    let scale = try Self.content(#"<Calibration Calibration_11="0.5" Calibration_12="0"/>"#)
    #expect(scale["Calibration_11"] == .string("0.5"))
  }

  @Test("False is false")
  func truth() throws {
    #expect(try Self.content(#"<A><bX runtype="bool" value="false"/></A>"#)["bX"] == .bool(false))
  }

  @Test("The name of the root tells the tag, and the number of the frame")
  func roots() {
    func root(_ xml: String) -> LegacyRoot { LegacyRoot(Array(xml.utf8)) }
    #expect(root(#"<?xml version="1.0"?><MetadataSeq _SEQUENCE_INDEX="7">"#).tag == "VIMD")
    #expect(root(#"<?xml version="1.0"?><MetadataSeq _SEQUENCE_INDEX="7">"#).number == 7)
    #expect(root("<Metadata_V1.2>").tag == "AIM1")
    #expect(root("<Metadata>").tag == "AIMD")
    #expect(root("<Events _VERSION='1'>").tag == "IEVE")
    #expect(root("<html>").tag == nil)
    #expect(root("").tag == nil)
  }

  // MARK: - Text

  @Test("Dimensions and step are read from the description")
  func text() {
    let text = LegacyText(
      description:
        "Metadata:\r\nDimensions: T(3) x XY'(4) x λ(2) x Z(5)\r\nZ Stack Loop: 5\r\n- Step 0.25 µm\r\n"
    )
    #expect(
      text.dimensions == [
        .init(name: "T", count: 3), .init(name: "XY", count: 4), .init(name: "λ", count: 2),
        .init(name: "Z", count: 5),
      ])
    #expect(text.stepUm == 0.25)
    #expect(text.frameCount == 60)
    for odd in ["", "Dimensions:", "Dimensions: T(", "Dimensions: (3)", "Dimensions: T(x) x ()"] {
      #expect(LegacyText(description: odd).dimensions.isEmpty, "\(odd)")
    }
  }

  // MARK: - Loops

  static func loop(_ type: Int, _ parameters: String, inner: String = "") -> String {
    #"<eType runtype="lx_uint32" value="\#(type)"/><uLoopPars>\#(parameters)</uLoopPars>\#(inner)"#
  }

  static func column(_ name: String, _ values: [Double]) -> String {
    "<\(name)>"
      + values.enumerated().map { #"<_0000\#($0) runtype="double" value="\#($1)"/>"# }.joined()
      + "</\(name)>"
  }

  @Test("Positions come from the last to the first, as many as the text says")
  func positions() throws {
    let xml =
      "<Metadata_V1.2><vMetadata>"
      + Self.loop(
        2,
        #"<uiCount runtype="lx_uint32" value="3"/>"# + Self.column("dPosX", [1, 2, 3])
          + Self.column("dPosY", [4, 5, 6])) + "</vMetadata><vUnknownData/></Metadata_V1.2>"
    let all = try #require(try Self.experiment(xml))
    let points = all["uLoopPars"]?["Points"]?.elements ?? []
    #expect(points.map { $0["dPosX"]?.double } == [3, 2, 1])
    #expect(points.map { $0["dPosY"]?.double } == [6, 5, 4])
    let fewer = try Self.experiment(xml, text: "Dimensions: XY(2)\r\n")
    #expect(
      fewer?["uLoopPars"]?["Points"]?.elements.map { $0["dPosX"]?.double } == [3, 2])
  }

  @Test("Of several phases the one counts that the text tells, or the first, or all together")
  func phases() throws {
    func phase(_ index: Int, _ count: Int) -> String {
      #"<_0\#(index)><uiCount runtype="lx_uint32" value="\#(count)"/></_0\#(index)>"#
    }
    let xml =
      "<M><vMetadata>" + Self.loop(8, "<pPeriod>" + phase(0, 4) + phase(1, 7) + "</pPeriod>")
      + "</vMetadata></M>"
    let told = try Self.experiment(xml, text: "Dimensions: T(7)\r\n")
    #expect(told?["eType"]?.int == 1)
    #expect(told?["uLoopPars"]?["uiCount"]?.int == 7)
    #expect(try Self.experiment(xml)?["uLoopPars"]?["uiCount"]?.int == 4)
    let both = try Self.experiment(xml, text: "Dimensions: T(11)\r\n")
    #expect(both?["eType"]?.int == 8)
    #expect(try Self.experiment(xml, frames: 22)?["eType"]?.int == 8)
    #expect(try Self.experiment(xml, frames: 8)?["eType"]?.int == 1)
  }

  @Test("Loops side by side by number lie within each other")
  func numbered() throws {
    let xml =
      "<Metadata><variant><no_name><LoopNo01>" + Self.loop(4, #"<uiCount value="3"/>"#)
      + "</LoopNo01><LoopNo00>" + Self.loop(1, #"<uiCount value="2"/>"#)
      + "</LoopNo00></no_name></variant></Metadata>"
    let tree = try #require(try Self.experiment(xml))
    #expect(tree["eType"]?.int == 1)
    #expect(tree["ppNextLevelEx"]?.elements.first?["eType"]?.int == 4)
  }

  @Test("A stack without a type goes upwards from its lower end, with home in between or not")
  func stacks() throws {
    func stack(_ low: Double, _ high: Double, _ home: Double) throws -> (Int?, Bool?) {
      let tree = try Self.experiment(
        "<M><v>"
          + Self.loop(
            4,
            #"<uiCount runtype="lx_uint32" value="5"/><dZLow runtype="double" value="\#(low)"/><dZHigh runtype="double" value="\#(high)"/><dZHome runtype="double" value="\#(home)"/>"#
          ) + "</v></M>", text: "- Step 0.5 µm\r\n")
      #expect(tree?["uLoopPars"]?["dZStep"]?.double == 0.5)
      return (tree?["uLoopPars"]?["iType"]?.int, tree?["uLoopPars"]?["bZInverted"]?.bool)
    }
    #expect(try stack(-1, 3, 0) == (3, false))
    #expect(try stack(-1, 3, 9) == (1, false))
    #expect(try stack(3, -1, 0) == (7, true))
    #expect(try stack(3, -1, 9) == (5, true))
  }

  @Test("Deep and odd trees end")
  func hostileTrees() throws {
    let deep = String(repeating: "<ppNextLevelEx>", count: 30)
    _ = try? Self.experiment("<M><v>" + Self.loop(1, "", inner: deep) + "</v></M>")
    for xml in ["<a/>", "<a><b/></a>", "<M><LoopNo99999999999999999999/></M>", "<M eType='2'/>"] {
      _ = try? Self.experiment(xml)
    }
  }

  // MARK: - Without an experiment

  @Test("Loops follow from the text, else from places, when their number agrees")
  func inference() throws {
    var parts = Parts()
    parts.calibrationCount = 6
    parts.codestreamCount = 6
    parts.textInfo = .level([
      MetadataField(
        "TextInfoItem",
        .level([
          MetadataField("Text", .string("Metadata:\r\nDimensions: T(2) x Z(3)\r\n")),
          MetadataField("Index", .string("5")),
        ]))
    ])
    #expect(!LegacyDescription.needsRecords(parts))
    let tree = LegacyDescription(parts).experiment
    #expect(tree?["eType"]?.int == 1)
    #expect(tree?["ppNextLevelEx"]?.elements.first?["eType"]?.int == 4)
    parts.textInfo = nil
    #expect(LegacyDescription.needsRecords(parts))
    parts.records = (0..<6).map {
      LegacyFrameRecord(timeMs: Double($0), x: 0, y: 0, z: Double($0 % 3) * 0.5)
    }
    let inferred = LegacyDescription(parts)
    #expect(inferred.experiment?["uLoopPars"]?["uiCount"]?.int == 2)
    let stack = inferred.experiment?["ppNextLevelEx"]?.elements.first?["uLoopPars"]
    #expect(stack?["uiCount"]?.int == 3)
    #expect(stack?["dZStep"]?.double == 0.5)
    // Focus that drifts is no stack.
    parts.records = [0, 0.1, 0.4, 0.2, 0.9, 1].map { LegacyFrameRecord(timeMs: 0, z: $0) }
    #expect(LegacyDescription(parts).experiment == nil)
  }

  @Test("Images that are no multiple of the channels are taken as they come")
  func codestreamCount() {
    var parts = Parts()
    parts.picture = .level([
      MetadataField("sPicturePlanes", .level([MetadataField("uiCount", .int32(2))]))
    ])
    parts.calibrationCount = 3
    parts.codestreamCount = 6
    #expect(LegacyDescription(parts).codestreamsPerFrame == 2)
    parts.codestreamCount = 9
    #expect(LegacyDescription(parts).codestreamsPerFrame == 3)
    parts.codestreamCount = 7
    #expect(LegacyDescription(parts).codestreamsPerFrame == 1)
    #expect(!LegacyDescription(parts).warnings.isEmpty)
  }

  @Test("The size comes from the box of the header where there is no image")
  func imageHeader() throws {
    var box: [UInt8] = [0, 0, 0, 22]
    box += Array("ihdr".utf8)
    box += [0, 0, 0, 29, 0, 0, 0, 37, 0, 1, 0x8B, 7, 0, 0]
    let header = try #require(ImageHeaderBox(box))
    #expect(header.height == 29)
    #expect(header.width == 37)
    #expect(header.bitCount == 12)
    var parts = Parts()
    parts.imageHeader = box
    let attributes = LegacyDescription(parts).attributes
    #expect(attributes?["uiWidth"]?.int == 37)
    #expect(attributes?["uiBpcInMemory"]?.int == 16)
    #expect(ImageHeaderBox(Array(box.prefix(20))) == nil)
    #expect(LegacyDescription(Parts()).attributes == nil)
  }

  // MARK: - Frames

  @Test("When and where a frame was taken is read without decoding its document")
  func records() {
    let xml =
      #"<MetadataSeq><no_name><dTimeMSec runtype="double" value="12.5"/><dXPos runtype="double" value="1"/><dYPos value="-2"/><dZPos runtype="double" value="nan"/></no_name></MetadataSeq>"#
    #expect(
      LegacyFrameRecord(document: Array(xml.utf8)) == LegacyFrameRecord(timeMs: 12.5, x: 1, y: -2))
    #expect(
      LegacyFrameRecord(document: Array(#"<A><TimeMSec value="-1"/></A>"#.utf8))
        == LegacyFrameRecord())
    #expect(LegacyFrameRecord(document: []) == LegacyFrameRecord())
  }
}
