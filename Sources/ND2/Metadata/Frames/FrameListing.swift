/// The frames of a file as a table.
struct FrameListing {
  let facts: FrameFacts
  let plate: WellPlate?
  /// Number of rows.
  let count: Int
  /// Number of frames that can be asked for; of those behind it nothing is known.
  let knownCount: Int
  /// Times that stand before the pixels of frames, ms, by frame.
  let prefixes: [Int: Double]
  /// Where the chunk of a frame is.
  let offset: (Int) -> UInt64?

  func table() -> Table {
    let frames = 0..<max(0, count)
    func known<Value>(_ value: (Int) -> Value?) -> [Value?] {
      frames.map { $0 < knownCount ? value($0) : nil }
    }
    let offsets = frames.map(offset)
    let positions = known { facts.position(ofFrame: $0) }
    var columns: [Table.Column] = [.init("Index", values: .integers(Array(frames)))]
    columns += axisColumns(frames)
    if facts.positionLoop != nil {
      columns.append(.init("Position Name", strings: positions.map { $0?.name }))
    }
    if let plate {
      let wells = Dictionary(plate.frames.map { ($0.frameIndex, $0.name) }) { first, _ in first }
      columns.append(.init("Well", strings: frames.map { wells[$0] }))
    }
    columns += [
      .init(
        "Time", unit: "s",
        doubles: known { index in
          facts.time(ofFrame: index) { prefixes[index] }.relativeTimeMs / 1000
        }),
      .init("X", unit: "µm", doubles: positions.map { $0?.stagePositionUm.x }),
      .init("Y", unit: "µm", doubles: positions.map { $0?.stagePositionUm.y }),
      .init("Z", unit: "µm", doubles: positions.map { $0?.stagePositionUm.z }),
    ]
    if !facts.recordedZ.isEmpty {
      columns.append(
        .init("Recorded Z", unit: "µm", doubles: positions.map { $0?.recordedZUm }))
    }
    if !facts.pfsStatus.isEmpty {
      columns.append(
        .init(
          "PFS Status",
          integers: known {
            facts.pfsStatus.indices.contains($0) ? Int(facts.pfsStatus[$0]) : nil
          }))
    }
    columns += [
      .init("Offset", integers: offsets.map { $0.flatMap { Int(exactly: $0) } }),
      .init("Missing", integers: offsets.map { $0 == nil ? 1 : 0 }),
    ]
    return Table(fitting: columns, rowCount: frames.count)
  }

  /// The index along each axis of the loops; frames behind the loops have none.
  private func axisColumns(_ frames: Range<Int>) -> [Table.Column] {
    let axes = facts.layout.axes.axes
    var indices = axes.map { _ in [Int?]() }
    for place in axes.indices { indices[place].reserveCapacity(frames.count) }
    for frame in frames {
      let coordinates = facts.layout.coordinates(ofFrame: frame)
      for place in axes.indices { indices[place].append(coordinates?[place]) }
    }
    return zip(axes, indices).map { .init("\($0.rawValue) Index", integers: $1) }
  }
}
