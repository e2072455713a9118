import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Custom descriptions")
struct CustomDescriptionTests {
  private func item(
    _ type: Int32, _ id: Int32, _ name: String, _ fields: KeyValuePairs<String, MetadataValue>
  ) -> MetadataValue {
    let common = MetadataValue.object([
      "CLxItem": .object([
        "eType": .int32(type), "iID": .int32(id), "sName": .string(name),
        "bMandatory": .bool(true), "bEnabled": .bool(true),
      ])
    ])
    return .level(common.fields + fields.map { MetadataField($0.key, $0.value) })
  }

  private func decode(name: String = "form", _ items: MetadataValue...) -> CustomDescription? {
    var log = DiagnosticLog()
    return CustomDescriptionDecoder.decode(
      .object([
        "CLxCustomDescription": .object(["sName": .string(name), "vData": .list(items)])
      ]), log: &log)
  }

  @Test("Every kind of field is read and has a text")
  func kinds() throws {
    let form = try #require(
      decode(
        item(1, 1, "Check", ["iCheck": .int32(1)]),
        item(
          2, 2, "Dose", ["dValue": .double(2.5), "sUnit": .string("mg"), "uiPlaces": .uint32(2)]),
        item(
          2, 3, "Small",
          ["dValue": .double(0.00012345), "eFormat": .int32(1), "uiPlaces": .uint32(3)]),
        item(3, 4, "Name", ["sText": .string("Zoë")]),
        item(
          4, 5, "Pick", ["iSelection": .int32(1), "vLabels": .list([.string("a"), .string("b")])]),
        item(5, 6, "Notes", ["sText": .string("one\r\ntwo")]),
        item(6, 7, "Date", ["aDate": .int64(1_632_822_087_999), "eDateFormat": .int32(0)]),
        item(9, 8, "Odd", [:])))
    #expect(form.name == "form")
    #expect(form.items.map(\.id) == Array(1...8))
    #expect(
      form.items.map(\.valueAsText) == [
        "ON", "2.50 mg", "1.234e-04", "Zoë", "b", "one\r\ntwo", "2021-09-28 09:41:27", "",
      ])
    #expect(form.items[7].value == .unknown(type: 9))
    #expect(form.items[0].isMandatory && !form.items[0].isEmpty)
    #expect(try JSONValue(encoding: form).decode() == form)
  }

  @Test("What was not filled in has the default of the form")
  func defaults() throws {
    let form = try #require(
      decode(
        item(1, 1, "a", ["iDefault": .int32(1)]), item(2, 2, "b", ["dDefault": .double(7)]),
        item(3, 3, "c", ["sDefault": .string("x")]), item(4, 4, "d", ["iDefault": .int32(9)])))
    #expect(form.items.map(\.valueAsText) == ["ON", "7.000", "x", ""])
  }

  @Test("Items that lie one level deeper are found")
  func wrappedItems() throws {
    let form = try #require(
      decode(.object(["CLxText": item(3, 4, "Name", ["sText": .string("x")])]), .int32(3)))
    #expect(form.items.map(\.name) == ["Name"])
  }

  @Test(
    "Dates are shown as precisely as the form says",
    arguments: [
      (0, 0, "1970-01-01 00:00:00"), (-1, 0, "1969-12-31 23:59:59"),
      (951_782_400_000, 1, "2000-02-29 00:00"), (4_102_444_800_000, 2, "2100-01-01"),
      (-62_135_596_800_000, 2, "0001-01-01"), (Int64.max, 0, ""), (Int64.min, 2, ""),
    ] as [(Int64, Int, String)])
  func dates(milliseconds: Int64, precision: Int, text: String) throws {
    let precision = try #require(CustomDescription.DatePrecision(rawValue: precision))
    #expect(
      CustomDescription.Value.date(milliseconds: milliseconds, precision: precision).text == text)
  }

  @Test("Numbers of any size and places have a text")
  func numbers() {
    func text(_ value: Double, _ places: Int, scientific: Bool = false) -> String {
      CustomDescription.Value.number(value, unit: "", places: places, isScientific: scientific).text
    }
    #expect(text(.nan, 2) == "nan" && text(-.infinity, 2) == "-inf")
    #expect(text(1e300, 0).count == 301)
    #expect(text(-.greatestFiniteMagnitude, .max).count > 300)
    #expect(text(0.5, -3) == "0" || text(0.5, -3) == "1")
  }

  @Test("Forms of smart experiments give their fields by name")
  func smartExperiments() {
    let items = [item(3, 1, "Assay", ["sText": .string("x")]), item(3, 2, "Other", [:])]
    #expect(decode(name: "onepush", items[0], items[1])?.smartExperiment == ["assay": "x"])
    #expect(decode(items[0])?.smartExperiment == nil)
  }

  @Test("Another tree is no form")
  func otherTrees() {
    var log = DiagnosticLog()
    #expect(CustomDescriptionDecoder.decode(.object(["a": .int32(1)]), log: &log) == nil)
    #expect(log.entries.count == 1)
  }
}

