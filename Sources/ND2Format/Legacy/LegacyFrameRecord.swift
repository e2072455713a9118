/// When and where a frame of version 1.0 was taken: from its own document `VIMD`.
package struct LegacyFrameRecord: Hashable, Sendable {
  /// Time since the start, ms.
  package var timeMs: Double?
  /// Position of the stage, µm.
  package var x: Double?
  package var y: Double?
  /// Focus, µm.
  package var z: Double?

  package init(timeMs: Double? = nil, x: Double? = nil, y: Double? = nil, z: Double? = nil) {
    self.timeMs = timeMs
    self.x = x
    self.y = y
    self.z = z
  }

  private var isComplete: Bool { timeMs != nil && x != nil && y != nil && z != nil }

  /// Looks for the numbers in a document, and no further than it must.
  ///
  /// Files have a document of some kilobytes for every frame; all of it is decoded only when someone
  /// asks for the raw metadata.
  package init(document: [UInt8]) {
    guard MetadataDecoder.looksLikeXML(document), document.first != 0xFF, document.first != 0xFE
    else { return }
    document.withUnsafeBytes { bytes in
      var scanner = XMLScanner(bytes)
      while !isComplete, let token = scanner.next() {
        guard token == .start || token == .empty, let place = Self.place(of: scanner.name),
          let raw = scanner.attribute("value"),
          let number = Double(String(decoding: raw, as: UTF8.self)), number.isFinite,
          // Files without times say -1.
          place != \.timeMs || number >= 0
        else { continue }
        if self[keyPath: place] == nil { self[keyPath: place] = number }
      }
    }
  }

  private static func place(
    of name: UnsafeRawBufferPointer
  ) -> WritableKeyPath<LegacyFrameRecord, Double?>? {
    switch name.count {
    case 4, 5:
      if name.equals("dXPos") || name.equals("XPos") { return \.x }
      if name.equals("dYPos") || name.equals("YPos") { return \.y }
      if name.equals("dZPos") || name.equals("ZPos") { return \.z }
      return nil
    case 8, 9: return name.equals("dTimeMSec") || name.equals("TimeMSec") ? \.timeMs : nil
    default: return nil
    }
  }
}
