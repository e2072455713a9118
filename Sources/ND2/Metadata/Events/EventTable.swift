/// Frames and events of an acquisition in one table, in order of time.
///
/// Each frame has a row with its time, its index in every loop and what the devices recorded; each
/// event has a row with its time and its description. Times are in seconds.
public struct EventTable: Hashable, Sendable {
  /// Heading of the column of times.
  package static let timeTitle = "Time [s]"
  /// Heading of the column of descriptions of events.
  package static let eventsTitle = "Events"

  /// A column of the table.
  public struct Column: Hashable, Sendable {
    /// Heading, different from that of every other column.
    public var title: String
    /// Name of the quantity without its unit.
    public var name: String
    /// Unit, such as `µm`; empty when there is none.
    public var unit: String
    /// Name of the quantity in the file, for recorded data; else empty.
    public var id: String
    /// The values by row; where there is none, a zero, a NaN or an empty text stands.
    public var values: RecordedColumn.Values
    /// Whether there is a value, by row; nil when every row has one.
    public var presence: [Bool]?
    /// The heading that other readers use, which may come twice.
    package var sharedTitle: String

    /// The value of a row, or nil when the row has none.
    public subscript(row: Int) -> EventValue? {
      if let presence, !presence.indices.contains(row) || !presence[row] { return nil }
      return values[row]
    }
  }

  /// The columns. Those of frames come in the order time, indices, positions, recorded data.
  public let columns: [Column]
  /// Number of rows.
  public let rowCount: Int
  /// The events, in stored order.
  public let events: [ExperimentEvent]
  /// What each row shows.
  public let rows: [Row]
  /// The columns of the frames as stored, in frame order, each as long as its data.
  package let frameColumns: [FrameColumn]

  /// What a row shows.
  public enum Row: Hashable, Sendable {
    /// The frame of that index.
    case frame(Int)
    /// The event at that place of ``EventTable/events``.
    case event(Int)
  }

  /// The column of that heading.
  public subscript(title: String) -> Column? { columns.first { $0.title == title } }

  /// Builds the table.
  ///
  /// - Parameters:
  ///   - recorded: the recorded data; values beyond the number of frames are not shown.
  package init(
    context: EventContext, recorded: [RecordedColumn] = [], events: [ExperimentEvent] = [],
    log: inout DiagnosticLog
  ) {
    var frames = context.columns(log: &log)
    frames += recorded.map { FrameColumn($0.title, $0.name, $0.unit, $0.values, id: $0.id) }
    let frameCount = frames.first { $0.title == "Index" }?.values.count ?? 0
    let rows = Self.sortedRows(frames, frameCount: frameCount, events: events)
    frameColumns = frames
    self.events = events
    self.rows = rows
    rowCount = rows.count
    columns = EventColumnBuilder(rows: rows, frames: frames, events: events).columns()
    if Set(frames.map(\.title)).count < frames.count {
      log.note("some columns of recorded data have the same name and unit")
    }
  }

  /// Frames and events in order of time; those of the same time stay in their order.
  ///
  /// Frames whose time is not known follow their predecessor.
  private static func sortedRows(
    _ frames: [FrameColumn], frameCount: Int, events: [ExperimentEvent]
  ) -> [Row] {
    var times: [Double] = []
    if case .doubles(let known)? = frames.first(where: { $0.title == timeTitle })?.values {
      times = known
    }
    var keyed: [(time: Double, row: Row)] = []
    keyed.reserveCapacity(frameCount + events.count)
    var last = 0.0
    for index in 0..<frameCount {
      if times.indices.contains(index), times[index].isFinite { last = times[index] }
      keyed.append((last, .frame(index)))
    }
    for (index, event) in events.enumerated() {
      keyed.append((event.timeMs.isFinite ? event.timeMs / 1000 : last, .event(index)))
    }
    // Nearly always the case, and tables may have millions of rows.
    if zip(keyed, keyed.dropFirst()).allSatisfy({ $0.time <= $1.time }) { return keyed.map(\.row) }
    // The standard library's sort is stable, but does not promise to be.
    return keyed.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    .map(\.element.row)
  }
}
