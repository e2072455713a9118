import Foundation
import ND2Format
import Testing

@testable import ND2

/// The names of fields are those of the Python package nd2.
@Suite struct JSONShapeTests {
  private func json(_ value: some Encodable) throws -> JSONValue {
    try JSONParser.parse([UInt8](JSONEncoder().encode(value)))
  }

  private func names(_ value: JSONValue?) -> Set<String> {
    Set(value?.members.map(\.name) ?? [])
  }

  private func describe() throws -> ImageDescription {
    var log = DiagnosticLog()
    let filters = [filter(3, excitation: peaks(488), emission: peaks(525))]
    return try ImageDescription(
      DescriptionChunks(
        attributes: smallAttributes.with("eCompression", 0),
        picture: picture([plane("A", filters: filters), plane("B")]),
        experiment: timeLoop(3, [positionLoop(2, [zLoop(5)])])),
      storedCount: 30, upperBound: 30, log: &log)
  }

  @Test("Attributes") func attributes() throws {
    let attributes = try json(try describe().attributes)
    #expect(
      names(attributes) == [
        "bitsPerComponentInMemory", "bitsPerComponentSignificant", "componentCount", "heightPx",
        "pixelDataType", "sequenceCount", "widthBytes", "widthPx", "compressionLevel",
        "compressionType", "channelCount",
      ])
    #expect(attributes["pixelDataType"] == "unsigned")
    #expect(attributes["compressionType"] == "lossless")
  }

  @Test("Channels") func channels() throws {
    let metadata = try json(try describe().metadata)
    #expect(names(metadata) == ["contents", "channels"])
    let channel = metadata["channels"]?.elements.first
    #expect(names(channel) == ["channel", "loops", "microscope", "volume", "acquisition"])
    #expect(
      names(channel?["channel"])
        == ["name", "index", "color", "emissionLambdaNm", "excitationLambdaNm"])
    #expect(names(channel?["channel"]?["color"]) == ["r", "g", "b", "a"])
    #expect(channel?["loops"]?["TimeLoop"] == 0)
    #expect(channel?["loops"]?["XYPosLoop"] == 1)
    #expect(channel?["loops"]?["ZStackLoop"] == 2)
    #expect(channel?["microscope"]?["modalityFlags"]?.elements == ["fluorescence", "camera"])
    #expect(channel?["volume"]?["axesInterpretation"]?.elements.first == "distance")
    #expect(channel?["volume"]?["componentDataType"] == "unsigned")
  }

  @Test("Loops") func loops() throws {
    let loops = try json(try describe().experiment.loops).elements
    #expect(loops.map { $0["type"]?.string } == ["TimeLoop", "XYPosLoop", "ZStackLoop"])
    for loop in loops {
      #expect(names(loop) == ["count", "nestingLevel", "parameters", "type"])
    }
    #expect(
      names(loops[0]["parameters"]) == ["startMs", "periodMs", "durationMs", "periodDiff"])
    #expect(names(loops[0]["parameters"]?["periodDiff"]) == ["avg", "max", "min"])
    #expect(names(loops[1]["parameters"]) == ["isSettingZ", "points"])
    let point = loops[1]["parameters"]?["points"]?.elements.first
    #expect(names(point) == ["stagePositionUm", "name"])
    #expect(names(point?["stagePositionUm"]) == ["x", "y", "z"])
    #expect(
      names(loops[2]["parameters"]) == ["homeIndex", "stepUm", "bottomToTop", "deviceName"])

    let custom = try json(ExperimentLoop.custom(CustomLoop(count: 4, nestingLevel: 1)))
    #expect(custom["parameters"] == .null)
    #expect(custom["type"] == "CustomLoop")
    let phases = try json(
      ExperimentLoop.neTime(NETimeLoop(count: 2, periods: [.init(count: 2)])))
    #expect(phases["type"] == "NETimeLoop")
    #expect(
      names(phases["parameters"]?["periods"]?.elements.first)
        == ["startMs", "periodMs", "durationMs", "periodDiff", "count"])
  }

  @Test("Frames") func frames() throws {
    let description = try describe()
    var facts = description.facts()
    facts.pfsStatus = [7]
    let frame = try json(facts.metadata(ofFrame: 0, description.metadata) { 5 })
    let channel = frame["channels"]?.elements.first
    #expect(channel?["pfs_status"] == 7)
    #expect(channel?["position"]?["name"] == "P0")
    #expect(names(channel?["position"]?["stagePositionUm"]) == ["x", "y", "z"])
    #expect(names(channel?["time"]) == ["absoluteJulianDayNumber", "relativeTimeMs"])
  }

  @Test("What is written can be read again") func whatIsWrittenCanBeRead() throws {
    func roundTrip<T: Codable & Equatable>(_ value: T) throws -> Bool {
      try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value)) == value
    }
    let description = try describe()
    #expect(try roundTrip(description.attributes))
    #expect(try roundTrip(description.metadata))
    #expect(try roundTrip(description.experiment))
    #expect(try roundTrip(description.textInfo))
    #expect(try roundTrip(description.voxelSize))
    #expect(
      try roundTrip(description.facts().metadata(ofFrame: 3, description.metadata) { nil }))
    let loops: [ExperimentLoop] = [
      .neTime(NETimeLoop(count: 2, periods: [.init(count: 2)])), .custom(CustomLoop(count: 4)),
      .other(OtherLoop(type: .polar, count: 3, nestingLevel: 1)),
    ]
    #expect(try roundTrip(loops))
    let unknown = Data(#"{"count":1,"nestingLevel":0,"type":"NoLoop"}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ExperimentLoop.self, from: unknown)
    }
  }
}
