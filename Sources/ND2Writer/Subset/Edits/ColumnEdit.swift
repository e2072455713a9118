import ND2
import ND2Format

/// Selects the rows of columns that have a value for each frame (nd2-format §3.5, §3.7).
struct ColumnEdit {
  /// The frames of the input that are taken, ascending.
  let frames: [Int]
  /// Number of frames of the input.
  let frameCount: Int
  /// The recorded columns that the file describes, by the names of their chunks.
  let tags: [String: RecordedDataDecoder.Tag]

  /// Columns whose values are of a known size though nothing describes them.
  private static let knownWidths: [String: Int] = [
    "AcqTimesCache": 8, "AcqTimes2Cache": 8, "AcqFramesCache": 4, "FloatRangeCache": 8,
    "PFS_STATUS": 4, "PFS_OFFSET": 4,
  ]

  /// The size of a value of a column; nil for chunks that are no columns.
  func width(ofChunk name: String, byteCount: Int) -> Int? {
    guard name.hasPrefix(ChunkName.customDataPrefix) else { return nil }
    let id = String(name.dropFirst(ChunkName.customDataPrefix.count).dropLast())
    if let tag = tags[name] {
      switch tag.type {
      case 1:
        guard tag.size > 0, byteCount % tag.size == 0 else { return nil }
        return byteCount / tag.size
      case 2: return 4
      case 3: return 8
      default: break
      }
    }
    if let width = Self.knownWidths[id] { return width }
    if id.hasPrefix("FloatCompRangeCache") { return 8 }
    let isStage = ["X", "Y", "Z"].contains(id) || (id.count == 2 && id.hasPrefix("Z"))
    guard isStage || id == "TimeSourceCache", frameCount > 0, byteCount % frameCount == 0 else {
      return nil
    }
    let width = byteCount / frameCount
    return [1, 2, 4, 8].contains(width) ? width : nil
  }

  /// The rows of the frames that are taken, as far as the column goes.
  func select(_ bytes: [UInt8], width: Int) -> [UInt8] {
    guard width > 0 else { return bytes }
    let rows = bytes.count / width
    var out: [UInt8] = []
    for frame in frames where frame < rows {
      out += bytes[(frame * width)..<((frame + 1) * width)]
    }
    return out
  }

  /// Number of values that a column of so many has after the selection.
  func count(of size: Int) -> Int { frames.prefix { $0 < size }.count }

  /// Sets the sizes in the description of the recorded columns.
  func editDescription(_ chunk: inout EditableChunk) {
    chunk.editContent(named: "CustomTagDescription_v1.0") { tree in
      tree.editChildren { _, tag in
        if let size = tag.int("Size"), size >= 0 { tag.set("Size", count(of: size)) }
      }
    }
  }
}
