import ND2
import ND2Format
import ND2TestSupport
import Testing

@Suite("Table of frames and events")
struct EventTableTests {
  private func table(
    _ loops: [EventContext.Loop], times: [Double]? = nil, recorded: [RecordedColumn] = [],
    events: [ExperimentEvent] = []
  ) -> EventTable {
    var log = DiagnosticLog()
    return EventTable(
      context: EventContext(loops: loops, frameTimesMs: times), recorded: recorded,
      events: events, log: &log)
  }

  private func column(
    _ title: String, id: String = "", unit: String = "", _ values: RecordedColumn.Values
  ) -> RecordedColumn {
    RecordedColumn(id: id, name: title, unit: unit, group: 0, title: title, values: values)
  }

  @Test("Columns come in the order time, indices, positions and heights, recorded data")
  func columnOrder() {
    let table = table(
      [
        .init(.time, 2), .init(.position, 2, .positionNames(["A", nil])),
        .init(.z, 2, .zStack(stepUm: 0.5, homeIndex: 1, bottomToTop: true)),
      ], times: (0..<8).map { Double($0) * 500 },
      recorded: [column("T [°C]", .doubles(Array(repeating: 20, count: 8)))])
    #expect(
      table.columns.map(\.title) == [
        "Time [s]", "Index", "T Index", "P Index", "Z Index", "Position Name", "Z-Series",
        "T [°C]",
      ])
    #expect(
      table.json(.records).elements[6].text() == """
        {"Time [s]":3.0,"Index":6,"T Index":1,"P Index":1,"Z Index":0,"Position Name":"",\
        "Z-Series":-0.5,"T [°C]":20.0}
        """)
    #expect(table["Z-Series"]?[1] == .double(0))
    #expect(table["Position Name"]?[0] == .string("A"))
  }

  @Test("Stacks from top to bottom have falling heights")
  func topToBottom() {
    let table = table(
      [.init(.z, 3, .zStack(stepUm: 2, homeIndex: 0, bottomToTop: false))])
    #expect(table["Z-Series"]?.values == .doubles([4, 2, 0]))
  }

  @Test("Loops of one axis within each other count on")
  func sameAxis() {
    let table = table([.init(.time, 2), .init(.time, 3)])
    #expect(table.columns.map(\.title) == ["Index", "T Index"])
    #expect(table["T Index"]?.values == .integers([0, 1, 2, 3, 4, 5]))
  }

  @Test("Without loops and times there is one row with an index")
  func singleFrame() {
    #expect(table([]).json(.list).text() == #"{"Index":[0]}"#)
    #expect(table([]).json(.records).text() == #"[{"Index":0}]"#)
    #expect(table([]).json(.dict).text() == #"{"Index":{"0":0}}"#)
  }

  private let events = [
    ExperimentEvent(timeMs: 1500, meaning: .pause), ExperimentEvent(timeMs: 500, meaning: .command),
  ]

  @Test("Rows are in order of time, and columns in the order of their first value")
  func events1() {
    let table = table([.init(.time, 2)], times: [1000, 2000], events: events)
    #expect(table.rows == [.event(1), .frame(0), .event(0), .frame(1)])
    #expect(
      table.json(.records).text() == """
        [{"Time [s]":0.5,"Events":"Command Executed"},{"Time [s]":1.0,"Index":0,"T Index":0},\
        {"Time [s]":1.5,"Events":"Experiment Paused"},{"Time [s]":2.0,"Index":1,"T Index":1}]
        """)
    #expect(
      table.json(.list).text() == """
        {"Time [s]":[0.5,1.0,1.5,2.0],"Events":["Command Executed",null,"Experiment Paused",null],\
        "Index":[null,0,null,1],"T Index":[null,0,null,1]}
        """)
    #expect(
      table.json(.dict, null: -1)["Index"]?.text() == #"{"0":-1,"1":0,"2":-1,"3":1}"#)
  }

  @Test("When a frame comes first, the descriptions of events are the last column")
  func lateEvents() {
    let table = table([.init(.time, 1)], times: [0], events: events)
    #expect(table.columns.map(\.title) == ["Time [s]", "Index", "T Index", "Events"])
    let timeless = self.table([.init(.time, 1)], events: events)
    #expect(timeless.columns.map(\.title) == ["Index", "T Index", "Time [s]", "Events"])
    #expect(timeless["Time [s]"]?[0] == nil)
    #expect(timeless["Time [s]"]?[1] == .double(0.5))
  }

  @Test("Frames whose time is missing follow their predecessor")
  func missingTimes() {
    let table = table(
      [.init(.time, 4)], times: [1000, .nan, 3000],
      events: [ExperimentEvent(timeMs: 2000, meaning: .pause)])
    #expect(table.rows == [.frame(0), .frame(1), .event(0), .frame(2), .frame(3)])
    #expect(table["Time [s]"]?[4] == nil)
  }

  @Test("Columns that are too short or too long keep every frame's row")
  func unevenColumns() {
    let table = table(
      [.init(.time, 3)], times: [1, 2, 3],
      recorded: [column("short", .integers([7])), column("long", .integers([1, 2, 3, 4]))])
    #expect(table.rowCount == 3)
    #expect(table["short"]?[0] == .integer(7) && table["short"]?[1] == nil)
    #expect(table["long"]?.values == .integers([1, 2, 3]))
    #expect(table.json(.list)["long"]?.elements.count == 4)
    #expect(table.json(.records).elements[2]["short"] == nil)
  }

  @Test("Of columns with one title, JSON shows the last at the place of the first")
  func sharedTitles() {
    let table = table(
      [.init(.time, 1)],
      recorded: [
        RecordedColumn(
          id: "a", name: "Analog", unit: "V", group: 0, title: "Analog [V]", values: .integers([1])),
        column("between", .integers([2])),
        RecordedColumn(
          id: "b", name: "Analog", unit: "V", group: 0, title: "Analog [V]", values: .integers([3])),
      ])
    #expect(
      table.json(.records).elements[0].text()
        == #"{"Index":0,"T Index":0,"Analog [V]":3,"between":2}"#)
    #expect(
      table.columns.map(\.title)
        == ["Index", "T Index", "Analog (a) [V]", "between", "Analog [V]"])
    #expect(table.json(.list, keepingAllColumns: true)["Analog (a) [V]"]?.text() == "[1]")
  }

  @Test("Enormous loops do not make enormous tables")
  func enormousLoops() {
    var log = DiagnosticLog()
    let context = EventContext(
      loops: [.init(.time, .max), .init(.z, .max)], frameTimesMs: [0, 1], storedFrameCount: 2)
    #expect(context.frameCount(log: &log) == 1_000_000)
    #expect(log.entries.count == 1)
    #expect(EventContext(loops: [.init(.time, 0)]).frameCount(log: &log) == 0)
    #expect(table([.init(.time, 0)], times: [1]).json(.dict).text() == "{}")
  }
}

