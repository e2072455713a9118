/// The stage positions of a file as a table.
struct PositionListing {
  let facts: FrameFacts
  let plate: WellPlate?

  func table() -> Table {
    let points = facts.positionLoop?.loop.parameters.points
    // Without a loop everything was taken at the one place that the file names.
    let stages =
      facts.positionLoop.map { _, loop in
        loop.parameters.points.map { facts.stagePosition(of: $0, in: loop) }
      } ?? [facts.stagePositionUm]
    var columns: [Table.Column] = [
      .init("P Index", values: .integers(Array(stages.indices))),
      .init("Position Name", strings: stages.indices.map { points?[$0].name }),
      .init("X", unit: "µm", doubles: stages.map(\.x)),
      .init("Y", unit: "µm", doubles: stages.map(\.y)),
      .init("Z", unit: "µm", doubles: stages.map(\.z)),
      .init("PFS Offset", doubles: stages.indices.map { points?[$0].pfsOffset }),
    ]
    if let plate {
      let wells = wells(plate)
      func well(_ value: (WellFrame) -> String) -> [String?] {
        stages.indices.map { wells[$0].map(value) }
      }
      columns += [
        .init("Well", strings: well(\.name)),
        .init("Well Row", strings: well { plate.rowName($0.row) }),
        .init("Well Column", strings: well { plate.columnName($0.column) }),
        .init("Well Index", integers: stages.indices.map { wells[$0]?.wellIndex }),
        .init("Plate Index", integers: stages.indices.map { wells[$0]?.plateIndex }),
      ]
    }
    return Table(fitting: columns, rowCount: stages.count)
  }

  /// The well of each position: that of the first of its frames.
  private func wells(_ plate: WellPlate) -> [Int: WellFrame] {
    guard let place = facts.positionLoop?.place else {
      // One position cannot lie in several wells: then the frames know more than the loops.
      guard let first = plate.frames.first,
        plate.frames.allSatisfy({
          $0.wellIndex == first.wellIndex && $0.plateIndex == first.plateIndex
        })
      else { return [:] }
      return [0: first]
    }
    var wells: [Int: WellFrame] = [:]
    for frame in plate.frames {
      guard let turn = facts.layout.turn(ofFrame: frame.frameIndex, loopAt: place) else { continue }
      if let known = wells[turn], known.frameIndex <= frame.frameIndex { continue }
      wells[turn] = frame
    }
    return wells
  }
}

extension WellFrame {
  /// The name of the well, long or short.
  var name: String { wellName.isEmpty ? wellCompactName : wellName }
}
