import ND2
import ND2Format
import ND2TestSupport
import Testing

@testable import ND2Writer

@Suite("Anonymising")
struct AnonymiserTests {
  private static var secret: SampleFile {
    var sample = SampleFile(
      width: 16, height: 12, channels: [.init("GFP")],
      loops: [
        .positions(.init([.init(x: 1, y: 2, name: "Smith tumour"), .init(x: 3, y: 4)]))
      ])
    sample.microscope.cameraName = "Flash4.0, SN:101412"
    sample.textInfo = [
      .author: "Jane Roe", .location: "Room 7", .sampleID: "patient 12",
      .date: "1/2/2020 10:00:00 AM", .info1: "see C:\\Users\\jroe\\data.nd2",
    ]
    sample.customChunks = [
      .init(
        "CustomDataVar|Other!",
        XMLVariantEncoder.encode(
          .object([
            "sUserName": .string("jroe42"), "sComputerName": .string("LAB-PC-7"),
            "sRemark": .string("by JROE42 on lab-pc-7"), "sMail": .string("write to j@x.org now"),
            "sPlace": .string("D:\\images\\secret stuff\\a.nd2"), "sDye": .string("POPO-1/DNA"),
            "sFraction": .string("5-FAM/pH 9.0"), "sUnix": .string("in /\u{68}ome/jroe/x"),
            "iSerial": .int32(4711), "bRaw": .bytes(Array("some hidden name".utf8)),
            "bFlags": .bytes([1, 1, 0, 1]), "sWeb": .string("http://www.lim.cz"),
          ]))),
      .init("CustomData|Mystery!", [200, 1, 2, 3]),
      .init(
        "CustomData|PlateThing!",
        Array(#"{"owner":"Jane Roe","note":"x","wells":[{"name":"A1","path":"\\\\srv\\a"}]}"#.utf8)),
    ]
    sample.regions = [SampleFile.Region(id: 1, shape: 3)]
    sample.regions[0].label = "Smith's"
    sample.events = [.init(timeMs: 1, meaning: 7, description: "Jane clicked", data: "Run(1)")]
    return sample
  }

  private func anonymise(
    dates: Bool = false, values: Bool = false
  ) throws -> SubsetFixture {
    var options = SubsetOptions()
    options.anonymisation = Anonymisation(removesDates: dates, recordsValues: values)
    return try SubsetFixture(Self.secret, options: options)
  }

  /// Whether bytes hold a text, in one byte a sign or in two.
  private func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    let narrow = Array(text.utf8)
    let wide = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    return [narrow, wide].contains { word in
      bytes.indices.contains { bytes[$0] == word[0] && bytes[$0...].starts(with: word) }
    }
  }

  @Test("Nothing of what was entered is anywhere in the output")
  func secrets() throws {
    let part = try anonymise()
    for secret in [
      "Jane", "Smith", "Room 7", "patient", "jroe", "JROE", "LAB-PC", "lab-pc", "secret stuff",
      "j@x.org", "101412", "hidden", "Run(1)", "srv",
    ] {
      #expect(holds(part.inputBytes, secret) == !["hidden"].contains(secret) || secret == "hidden")
      #expect(!holds(part.outputBytes, secret), "\(secret)")
    }
  }

  @Test("What analysis needs stays")
  func kept() throws {
    let part = try anonymise()
    #expect(try part.output.read().allBytes == part.input.read().allBytes)
    #expect(part.output.channelNames == ["GFP"])
    #expect(part.output.voxelSize == part.input.voxelSize)
    #expect(part.output.acquisitionDate == part.input.acquisitionDate)
    #expect(part.output.textInfo.date == "1/2/2020 10:00:00 AM")
    #expect(part.output.textInfo.optics == part.input.textInfo.optics)
    #expect(part.output.diagnostics == part.input.diagnostics)
    let tree = try part.tree("CustomDataVar|Other!")
    #expect(tree["sDye"] == .string("POPO-1/DNA"))
    #expect(tree["sFraction"] == .string("5-FAM/pH 9.0"))
    #expect(tree["sWeb"] == .string("http://www.lim.cz"))
    #expect(tree["bFlags"] == .bytes([1, 1, 0, 1]))
    #expect(tree["sMail"] == .string("write to  now"))
    #expect(tree["iSerial"] == .int32(0))
    #expect(part.output.positionLabels.first == "#1")
    let picture = try part.tree("ImageMetadataSeqLV|0!")["SLxPictureMetadata"]
    let camera = picture?["sPicturePlanes"]?["sSampleSetting"]?["a0"]?["pCameraSetting"]
    #expect(camera?["CameraUserName"] == .string("Flash4.0"))
  }

  @Test("Dates are removed when that is asked for")
  func dates() throws {
    let part = try anonymise(dates: true)
    #expect(part.output.acquisitionDate == nil)
    #expect(part.output.textInfo.date == nil)
    #expect(
      try part.output.frameTime(0).relativeTimeMs == part.input.frameTime(0).relativeTimeMs)
  }

  @Test("The audit names what was removed, and tells it only when asked")
  func audit() throws {
    let audit = try anonymise().report.audit
    #expect(audit.allSatisfy { $0.value == nil })
    #expect(audit.contains { $0.path.hasSuffix("sUserName") && $0.kind == .person })
    #expect(audit.contains { $0.chunk == "CustomData|Mystery!" && $0.kind == .opaque })
    #expect(audit.contains { $0.path.hasSuffix("sRemark") && $0.kind == .host })
    #expect(audit.contains { $0.path == "wells/0/path" && $0.kind == .path })
    let report = try anonymise(values: true).report
    #expect(report.audit.contains { $0.value == "jroe42" })
    #expect(try report.auditTable().titles.last == "value")
  }

  @Test("Chunks that cannot be looked into are left out, columns of numbers are not")
  func chunks() throws {
    let part = try anonymise()
    #expect(!part.output.hasChunk("CustomData|Mystery!"))
    #expect(try part.isSame("CustomData|AcqTimesCache!"))
  }

  @Test("Paths, addresses and serial numbers are found in any text")
  func patterns() {
    let scrubber = TextScrubber()
    for (text, left) in [
      ("see \\\\server\\share\\x y", "see"), ("file:///tmp/a b", ""), ("~/data/x", ""),
      ("a /mnt/x/y; b", "a ; b"), ("Camera S/N 12-34 ok", "Camera ok"),
      ("Serial Number: AB123", ""), ("my file.nd2", ""), ("x: image 3.tif, y", "x:, y"),
    ] {
      #expect(scrubber.scrub(text, usesWords: true)?.text == left, "\(text)")
    }
    for text in [
      "5-FAM/pH 9.0", "POPO-1/DNA", "http://www.lim.cz", "1/2/2020", "488/561 nm", "Snap 10",
      "a@b", "10:30", "x/y/z", "Isn 5", "v1.tiffany",
    ] {
      #expect(scrubber.scrub(text, usesWords: true) == nil, "\(text)")
    }
  }
}
