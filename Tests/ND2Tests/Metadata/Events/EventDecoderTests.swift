import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Events of an acquisition")
struct EventDecoderTests {
  private func decode(record: MetadataValue) -> ([ExperimentEvent], DiagnosticLog) {
    var log = DiagnosticLog()
    let root = MetadataValue.object(["RLxExperimentRecord": record])
    return (EventDecoder.decode(root, chunk: "E!", log: &log), log)
  }

  private func decode(_ events: MetadataValue...) -> [ExperimentEvent] {
    decode(
      record: .object(["uiCount": .uint32(UInt32(events.count)), "pEvents": .list(events)])
    ).0
  }

  @Test("All fields of an event are read")
  func fields() {
    let events = decode(
      .object([
        "T": .double(1200.5), "T2": .double(1.2), "M": .uint32(7), "D": .string(""),
        "A": .string("Wait(2);"), "I": .uint32(3), "Extra": .string("ignored"),
      ]))
    #expect(
      events == [
        ExperimentEvent(
          id: 3, timeMs: 1200.5, time2Ms: 1.2, meaning: .command,
          description: "Command Executed", data: "Wait(2);")
      ])
  }

  @Test("A stimulation adds its phase and text to the description")
  func stimulation() throws {
    let events = decode(
      .object([
        "M": .uint32(15),
        "S": .object(["T": .int32(4), "L": .int32(1), "P": .int32(2), "D": .string("DMD")]),
      ]),
      .object(["M": .uint32(15), "D": .string("own"), "S": .object(["T": .int32(77)])]))
    #expect(events[0].description == "Stimulation Phase Begin - DMD")
    #expect(
      events[0].stimulation
        == StimulationEvent(type: .begin, loopIndex: 1, position: 2, description: "DMD"))
    #expect(events[1].description == "own Phase Unknown(77)")
    #expect(
      try JSONValue(encoding: events[0]).text() == """
        {"id":0,"time":0.0,"time2":0.0,"meaning":15,"description":"Stimulation Phase Begin - DMD",\
        "data":"","stimulation":{"type":4,"loop_index":1,"position":2,"description":"DMD"}}
        """)
    #expect(try JSONValue(encoding: events).decode() == events)
  }

  @Test("A meaning that is not known keeps its number and has no text")
  func unknownMeaning() {
    let events = decode(.object(["M": .uint32(999)]))
    #expect(events[0].meaning.rawValue == 999)
    #expect(events[0].description.isEmpty)
    #expect(events[0].meaning.description == "Unknown(999)")
  }

  @Test(
    "Meanings have the names and texts of the format notes",
    arguments: [
      (0, "Unspecified", "Unknown"), (4, "UserInteraction3_Old", "User 3 old"),
      (9, "Pause", "Experiment Paused"), (33, "UserInteraction1", "User 1"),
      (40, "UserInteraction8", "User 8"), (41, "BeforeCapture", "Before Capture"),
      (43, "RealTimeTTLData", ""), (44, "NoAcquisitionStart", "No Acquisition Phase Start"),
      (54, "NSTORM", "N-STORM"), (55, "Unknown(55)", ""), (-1, "Unknown(-1)", ""),
    ])
  func meanings(number: Int, name: String, text: String) {
    let meaning = EventMeaning(rawValue: number)
    #expect(meaning.description == name)
    #expect(meaning.defaultText == text)
  }

  @Test("The older form of events is read")
  func olderForm() throws {
    let root = try xmlTree(
      """
      <no_name runtype="RLxExperimentRecord"><uiCount runtype="lx_uint32" value="2"/>
      <pFirstEvent runtype="CLxListVariant">
      <no_name runtype="X"><dTime runtype="double" value="12.5"/>
      <eMeaning runtype="lx_int32" value="7"/><wsDescription runtype="CLxStringW" value="Cmd"/>
      <wsData runtype="CLxStringW" value="Go();"/></no_name>
      <no_name runtype="X"><dTime runtype="double" value="20"/>
      <eMeaning runtype="lx_int32" value="9"/></no_name></pFirstEvent></no_name>
      """)
    var log = DiagnosticLog()
    let events = EventDecoder.decode(root, chunk: "E!", log: &log)
    #expect(events.map(\.description) == ["Cmd - Go();", "Experiment Paused"])
    #expect(events.map(\.timeMs) == [12.5, 20])
    #expect(log.entries.isEmpty)
  }

  @Test("A count of zero means none, a wrong count is only noted")
  func counts() {
    let event = MetadataValue.object(["M": .uint32(9)])
    #expect(decode(record: .object(["uiCount": .uint32(0), "pEvents": .list([event])])).0.isEmpty)
    let (events, log) = decode(
      record: .object(["uiCount": .uint32(.max), "pEvents": .list([event])]))
    #expect(events.count == 1)
    #expect(log.entries.map(\.severity) == [.note])
    #expect(decode(record: .object(["uiCount": .uint32(3)])).0.isEmpty)
    #expect(decode(record: .object(["pEvents": .list([event])])).0.count == 1)
  }

  @Test("List members that are no events are reported")
  func strayMembers() {
    let (events, log) = decode(
      record: .object([
        "uiCount": .uint32(2), "pEvents": .list([.int32(1), .object(["M": .uint32(9)])]),
      ]))
    #expect(events.count == 1)
    #expect(log.entries.map(\.severity) == [.warning])
  }

  @Test("Hostile bytes never trap")
  func hostile() throws {
    let file = try #require(Gallery.all["events"])
    let bytes = try #require(try ChunkBox(file)["CustomData|ExperimentEventsV1_0!"])
    func check(_ bytes: [UInt8]) {
      var log = DiagnosticLog()
      guard let tree = try? MetadataDecoder.decode(bytes).root else { return }
      let events = EventDecoder.decode(tree, chunk: "E!", log: &log)
      let context = EventContext(loops: [.init(.time, 2)], frameTimesMs: [1, 2])
      let table = EventTable(context: context, events: events, log: &log)
      _ = table.json(.dict).text() + table.text(.table)
    }
    for damaged in HostileBytes.prefixes(of: bytes) { check(damaged) }
    for damaged in HostileBytes.flips(of: bytes, step: 2) { check(damaged) }
    for damaged in HostileBytes.numbers(of: bytes, step: 3) { check(damaged) }
  }
}