@Suite("Application info")
struct ApplicationInfoTests {
  @Test("Fields are found by their names, and all of them are kept")
  func fields() throws {
    let info = ApplicationInfo(
      try xmlTree(
        """
        <no_name runtype="CLxListVariant">
        <m_SWNameString runtype="CLxStringW" value="NIS-Elements AR"/>
        <m_VersionString runtype="CLxStringW" value="5.30"/>
        <m_GrabberString runtype="CLxStringW" value="Camera"/>
        <m_NewString runtype="CLxStringW" value="new"/></no_name>
        """))
    #expect(info.software == "NIS-Elements AR" && info.version == "5.30")
    #expect(info.grabber == "Camera" && info.company.isEmpty)
    #expect(
      try JSONValue(encoding: info).text() == """
        {"SWNameString":"NIS-Elements AR","VersionString":"5.30","GrabberString":"Camera",\
        "NewString":"new"}
        """)
    #expect(try JSONValue(encoding: info).decode() == info)
    #expect(try JSONValue(encoding: ApplicationInfo()).text() == "{}")
  }
}

@Suite("GUID of an image")
struct GUIDStoreTests {
  @Test("A GUID is found as text of either kind, or as 16 bytes")
  func forms() {
    let text = "{01234567-89ab-CDEF-0123-456789ABCDEF}"
    #expect(GUIDStore.text(Array(text.utf8)) == text)
    #expect(GUIDStore.text(Array(text.utf16).flatMap { [UInt8($0), 0] } + [0, 0]) == text)
    #expect(
      GUIDStore.text([0x67, 0x45, 0x23, 0x01, 0xAB, 0x89, 0xEF, 0xCD] + (0x10...0x17))
        == "{01234567-89AB-CDEF-1011-121314151617}")
  }

  @Test("Other bytes are none")
  func otherBytes() {
    #expect(GUIDStore.text([]) == nil)
    #expect(GUIDStore.text(Array(0..<64)) == nil)
    #expect(GUIDStore.text([UInt8](repeating: 0, count: 16)) == nil)
    #expect(GUIDStore.text(Array("{01234567-89ab-CDEF-0123-456789ABCDEX}".utf8)) == nil)
  }
}

@Suite("DeepSIM raw data")
struct DeepSIMRawDataTests {
  private func chunk(
    width: Int16 = 2, height: Int16 = 1, count: Int16 = 2, pictureBytes: UInt64 = 4
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(0))
    for number in [width, height, count] { bytes.append(littleEndian: number) }
    bytes.append(littleEndian: pictureBytes)
    bytes.append(littleEndian: (1.5).bitPattern)
    bytes.append(littleEndian: (2.5).bitPattern)
    for number in [20, 30] as [UInt16] { bytes.append(littleEndian: number) }
    for number in [-1, 7] as [Int16] { bytes.append(littleEndian: number) }
    bytes += [UInt8](repeating: 0, count: 166 - bytes.count)
    let (key, xml) = (Array("k\0µ".utf8.prefix(2)), Array("<a>µ</a>".utf8))
    bytes.append(littleEndian: UInt64(xml.count))
    bytes.append(littleEndian: UInt32(key.count))
    return bytes + key + xml + [UInt8](littleEndian: [1, 2, 3, 40_000] as [UInt16])
  }

  @Test("All fields are read")
  func fields() throws {
    let data = try DeepSIMRawData(chunk())
    #expect(data.width == 2 && data.height == 1 && data.pictureCount == 2)
    #expect(data.pointSpread == 1.5 && data.defaultPointSpread == 2.5)
    #expect(data.iterationCount == 20 && data.defaultIterationCount == 30)
    #expect(data.regionX == -1 && data.regionY == 7)
    #expect(data.key == "k" && data.calibrationXML == "<a>µ</a>")
    #expect(data.pixels == [1, 2, 3, 40_000])
    #expect(
      DeepSIMRawData.chunkName(component: 2, frame: 31) == "CustomDataSeq|AUXIMAGE_21_2|31!")
  }

  @Test("Sizes that the bytes do not bear out are refused")
  func refusals() {
    for bytes in [
      chunk(width: -2), chunk(width: 3), chunk(count: 3), chunk(count: -1),
      chunk(pictureBytes: .max), chunk(pictureBytes: 3), chunk(pictureBytes: 1 << 62),
    ] {
      #expect(throws: Malformed.self) { try DeepSIMRawData(bytes) }
    }
  }

  @Test("Hostile bytes never trap")
  func hostile() {
    for bytes in HostileBytes.prefixes(of: chunk()) {
      #expect(throws: Malformed.self) { try DeepSIMRawData(bytes) }
    }
    for bytes in HostileBytes.flips(of: chunk()) { _ = try? DeepSIMRawData(bytes) }
    for bytes in HostileBytes.numbers(of: chunk()) { _ = try? DeepSIMRawData(bytes) }
  }
}
