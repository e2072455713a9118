/// Brings the columns of frames and events into the order of rows.
struct EventColumnBuilder {
  let rows: [EventTable.Row]
  let frames: [FrameColumn]
  let events: [ExperimentEvent]

  /// A column, and the heading that other readers give it, which may come twice.
  struct Built {
    var column: Table.Column
    var sharedTitle: String
  }

  /// The columns, in the order in which they first have a value.
  func columns() -> [Built] {
    let titles = uniqueTitles()
    var columns = zip(frames, titles).map { frame, title in column(frame, title: title) }
    guard !events.isEmpty else { return columns }
    if !frames.contains(where: { $0.title == EventTable.timeTitle }) {
      let time = FrameColumn(EventTable.timeTitle, "Time", "s", .doubles([]))
      columns.append(column(time, title: time.title))
    }
    let description = Built(
      column: Table.Column(
        EventTable.eventsTitle,
        strings: rows.map { row in
          if case .event(let index) = row { events[index].description } else { nil }
        }), sharedTitle: EventTable.eventsTitle)
    columns.append(description)
    if case .event? = rows.first {
      // The first row has a time and an event, and nothing else.
      columns.removeLast()
      let time = columns.firstIndex { $0.column.title == EventTable.timeTitle }.map {
        columns.remove(at: $0)
      }
      columns.insert(contentsOf: [time, description].compactMap(\.self), at: 0)
    }
    return columns
  }

  /// Headings of the columns of frames, with the id where another column would have the same.
  ///
  /// Of several the last keeps the heading, as it is the one that other readers show.
  private func uniqueTitles() -> [String] {
    var taken: Set<String> = [EventTable.timeTitle, EventTable.eventsTitle]
    var titles: [String] = []
    for frame in frames.reversed() {
      var title = frame.title
      let isTime = title == EventTable.timeTitle && frame.id.isEmpty
      if taken.contains(title), !isTime {
        let unit = frame.unit.isEmpty ? "" : " [\(frame.unit)]"
        title = "\(frame.name) (\(frame.id))\(unit)"
      }
      var number = 2
      while taken.contains(title), !isTime {
        title = "\(frame.name) (\(frame.id), \(number))"
        number += 1
      }
      taken.insert(title)
      titles.append(title)
    }
    return titles.reversed()
  }

  private func column(_ frame: FrameColumn, title: String) -> Built {
    let isTime = frame.title == EventTable.timeTitle && frame.id.isEmpty
    var presence: [Bool] = []
    presence.reserveCapacity(rows.count)
    var isComplete = true
    let count = frame.values.count
    for row in rows {
      let isPresent: Bool
      switch row {
      case .frame(let index): isPresent = index < count
      case .event: isPresent = isTime
      }
      presence.append(isPresent)
      if !isPresent { isComplete = false }
    }
    return Built(
      column: Table.Column(
        frame.name, unit: frame.unit, id: frame.id, title: title,
        values: values(of: frame, isTime: isTime), presence: isComplete ? nil : presence),
      sharedTitle: frame.title)
  }

  private func values(of frame: FrameColumn, isTime: Bool) -> Table.Values {
    func ordered<Value>(
      _ values: [Value], _ missing: Value, _ event: (ExperimentEvent) -> Value
    ) -> [Value] {
      rows.map { row in
        switch row {
        case .frame(let index): index < values.count ? values[index] : missing
        case .event(let index): event(events[index])
        }
      }
    }
    switch frame.values {
    case .doubles(let values):
      return .doubles(ordered(values, .nan) { isTime ? $0.timeMs / 1000 : .nan })
    case .integers(let values): return .integers(ordered(values, 0) { _ in 0 })
    case .strings(let values): return .strings(ordered(values, "") { _ in "" })
    }
  }
}
