import ND2
import ND2Format

/// Cuts the picture metadata to the channels that are taken (nd2-format §3.2).
enum PictureEdit {
  /// Cuts `sPicturePlanes`, or what has its shape: the channels, their settings, the counts.
  static func cutPlanes(_ tree: inout VariantNode, _ plan: SubsetPlan) {
    guard plan.components != nil else { return }
    let kept = plan.picturePlanes
    var settings: [Int?] = []
    var components = 0
    for name in ["sPlaneNew", "sPlane"] where tree[name]?.hasChildren == true {
      tree.edit(name) { planes in
        // Planes without any field are passed over by the reader, and so are not counted.
        let stored = planes.children.indices.filter { planes.children[$0].hasChildren }
        let chosen = kept.filter { stored.indices.contains($0.index) }
        planes.keepStored(chosen.map { stored[$0.index] })
        planes.editChildren { rank, plane in
          plane.set("uiCompCount", chosen[rank].componentCount)
        }
        settings = planes.children.map { $0.int("uiSampleIndex") }
        components = chosen.reduce(0) { $0 + $1.componentCount }
      }
      tree.set("uiCount", settings.count)
      tree.set("uiCompCount", components)
      cutSettings(&tree, planes: name, used: settings)
      break
    }
  }

  /// Drops the settings that no channel uses any more, and numbers the others anew.
  private static func cutSettings(
    _ tree: inout VariantNode, planes name: String, used: [Int?]
  ) {
    guard let stored = tree["sSampleSetting"], stored.isMemberList else { return }
    let numbers = stored.children.enumerated().map {
      VariantNode.numbered($1.name)?.number ?? $0
    }
    let indices = Set(used.compactMap { $0 }).sorted()
    // Where channels do not name their settings, or name what is not there, all of them stay.
    guard used.allSatisfy({ $0 != nil }), !indices.isEmpty,
      indices.allSatisfy({ numbers.contains($0) })
    else { return }
    tree.edit("sSampleSetting") { settings in
      settings.keepStored(indices.compactMap { numbers.firstIndex(of: $0) })
    }
    tree.set("uiSampleCount", indices.count)
    tree.edit(name) { planes in
      planes.editChildren { _, plane in
        if let old = plane.int("uiSampleIndex"), let new = indices.firstIndex(of: old) {
          plane.set("uiSampleIndex", new)
        }
      }
    }
  }
}
