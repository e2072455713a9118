import ND2Format

/// The name of a chunk that belongs to one frame: `CustomDataSeq|RleZip_1|3!`.
struct SequenceChunk: Hashable, Sendable {
  /// What stands before the number, with the bar.
  var stem: String
  /// Number of the frame.
  var frame: Int

  init?(_ name: String) {
    guard name.hasSuffix("!"), let bar = name.lastIndex(of: "|") else { return nil }
    let digits = name[name.index(after: bar)...].dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(digits)
    else { return nil }
    stem = String(name[...bar])
    frame = number
  }

  /// What the chunk holds, without the prefix that all such chunks have; nil for others.
  var kind: Substring? {
    let prefix = ChunkName.customSequencePrefix
    guard stem.hasPrefix(prefix), stem.count > prefix.count else { return nil }
    return stem.dropFirst(prefix.count).dropLast()
  }

  /// The name for another frame.
  func name(frame: Int) -> String { "\(stem)\(frame)!" }

  /// Stems of metadata of which there may be one for each frame.
  static let pictureStems = ["ImageMetadataSeqLV|", "ImageMetadataSeq|"]
  static let calibrationStems = ["ImageCalibrationLV|", "ImageCalibration|"]
}
