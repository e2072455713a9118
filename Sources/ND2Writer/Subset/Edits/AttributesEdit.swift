import ND2
import ND2Format

/// Sets the geometry of the output (nd2-format §3.1).
struct AttributesEdit {
  let plan: SubsetPlan
  /// Distance between rows of the output.
  let rowByteCount: Int
  /// Components of a pixel of the input.
  let componentCount: Int
  /// Number of frames that the output says to have; nil when the input's number stays.
  let frameCount: Int?

  func apply(to chunk: inout EditableChunk) {
    chunk.editContent(named: "SLxImageAttributes") { tree in
      if let frameCount { tree.set("uiSequenceCount", frameCount) }
      guard !plan.copiesFrames else { return }
      cutTile(&tree, "uiTileWidth", "uiWidth", plan.columns.count)
      cutTile(&tree, "uiTileHeight", "uiHeight", plan.rows.count)
      tree.set("uiWidth", plan.columns.count)
      tree.set("uiHeight", plan.rows.count)
      tree.set("uiWidthBytes", rowByteCount)
      guard let components = plan.components else { return }
      if tree.int("uiVirtualComponents") == tree.int("uiComp") {
        tree.set("uiVirtualComponents", components.count)
      }
      tree.set("uiComp", components.count)
    }
  }

  /// A tile of the size of the image stays so; a smaller one is not made larger than the image.
  private func cutTile(_ tree: inout VariantNode, _ tile: String, _ side: String, _ size: Int) {
    guard let old = tree.int(tile) else { return }
    tree.set(tile, old == tree.int(side) ? size : min(old, size))
  }
}
