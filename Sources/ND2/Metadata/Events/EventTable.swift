/// Frames and events of an acquisition in one table, in order of time.
///
/// Each frame has a row with its time, its index in every loop and what the devices recorded; each
/// event has a row with its time and its description. Times are in seconds.
public struct EventTable: Hashable, Sendable {
  /// Heading of the column of times.
  package static let timeTitle = "Time [s]"
  /// Heading of the column of descriptions of events.
  package static let eventsTitle = "Events"

  /// The rows and columns. Columns of frames come in the order time, indices, positions, recorded
  /// data.
  public let table: Table
  /// The events, in stored order.
  public let events: [ExperimentEvent]
  /// What each row shows.
  public let rows: [Row]
  /// The headings that other readers give the columns of the table, which may come twice.
  package let sharedTitles: [String]
  /// The columns of the frames as stored, in frame order, each as long as its data.
  package let frameColumns: [FrameColumn]

  /// What a row shows.
  public enum Row: Hashable, Sendable {
    /// The frame of that index.
    case frame(Int)
    /// The event at that place of ``EventTable/events``.
    case event(Int)
  }

  /// The columns of the table.
  public var columns: [Table.Column] { table.columns }
  /// Number of rows.
  public var rowCount: Int { table.rowCount }
  /// The column of that heading.
  public subscript(title: String) -> Table.Column? { table[title] }

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
    let columns = EventColumnBuilder(rows: rows, frames: frames, events: events).columns()
    table = Table(fitting: columns.map(\.column), rowCount: rows.count)
    sharedTitles = columns.map(\.sharedTitle)
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
    return keyed.enumerated().ordered {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    .map(\.element.row)
  }
}

extension EventTable: CustomStringConvertible {
  /// The table as text, with a line of headings; see ``Table/text(_:includingHeader:lineEnd:)``.
  public func text(
    _ format: Table.TextFormat, includingHeader: Bool = true, lineEnd: Table.LineEnd? = nil
  ) -> String {
    table.text(format, includingHeader: includingHeader, lineEnd: lineEnd)
  }

  /// Writes the table as text; see ``Table/write(_:to:includingHeader:lineEnd:)``.
  public func write(
    _ format: Table.TextFormat, to output: inout some TextOutputStream,
    includingHeader: Bool = true, lineEnd: Table.LineEnd? = nil
  ) {
    table.write(format, to: &output, includingHeader: includingHeader, lineEnd: lineEnd)
  }

  /// The first rows, aligned for people, and how many rows and columns there are.
  public var description: String { table.description }
}