@Suite("Tables of events as text")
struct EventTableTextTests {
  private let table: EventTable

  init() {
    var log = DiagnosticLog()
    table = EventTable(
      context: EventContext(loops: [.init(.time, 1)], frameTimesMs: [1000]),
      recorded: [
        RecordedColumn(
          id: "n", name: "Note, \"own\"", unit: "", group: 0, title: "Note, \"own\"",
          values: .strings(["two\nlines; 日本"]))
      ], events: [ExperimentEvent(timeMs: 2000, meaning: .pause, description: "tab\there")],
      log: &log)
  }

  @Test("Cells with commas, quotes or line breaks are quoted in CSV")
  func csv() {
    #expect(
      table.text(.csv) == """
        Time [s],Index,T Index,"Note, ""own""\",Events\r
        1.0,0,0,"two\nlines; 日本",\r
        2.0,,,,tab\there\r\n
        """)
  }

  @Test("Cells with tabulators are quoted in TSV, and headings can be left out")
  func tsv() {
    #expect(
      table.text(.tsv, includingHeader: false)
        == "1.0\t0\t0\t\"two\nlines; 日本\"\t\n2.0\t\t\t\t\"tab\there\"\n")
  }

  @Test("For people, columns are aligned: numbers to the right, text to the left")
  func aligned() {
    #expect(
      table.text(.table) == """
        Time [s]  Index  T Index  Note, "own"    Events
             1.0      0        0  two lines; 日本
             2.0                                 tab here

        """)
  }
}
