import ND2
import ND2Format

/// Fits the state of the viewer to the loops of the output (nd2-format §3.11).
enum ViewerEdit {
  /// Sets the sizes and indices of the loops.
  ///
  /// - Returns: false when the state does not describe the loops of the file, and so cannot be
  ///   made true.
  static func apply(to chunk: inout EditableChunk, _ plan: SubsetPlan) -> Bool {
    let parts = plan.loops.ordered { $0.key < $1.key }.map(\.value)
    var isTrue = false
    chunk.editContent(named: "NDControl") { tree in
      let sizes = (tree["LoopSize"]?.children ?? []).map { $0.int ?? 0 }
      let ranges = tree["FramesInRange"]
      guard sizes.filter({ $0 > 0 }) == parts.map(\.count),
        ranges == nil || ranges?.string == "" || ranges?.hasChildren == false
      else { return }
      isTrue = true
      var loops: [Int: SubsetPlan.LoopPart] = [:]
      for (rank, place) in sizes.indices.filter({ sizes[$0] > 0 }).enumerated() {
        loops[place] = parts[rank]
      }
      tree.editChildren { _, list in
        switch list.name {
        case "LoopSize":
          list.editChildren { place, node in
            if let loop = loops[place] { node.setNumber(Double(loop.turns.count)) }
          }
        case "LoopPosition":
          list.editChildren { place, node in
            guard let loop = loops[place], let old = node.int else { return }
            node.setNumber(Double(loop.turns.lastIndex { $0 <= old } ?? 0))
          }
        case "LoopSelection", "LoopRangeSelection", "LoopEventSelection":
          list.editChildren { place, node in
            guard let loop = loops[place], let bytes = node.bytes, bytes.count == loop.count else {
              return
            }
            node.keepFlags(loop.turns)
          }
        default: break
        }
      }
    }
    return isTrue
  }
}
