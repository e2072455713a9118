import ND2Format

/// Which masks and further chunks were written.
struct MaskLedger {
  private var frames: [String: Set<Int>] = [:]
  private var chunks: Set<String> = []

  /// Notes a mask; false when there is one already.
  mutating func note(layer: String, frame: Int) -> Bool {
    frames[layer, default: []].insert(frame).inserted
  }

  /// Notes a chunk; false when there is one of that name already.
  mutating func note(chunk name: String) -> Bool { chunks.insert(name).inserted }
}

extension ChunkName {
  /// Whether the writer has chunks of that name of its own.
  static func isWritten(_ name: String) -> Bool {
    let lists = [attributes, pictureMetadata, experiment, textInfo, calibration]
    return lists.contains { $0.contains(name) }
      || [
        experimentEvents, frameTimes, rois, binaryLayers, rasterLayers, recordedData,
        applicationInfo, "CustomData|AcqTimes2Cache!", "CustomData|AcqFramesCache!",
      ].contains(name)
  }
}
