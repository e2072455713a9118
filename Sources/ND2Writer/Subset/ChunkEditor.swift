import ND2
import ND2Codecs
import ND2Format

/// What becomes of a chunk in the output.
enum EditedChunk {
  /// It is copied byte for byte.
  case copied
  /// It has other data.
  case changed([UInt8])
  /// It is left out.
  case dropped
}

/// Fits the chunks of a file that are no images to a selection.
struct ChunkEditor {
  let file: ND2File
  let plan: SubsetPlan
  let rowByteCount: Int
  var report = SubsetReport()
  private let columns: ColumnEdit
  private var focusShift = 0.0
  private let times: [Double]

  init(file: ND2File, plan: SubsetPlan, rowByteCount: Int) {
    self.file = file
    self.plan = plan
    self.rowByteCount = rowByteCount
    var tags: [String: RecordedDataDecoder.Tag] = [:]
    if file.hasChunk(ChunkName.recordedData),
      let tree = try? file.metadataTree(ofChunk: ChunkName.recordedData)
    {
      var log = DiagnosticLog()
      for tag in RecordedDataDecoder.tags(tree, log: &log) { tags[tag.chunkName] = tag }
    }
    columns = ColumnEdit(
      frames: plan.frames, frameCount: file.loopLayout.frameCount, tags: tags)
    times = Self.times(file)
  }

