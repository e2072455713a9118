// What a file says of its frames, positions and regions, as tables.
extension ND2File {
  /// The regions of interest as a table, places in pixels; for its columns see
  /// ``ROICollection/table(imageWidth:imageHeight:voxelSize:positionNames:)``.
  public func roisTable() throws -> Table { table(of: try rois()) }

  /// The regions of interest as a table, places in pixels; for its columns see
  /// ``ROICollection/table(imageWidth:imageHeight:voxelSize:positionNames:)``.
  public func roisTable() async throws -> Table { table(of: try await rois()) }

  /// The stage positions as a table, with a row for each.
  ///
  /// Its columns are `P Index`, `Position Name`, the stage's `X [µm]`, `Y [µm]`, `Z [µm]` (without
  /// the offsets of a stack), `PFS Offset` (no value when the focus system was not in use), and for a
  /// well plate `Well`, `Well Row`, `Well Column` (as the plate names them), `Well Index` and
  /// `Plate Index`. A file without a loop over positions has one row, without a name.
  public func positionsTable() throws -> Table { positionsTable(try wellPlate()) }

  /// The stage positions as a table, with a row for each; see the blocking form.
  public func positionsTable() async throws -> Table { positionsTable(try await wellPlate()) }

  /// The frames as a table, with a row for each frame that the loops describe or the file stores, or
  /// claims to store.
  ///
  /// Its columns are `Index`, the index along each axis of the loops (`T Index`, …), `Position Name`
  /// with a loop over positions, `Well` with a plate, `Time [s]`, the stage's `X [µm]`, `Y [µm]` and
  /// `Z [µm]` (that of the plane), `Recorded Z [µm]` and `PFS Status` where they were recorded,
  /// `Offset` of the image chunk in bytes, and `Missing`: 1 for frames that are not stored, else 0.
  ///
  /// Times come from the file's list of them; a frame that it lacks is looked up in the file.
  public func framesTable() throws -> Table {
    try located {
      let facts = try load(frameFactsPart)
      var prefixes: [Int: Double] = [:]
      for index in framesWithoutTime(facts) { prefixes[index] = try framePrefix(index) }
      return framesTable(facts, prefixes, try wellPlate())
    }
  }

  /// The frames as a table, with a row for each; see the blocking form.
  public func framesTable() async throws -> Table {
    let facts = try await load(frameFactsPart)
    let plate = try await wellPlate()
    do {
      return framesTable(facts, try await framePrefixes(framesWithoutTime(facts)), plate)
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  /// Number of frames to list: those of the loops, those stored beyond them, and those that the file
  /// says to have, as long as that is not absurd.
  ///
  /// A few frames whose numbers are far beyond all others, which only damage makes, are left out.
  package var listedFrameCount: Int {
    let stored = min(storedFrameCount, 1 << 40)
    let reach = min(frameCount, 1 << 40) + stored * 4 + 4096
    let bound = storedFrameBound <= reach ? storedFrameBound : min(stored, storedFrameBound)
    let known = max(frameCount, bound)
    let declared = attributes.sequenceCount
    return declared <= known + stored + 1000 ? max(known, declared) : known
  }

  private func table(of regions: ROICollection) -> Table {
    let calibrated = metadata.channels.first?.volume.axesCalibrated ?? []
    return regions.table(
      imageWidth: attributes.widthPx, imageHeight: attributes.heightPx,
      voxelSize: calibrated.count >= 2 && calibrated[0] && calibrated[1] ? voxelSize : nil,
      positionNames: positionNames)
  }

  private func positionsTable(_ plate: WellPlate?) -> Table {
    let facts = description.facts(isND2Compatible: options.isND2Compatible)
    return PositionListing(facts: facts, plate: plate).table()
  }

  private func framesTable(
    _ facts: FrameFacts, _ prefixes: [Int: Double], _ plate: WellPlate?
  ) -> Table {
    FrameListing(
      facts: facts, plate: plate, count: listedFrameCount,
      knownCount: max(frameCount, storedFrameBound), prefixes: prefixes,
      offset: { self.frameOffset($0) }
    ).table()
  }

  /// The stored frames that are not in the file's list of times.
  func framesWithoutTime(_ facts: FrameFacts) -> [Int] {
    (0..<max(0, min(storedFrameBound, listedFrameCount))).filter {
      !facts.hasListedTime(ofFrame: $0) && !isMissing(frame: $0)
    }
  }

  /// The times before the pixels of some frames, ms; several frames are read side by side.
  func framePrefixes(_ frames: [Int]) async throws -> [Int: Double] {
    try await withThrowingTaskGroup(of: (Int, Double?).self) { group in
      var prefixes: [Int: Double] = [:]
      var waiting = frames[...]
      var running = 0
      while running > 0 || !waiting.isEmpty {
        while running < 16, let index = waiting.popFirst() {
          group.addTask { (index, try await self.framePrefix(index)) }
          running += 1
        }
        guard let (index, prefix) = try await group.next() else { break }
        running -= 1
        prefixes[index] = prefix
      }
      return prefixes
    }
  }
}
