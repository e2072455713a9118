import ND2Format
import Testing

@testable import ND2

@Suite struct ImageDescriptionTests {
  private func describe(
    _ chunks: DescriptionChunks, stored: Int = 1, payload: Int? = nil,
    log: inout DiagnosticLog
  ) throws -> ImageDescription {
    try ImageDescription(
      chunks, storedCount: stored, upperBound: stored, payloadByteCount: payload, log: &log)
  }

  @Test("The attributes alone make an image") func theAttributesAloneMakeAnImage() throws {
    var log = DiagnosticLog()
    let image = try describe(DescriptionChunks(attributes: smallAttributes), log: &log)
    #expect(image.sizes == [.channel: 2, .y: 31, .x: 38])
    #expect(image.metadata.channels.map(\.channel.name) == ["Channel_1", "Channel_2"])
    #expect(image.attributes.channelCount == 1)
    #expect(image.voxelSize == VoxelSize())
    #expect(image.acquisitionDate == nil)
    #expect(log.entries.count == 1)
  }

  @Test("Without attributes the picture metadata have to do")
  func withoutAttributesThePictureMetadataHave() throws {
    var log = DiagnosticLog()
    let error = #expect(throws: ND2Error.self) {
      try describe(DescriptionChunks(picture: picture([plane("A")])), payload: 100, log: &log)
    }
    #expect(error?.code == .malformed)
  }

  @Test("Reads a whole file of loops, channels and colours") func readsAWholeFileOfLoops() throws {
    var log = DiagnosticLog()
    let chunks = DescriptionChunks(
      attributes: smallAttributes.with("uiComp", 6).with("uiSequenceCount", 12)
        .with("uiWidthBytes", 456),
      picture: picture([plane("A", components: 3), plane("B", components: 3)]),
      experiment: chunk("SLxExperiment", timeLoop(3, [zLoop(4)])),
      textInfo: object(["TextInfoItem_9": "3/6/2014"]))
    let image = try describe(chunks, stored: 12, log: &log)
    #expect(log.entries.isEmpty)
    #expect(
      image.sizes == [.time: 3, .z: 4, .channel: 2, .y: 31, .x: 38, .sample: 3])
    #expect(image.voxelSize == VoxelSize(x: 0.5, y: 0.5, z: 1))
    #expect(image.acquisitionDate?.description == "2014-06-18T13:55:23.392019+00:00")
  }

  @Test("A date in a text counts only without a usable number") func aDateInATextCounts() throws {
    var log = DiagnosticLog()
    let chunks = DescriptionChunks(
      attributes: smallAttributes,
      picture: picture([plane("A"), plane("B")]).with("dTimeAbsolute", -1.0),
      textInfo: object(["TextInfoItem_9": "18/06/2014  15:55:27"]))
    let image = try describe(chunks, log: &log)
    #expect(image.acquisitionDate?.description == "2014-06-18T15:55:27")
    #expect(image.acquisitionDate?.zone == .local)
  }

  @Test("Hostile trees are no trap") func hostileTreesAreNoTrap() throws {
    let values: [MetadataValue] = [
      .uint32(.max), .int32(.min), .int64(.min), .uint64(.max), .double(.nan),
      .double(.infinity), .double(-1e308), .string("\u{0}"), .bytes([255]), .level([]),
      .level([MetadataField("", 1)]), .pointer(1), .bool(true),
    ]
    let trees = [
      picture([plane("A", components: 3), plane("B")]).with("dZPos", 1.0),
      timeLoop(3, [positionLoop(2, flags: .bytes([1, 0]), [zLoop(5)])]),
      object(["dCalibration": 0.5, "bValid": true, "sObjective": "40x"]),
    ]
    for (kind, tree) in trees.enumerated() {
      for mutant in mutants(of: tree, values) {
        var log = DiagnosticLog()
        let image = try describe(
          DescriptionChunks(
            attributes: smallAttributes, picture: kind == 0 ? mutant : trees[0],
            experiment: kind == 1 ? mutant : trees[1], calibration: kind == 2 ? mutant : trees[2]),
          stored: 6, log: &log)
        let facts = image.facts()
        for frame in [-1, 0, 5, image.layout.frameCount - 1, .max] {
          _ = facts.metadata(ofFrame: frame, image.metadata) { nil }
        }
        #expect(image.layout.frameCount <= ParsingLimits.standard.frameCount)
        #expect(image.metadata.channels.count <= 2)
      }
    }
  }

  /// The tree with each of its nodes in turn replaced by each of the values.
  private func mutants(of tree: MetadataValue, _ values: [MetadataValue]) -> [MetadataValue] {
    var result = values
    for (index, field) in tree.fields.enumerated() {
      for mutant in mutants(of: field.value, values) {
        var fields = tree.fields
        fields[index].value = mutant
        result.append(.level(fields))
      }
    }
    return result
  }
}

@Suite struct MetadataLookupTests {
  @Test(
    "Finds the number that ends a name",
    arguments: [
      ("_00", 0), ("_100", 100), ("a12", 12), ("Point0", 0), ("i0000000003", 3), ("item_7", 7),
      ("_000000000000012", 12), ("name", nil), ("", nil), ("12a", nil), ("_9999999999", nil),
    ] as [(String, Int?)])
  func findsTheNumberThatEndsA(_ name: String, _ expected: Int?) {
    #expect(IndexedChildren.number(atEndOf: name) == expected)
  }

  @Test("Children without numbers keep their order") func childrenWithoutNumbersKeepTheirOrder() {
    let tree = object(["b": 1, "a": 2])
    #expect(IndexedChildren.sortedValues(tree) == [1, 2])
    #expect(IndexedChildren.sortedValues(nil).isEmpty)
    #expect(IndexedChildren.sortedValues(list([3, 1, 2])) == [3, 1, 2])
  }

  @Test("Children of one number keep their order") func childrenOfOneNumberKeepTheir() {
    #expect(IndexedChildren.sortedValues(object(["_1": 1, "_0": 2, "_1": 3])) == [2, 1, 3])
    #expect(IndexedChildren.placedValues(object(["_2": 1, "_0": 2])) == [2, nil, 1])
  }

  @Test("Takes wrappers off") func takesWrappersOff() {
    let inner = object(["uiWidth": 5])
    #expect(chunk("W", inner).content(named: "W") == inner)
    #expect(list([chunk("W", inner)]).content(named: "W") == inner)
    #expect(list([list([inner])]).content(named: "W") == inner)
    #expect(inner.content(named: "W") == inner)
    #expect(MetadataValue.string("x").content(named: "W") == "x")
  }
}
