import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Dumps of whole chunks")
struct MetadataDumpTests {
  private func json(
    _ bytes: [UInt8], chunk: String = "X!", log: inout DiagnosticLog
  ) -> JSONValue {
    MetadataDump.json(of: bytes, chunk: chunk, log: &log)
  }

  @Test("Image data, custom data and signatures are no unstructured metadata")
  func names() {
    let names = [
      "ImageTextInfoLV!", "ImageDataSeq|0!", "CustomData|X!", "CustomDataVar|AppInfo_V1_0!",
      "CustomDataSeq|Y|0!", "ND2 FILEMAP SIGNATURE NAME 0001!", "Unknown|Thing_é!",
      "ImageAttributesLV!",
    ]
    #expect(
      MetadataDump.unstructuredNames(names)
        == ["ImageAttributesLV!", "ImageTextInfoLV!", "Unknown|Thing_é!"])
    #expect(MetadataDump.customNames(names) == ["CustomDataVar|AppInfo_V1_0!"])
    #expect(MetadataDump.key("CustomDataVar|AppInfo_V1_0!") == "AppInfo_V1_0")
    #expect(MetadataDump.key("ImageMetadataSeqLV|0!") == "ImageMetadataSeqLV|0")
  }

  @Test("Trees, JSON documents and compressed documents are recognised by their bytes")
  func kinds() throws {
    var log = DiagnosticLog()
    let tree = LiteVariantEncoder.encode(MetadataField("sA", .object(["uiB": .uint32(1)])))
    #expect(json(tree, log: &log).text() == #"{"A":{"B":1}}"#)
    #expect(json(try LiteVariantEncoder.compress(tree), log: &log).text() == #"{"A":{"B":1}}"#)
    let xml = Array(#"<variant><uiB runtype="lx_uint32" value="1"/></variant>"#.utf8)
    #expect(json(xml, log: &log).text() == #"{"B":1}"#)
    let document = Array(#"[{"uiB":1}]"#.utf8)
    #expect(json(document, log: &log).text() == #"[{"uiB":1}]"#)
    #expect(json(try zlib(document), log: &log).text() == #"[{"uiB":1}]"#)
    #expect(log.entries.isEmpty)
  }

  @Test("Bytes that are nothing known are given as digits, with a diagnostic")
  func unknownBytes() {
    var log = DiagnosticLog()
    #expect(json([1, 2, 255], log: &log).text() == #"{"hex":"0102ff"}"#)
    #expect(log.entries.map(\.severity) == [.note])
    #expect(json([1, 2, 255], chunk: "ImageTextInfoLV!", log: &log)["hex"] != nil)
    #expect(log.entries.map(\.severity) == [.note, .damage])
    #expect(json([], log: &log).text() == "{}")
  }

  @Test("Trees in byte arrays are shown; of several the first, or all on request")
  func nestedTrees() {
    var log = DiagnosticLog()
    let items = LiteVariantEncoder.encode(
      .object(["dZoom": .double(2), "iMode": .int32(3)]))
    let bytes = LiteVariantEncoder.encode(
      MetadataField("Root", .object(["baScanArea": .bytes(items)])))
    #expect(json(bytes, log: &log).text() == #"{"Root":{"ScanArea":{"Zoom":2.0}}}"#)
    let all = MetadataDump.json(of: bytes, chunk: "X!", nestedTrees: .all, log: &log)
    #expect(all.text() == #"{"Root":{"ScanArea":{"Zoom":2.0,"Mode":3}}}"#)
  }

  @Test("Hostile chunks never trap")
  func hostile() throws {
    var log = DiagnosticLog()
    var random = Randomness(seed: 5)
    let nested = LiteVariantEncoder.encode(.object(["dZoom": .double(2)]))
    let tree = LiteVariantEncoder.encode(
      MetadataField("Root", .object(["t": random.tree(depth: 2, width: 3), "b": .bytes(nested)])))
    for bytes in HostileBytes.prefixes(of: tree) { _ = json(bytes, log: &log) }
    for bytes in HostileBytes.flips(of: tree) { _ = json(bytes, log: &log) }
    for bytes in HostileBytes.numbers(of: tree, step: 3) { _ = json(bytes, log: &log) }
  }
}

@Suite("Trees within byte arrays")
struct NestedExpansionTests {
  private func expanded(_ bytes: [UInt8], name: String = "baData") -> MetadataValue? {
    var expansion = NestedExpansion(limits: .standard)
    return expansion.expand(.object([name: .bytes(bytes)]))[name]
  }

  private let item = LiteVariantEncoder.encode(.object(["sA": .string("x")]))

  @Test("A byte array that is exactly one tree becomes the tree")
  func exactTree() throws {
    #expect(expanded(item) == .object(["sA": .string("x")]))
    #expect(expanded(try LiteVariantEncoder.compress(item)) == .object(["sA": .string("x")]))
  }

  @Test(
    "Flags and numbers stay bytes, though they begin like trees",
    arguments: [
      [1, 1, 0, 0, 1], [1, 1, 0, 0], [1, 2, 0, 0, 0, 0, 1], [], [2, 2, 65, 0, 0, 0, 1],
      [0x4C, 0x56, 0x30, 0x5A], [11, 2, 65, 0, 0, 0],
    ] as [[UInt8]])
  func numbers(bytes: [UInt8]) {
    #expect(expanded(bytes) == .bytes(bytes))
  }

  @Test("Bytes left over behind a tree, or missing from it, leave the array as it is")
  func leftovers() {
    #expect(expanded(item + [0]) == .bytes(item + [0]))
    for cut in HostileBytes.prefixes(of: item) { #expect(expanded(cut) == .bytes(cut)) }
  }

  @Test("Arrays of flags are never taken for trees", arguments: ["pItemValid", "pPeriodValid"])
  func flags(name: String) {
    #expect(expanded(item, name: name) == .bytes(item))
  }

  @Test("The numbers of a camera matrix are never taken for trees")
  func cameraMatrix() {
    let tree = MetadataValue.object(["matCameraToStage": .object(["Data": .bytes(item)])])
    var expansion = NestedExpansion(limits: .standard)
    #expect(expansion.expand(tree) == tree)
  }

  @Test("Trees within trees within trees end at the limit of depth")
  func depth() {
    var bytes = item
    for _ in 0..<200 { bytes = LiteVariantEncoder.encode(.object(["bA": .bytes(bytes)])) }
    var value = expanded(bytes)
    var depth = 0
    while let inner = value?["bA"] {
      value = inner
      depth += 1
    }
    #expect(depth > 10 && depth <= ParsingLimits.standard.depth)
  }

  @Test("Compressed trees of compressed trees end at the limit of bytes")
  func budget() throws {
    var limits = ParsingLimits.standard
    limits.inflatedByteCount = 100_000
    let zeros = [UInt8](repeating: 0, count: 60_000)
    let bomb = try LiteVariantEncoder.compress(
      LiteVariantEncoder.encode(.object(["bA": .bytes(zeros)])))
    var expansion = NestedExpansion(limits: limits)
    let tree = expansion.expand(.list(Array(repeating: .bytes(bomb), count: 10)))
    #expect(tree.elements.filter { $0["bA"] != nil }.count == 1)
  }
}
