package import ND2Format

/// Reads well plates from their chunks, or guesses them from the names of positions
/// (nd2-format §3.14).
package enum WellPlateDecoder {
  /// The chunks that describe a plate; any of them may be missing.
  package struct Chunks: Sendable {
    /// Data of `CustomData|WellPlateDesc_0!`.
    package var description: [UInt8]?
    /// Data of `CustomData|WellPlateDescJSON_0!`.
    package var descriptionJSON: [UInt8]?
    /// Data of `CustomData|WellPlateFrameInfoZJSON!`.
    package var frames: [UInt8]?

    package init(
      description: [UInt8]? = nil, descriptionJSON: [UInt8]? = nil, frames: [UInt8]? = nil
    ) {
      self.description = description
      self.descriptionJSON = descriptionJSON
      self.frames = frames
    }
  }

  /// The plate that the chunks describe; nil when they say neither its size nor its frames.
  package static func decode(
    _ chunks: Chunks, limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) -> WellPlate? {
    let frames = chunks.frames.map { self.frames($0, limits: limits, log: &log) } ?? []
    let described = description(chunks, limits: limits, log: &log)
    let size = size(of: frames)
    if var plate = described, plate.rowCount > 0, plate.columnCount > 0 {
      if size.rows > plate.rowCount || size.columns > plate.columnCount {
        log.warning(
          "a frame lies in a well outside of its plate", chunk: ChunkName.wellPlateFrames)
      }
      plate.frames = frames
      return plate
    }
    guard !frames.isEmpty else { return nil }
    var plate =
      described ?? WellPlate(source: .frameTable, rowCount: 0, columnCount: 0)
    plate.source = .frameTable
    plate.rowCount = size.rows
    plate.columnCount = size.columns
    plate.frames = frames
    return plate
  }

  private static func description(
    _ chunks: Chunks, limits: ParsingLimits, log: inout DiagnosticLog
  ) -> WellPlate? {
    var plate: WellPlate?
    if let bytes = chunks.description {
      do throws(Malformed) {
        let decoded = try MetadataDecoder.decode(bytes, limits: limits)
        log.damage(decoded.problems, in: ChunkName.wellPlate)
        let fields = decoded.root["PlateDesc"] ?? decoded.root
        plate = WellPlate(
          source: .description, name: fields["name"]?.string ?? "",
          rowCount: max(0, fields["rows"]?.int ?? 0),
          columnCount: max(0, fields["columns"]?.int ?? 0),
          rowNaming: fields["rowNaming"]?.string ?? "",
          columnNaming: fields["columnNaming"]?.string ?? "")
      } catch {
        log.damage("the plate could not be decoded: \(error)", chunk: ChunkName.wellPlate)
      }
    }
    guard let bytes = chunks.descriptionJSON else { return plate }
    guard let document = MetadataDump.document(bytes, limits: limits) else {
      log.damage("the plate is not a JSON document", chunk: ChunkName.wellPlateJSON)
      return plate
    }
    // The JSON form fills in what the other one does not say.
    var result = plate ?? WellPlate(source: .description, rowCount: 0, columnCount: 0)
    if result.name.isEmpty { result.name = document["name"]?.string ?? "" }
    if result.rowCount == 0 { result.rowCount = max(0, document["rows"]?.int ?? 0) }
    if result.columnCount == 0 { result.columnCount = max(0, document["columns"]?.int ?? 0) }
    if result.rowNaming.isEmpty { result.rowNaming = document["rowNaming"]?.string ?? "" }
    if result.columnNaming.isEmpty {
      result.columnNaming = document["columnNaming"]?.string ?? ""
    }
    return result
  }

  private static func frames(
    _ bytes: [UInt8], limits: ParsingLimits, log: inout DiagnosticLog
  ) -> [WellFrame] {
    guard let document = MetadataDump.document(bytes, limits: limits) else {
      log.damage("the table of wells cannot be decoded", chunk: ChunkName.wellPlateFrames)
      return []
    }
    var frames: [WellFrame] = []
    var unreadable = 0
    for (position, item) in document.elements.enumerated() {
      guard case .object = item, let row = index(item["wellRowIndex"]),
        let column = index(item["wellColIndex"])
      else {
        unreadable += 1
        continue
      }
      let compact = item["wellCompactName"]?.string ?? ""
      let name = item["wellName"]?.string ?? ""
      frames.append(
        WellFrame(
          plateIndex: item["plateIndex"]?.int ?? 0, plateUUID: item["plateUuid"]?.string ?? "",
          frameIndex: index(item["seqIndex"]) ?? position,
          wellIndex: item["wellIndex"]?.int ?? 0, wellName: name.isEmpty ? compact : name,
          wellCompactName: compact.isEmpty ? name : compact, column: column, row: row))
    }
    if unreadable > 0 {
      log.warning("the well of \(unreadable) frames is not said", chunk: ChunkName.wellPlateFrames)
    }
    return frames
  }

  /// An index that is neither negative nor so large that arithmetic could overflow.
  private static func index(_ value: JSONValue?) -> Int? {
    value?.int.flatMap { (0..<(1 << 32)).contains($0) ? $0 : nil }
  }

  private static func size(of frames: [WellFrame]) -> (rows: Int, columns: Int) {
    (
      frames.map { $0.row + 1 }.max() ?? 0,
      frames.map { $0.column + 1 }.max() ?? 0
    )
  }
}