  private static func times(_ file: ND2File) -> [Double] {
    guard file.hasChunk(ChunkName.frameTimes), let bytes = try? file.chunk(ChunkName.frameTimes)
    else { return [] }
    return bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 8)).map {
        Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
      }
    }
  }

  /// Whether a chunk is recorded data, one value a frame, that holds text.
  func isTextColumn(_ name: String) -> Bool { columns.tags[name]?.type == 1 }
  /// Whether a chunk is a column of numbers, one or more a frame.
  func isNumberColumn(_ name: String, byteCount: Int) -> Bool {
    !isTextColumn(name) && columns.width(ofChunk: name, byteCount: byteCount) != nil
  }

  /// Fits a chunk to the selection.
  mutating func edit(_ name: String, _ bytes: [UInt8]) throws -> EditedChunk {
    switch name {
    case ChunkName.attributes[0], ChunkName.attributes[1]:
      return try edit(name, bytes) { try $0.editAttributes(&$1) }
    case ChunkName.experiment[0], ChunkName.experiment[1]:
      return try edit(name, bytes) { try $0.editExperiment(name, &$1) }
    case ChunkName.textInfo[0], ChunkName.textInfo[1]:
      return try edit(name, bytes) { editor, chunk in
        TextEdit(plan: editor.plan).apply(to: &chunk)
      }
    case ChunkName.recordedData:
      guard plan.cutsFrames else { return .copied }
      return try edit(name, bytes) { editor, chunk in editor.columns.editDescription(&chunk) }
    case ChunkName.rois:
      return try edit(name, bytes) { $0.editRegions(name, &$1) }
    case ChunkName.wellPlateFrames:
      guard plan.cutsFrames else { return .copied }
      return try edit(name, bytes) { $0.editWells(&$1) }
    case ChunkName.rasterLayers:
      guard plan.isCropped else { return .copied }
      return try edit(name, bytes) { $0.editRasters(&$1) }
    case "CustomDataVar|NDControlV1_0!":
      guard plan.cutsFrames else { return .copied }
      var isTrue = false
      let edited = try edit(name, bytes) { isTrue = ViewerEdit.apply(to: &$1, $0.plan) }
      if isTrue { return edited }
      drop(name, "the state of the viewer does not fit the loops that are left")
      return .dropped
    case "CustomDataVar|LUTDataV1_0!":
      guard plan.components != nil else { return .copied }
      drop(name, "the look-up tables are those of all channels")
      return .dropped
    default: break
    }
    return editColumn(name, bytes)
  }

  private mutating func editColumn(_ name: String, _ bytes: [UInt8]) -> EditedChunk {
    let id = name.dropFirst(ChunkName.customDataPrefix.count).dropLast()
    if name.hasPrefix(ChunkName.customDataPrefix),
      id.hasPrefix("FloatRangeCache") || id.hasPrefix("FloatCompRangeCache"),
      !plan.copiesFrames
    {
      drop(name, "the ranges of intensities are those of whole frames")
      return .dropped
    }
    guard plan.cutsFrames else { return .copied }
    if let width = columns.width(ofChunk: name, byteCount: bytes.count) {
      let selected = columns.select(bytes, width: width)
      if selected == bytes { return .copied }
      report.note(.adjusted, name, "columns of one value a frame have the frames that are left")
      return .changed(selected)
    }
    if name == ChunkName.experimentEvents || ChunkName.events.contains(name) {
      report.note(.kept, name, "events stay, also those between frames that are left out")
    }
    return .copied
  }

  private mutating func drop(_ name: String, _ message: String) {
    report.note(.dropped, name, message)
  }

  /// Decodes a chunk, edits it, and encodes it when it changed.
  private mutating func edit(
    _ name: String, _ bytes: [UInt8],
    _ body: (inout ChunkEditor, inout EditableChunk) throws -> Void
  ) throws -> EditedChunk {
    guard let original = EditableChunk(bytes, limits: file.options.limits) else {
      throw ND2Error(
        .unsupported, "the chunk cannot be decoded, and so cannot be made true of a part",
        at: .init(file: file.path, chunk: name))
    }
    var chunk = original
    try body(&self, &chunk)
    if chunk.tree == original.tree, chunk.json == original.json { return .copied }
    if chunk.isLossy {
      report.note(.adjusted, name, "the damaged parts of the chunk are left out")
    }
    report.note(.adjusted, name, Self.adjustment(of: name))
    return .changed(try chunk.encoded())
  }

  private static func adjustment(of name: String) -> String {
    switch name {
    case ChunkName.attributes[0], ChunkName.attributes[1]: "number and size of the frames"
    case ChunkName.experiment[0], ChunkName.experiment[1]: "turns of the loops"
    case ChunkName.textInfo[0], ChunkName.textInfo[1]: "sizes in the description"
    case ChunkName.rois: "regions of interest"
    case ChunkName.wellPlateFrames: "wells of the frames"
    case ChunkName.recordedData: "number of recorded values"
    default: "sizes and indices"
    }
  }

  // MARK: - Trees

  private func editAttributes(_ chunk: inout EditableChunk) throws {
    AttributesEdit(
      plan: plan, rowByteCount: rowByteCount, componentCount: file.frameLayout.componentCount,
      frameCount: plan.cutsFrames ? plan.frames.count : nil
    ).apply(to: &chunk)
  }

  private mutating func editExperiment(_ name: String, _ chunk: inout EditableChunk) throws {
    let (plan, times, layout) = (plan, times, file.loopLayout)
    var edit = ExperimentEdit(plan: plan) { part in
      // The times at which the turns of a loop began.
      let first = layout.loops.map { loop in
        loop.place.flatMap { plan.loops[$0]?.turns.first } ?? 0
      }
      guard
        let own = layout.loops.firstIndex(where: { loop in
          loop.place.flatMap { plan.loops[$0]?.loop } == part.loop
        })
      else { return [] }
      let found = part.turns.compactMap { turn -> Double? in
        var turns = first
        turns[own] = turn
        guard let frame = layout.frameIndex(ofTurns: turns), times.indices.contains(frame),
          times[frame].isFinite
        else { return nil }
        return times[frame]
      }
      return found.count == part.turns.count ? found : []
    }
    edit.apply(to: &chunk)
    if edit.focusShift != 0, !edit.didShiftPoints { focusShift = edit.focusShift }
    if edit.focusShift != 0 {
      report.note(
        .adjusted, name,
        "the home plane of the stack is not taken; the nearest plane takes its place")
    }
    try check(chunk, name)
  }

  /// Reads the edited plan as any reader would, and compares.
  private func check(_ chunk: EditableChunk, _ name: String) throws {
    guard plan.cutsFrames else { return }
    var log = DiagnosticLog()
    var root = chunk.tree.value
    if root.fields.count == 1, root.fields[0].name == "variant" { root = root.fields[0].value }
    let experiment = ExperimentDecoder.decode(
      root, frameCount: plan.loopedFrameCount, limits: file.options.limits, log: &log)
    let wanted = file.experiment.enumerated().map {
      plan.loops[$0.offset]?.turns.count ?? $0.element.count
    }
    guard experiment.loops.map(\.count) == wanted else {
      throw ND2Error(
        .unsupported, "the loops of this experiment are nested so that they cannot be cut",
        at: .init(file: file.path, chunk: name))
    }
  }

  private mutating func editRegions(_ name: String, _ chunk: inout EditableChunk) {
    var edit = RegionEdit(plan: plan)
    edit.apply(to: &chunk)
    if edit.outsideCount > 0 {
      report.note(
        .dropped, name, "regions of interest outside of the crop: \(edit.outsideCount)")
    }
    if edit.positionCount > 0 {
      report.note(
        .dropped, name, "regions of interest of other positions: \(edit.positionCount)")
    }
  }

  private func editWells(_ chunk: inout EditableChunk) {
    guard case .array(let items) = chunk.json else { return }
    chunk.json = .array(
      items.enumerated().compactMap { place, item in
        guard let new = plan.newNumbers[item["seqIndex"]?.int ?? place] else { return nil }
        guard item["seqIndex"] != nil else { return item }
        return .object(
          item.members.map { $0.name == "seqIndex" ? .init("seqIndex", .integer(Int64(new))) : $0 })
      })
  }

  private func editRasters(_ chunk: inout EditableChunk) {
    let (width, height) = (plan.width, plan.height)
    func cut(_ item: JSONValue) -> JSONValue {
      guard item["binWidth"]?.int == width, item["binHeight"]?.int == height else { return item }
      return .object(
        item.members.map { member in
          switch member.name {
          case "binWidth": .init("binWidth", .integer(Int64(plan.columns.count)))
          case "binHeight": .init("binHeight", .integer(Int64(plan.rows.count)))
          default: member
          }
        })
    }
    if case .array(let items) = chunk.json {
      chunk.json = .array(items.map(cut))
    } else {
      chunk.json = cut(chunk.json)
    }
  }

  // MARK: - Picture metadata

  /// Fits the picture metadata of a frame, of which most files have one for all frames.
  ///
  /// - Parameter isShared: whether it stands for all frames, so that its time is that of the first.
  mutating func editPicture(
    _ name: String, _ bytes: [UInt8], isShared: Bool
  ) throws -> EditedChunk {
    try edit(name, bytes) { editor, chunk in
      let (plan, shift) = (editor.plan, editor.focusShift)
      var newTime: Double?
      if isShared, let first = plan.frames.first, let start = editor.times.first,
        editor.times.indices.contains(first), first > 0
      {
        newTime = start.isFinite ? editor.times[first] : nil
      }
      let start = editor.times.first ?? 0
      chunk.editContent(named: "SLxPictureMetadata") { tree in
        tree.edit("sPicturePlanes") { PictureEdit.cutPlanes(&$0, plan) }
        if shift != 0, let z = tree.double("dZPos") { tree.set("dZPos", z + shift) }
        if let newTime, newTime.isFinite, let old = tree.double("dTimeMSec"), abs(old - start) < 1 {
          tree.set("dTimeMSec", newTime)
        }
      }
    }
  }
}
