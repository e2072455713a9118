/// Names under which the boxes of version 1.0 are listed (nd2-format §5.1).
///
/// Boxes have no names, only a kind and a tag of four letters. Those that come once for every image
/// are named by tag and number, such as `VIMD|0!`, the others by their tag, such as `TINF!`, or by
/// the kind of box when it has none; the second of one name gets a number. Like names of chunks all
/// end in `!`.
package enum BoxName {
  /// Tag of the codestreams, one for each frame and channel. Other boxes have that tag as well.
  package static let codestreamTag = "LUNK"
  /// Description of each frame; that of the first is that of the file.
  package static let pictureTag = "VIMD"
  /// Calibration of each frame.
  package static let calibrationTag = "VCAL"
  /// Further attributes of the image.
  package static let advancedAttributes = "ARTT!"
  /// The experiment: newer name first.
  package static let experiment = ["AIM1!", "AIMD!"]
  /// Text fields.
  package static let textInfo = "TINF!"
  /// Calibration of the file.
  package static let calibration = "ACAL!"
  /// Events during the acquisition.
  package static let events = "IEVE!"
  /// Header of the images, as in any JP2 file.
  package static let imageHeader = "jp2h!"

  /// Name of a codestream.
  package static func codestream(_ index: Int) -> String { numbered(codestreamTag, index) }
  /// Name of the description of a frame.
  package static func picture(_ frame: Int) -> String { numbered(pictureTag, frame) }
  /// Name of the calibration of a frame.
  package static func calibration(_ frame: Int) -> String { numbered(calibrationTag, frame) }

  private static func numbered(_ tag: String, _ index: Int) -> String { "\(tag)|\(index)!" }

  /// Number of a codestream, or nil for other names.
  package static func codestreamIndex(_ name: String) -> Int? { index(name, tag: codestreamTag) }

  /// The number in a name that consists of a tag and a number of at most 9 digits.
  package static func index(_ name: String, tag: String) -> Int? {
    guard name.hasPrefix(tag), name.hasSuffix("!") else { return nil }
    let digits = name.utf8.dropFirst(tag.utf8.count).dropLast()
    guard digits.first == UInt8(ascii: "|"), (2...10).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits.dropFirst() {
      guard (0x30...0x39).contains(digit) else { return nil }
      number = number * 10 + Int(digit - 0x30)
    }
    return number
  }

  /// Whether a box of that name holds XML.
  package static func isXML(_ name: String) -> Bool {
    let tag = name.prefix { $0 != "|" && $0 != "!" }
    return !["jP", "ftyp", "jp2h", "LUNK", "uuid", "PMAP"].contains(tag)
  }

  /// Whether a box of that name begins with that kind.
  package static func matches(_ name: String, kind: BoxHeader.Kind) -> Bool {
    let tag = name.prefix { $0 != "|" && $0 != "!" }
    switch tag {
    case "LUNK": return kind == .codestream
    case "jP": return kind == .signature
    case "ftyp": return kind == .fileType
    case "jp2h": return kind == .imageHeader
    case "PMAP", "uuid": return kind == .uuid
    default: return kind == .xml || kind.name == tag
    }
  }
}

/// Gives names to boxes in the order in which they come.
struct BoxNamer {
  private var counts: [String: Int] = [:]

  /// The name of the next box, or the number of a codestream.
  ///
  /// - Parameters:
  ///   - kind: kind of the box.
  ///   - tag: tag in the map; nil when it is not known.
  ///   - number: number that the box gives itself.
  mutating func name(_ kind: BoxHeader.Kind, tag: String?, number: Int? = nil) -> String {
    // Heads of images carry the tag of codestreams.
    let isHead = kind == .signature || kind == .fileType || kind == .imageHeader
    var stem = isHead ? kind.name : tag ?? kind.name
    if kind == .codestream { stem = BoxName.codestreamTag }
    let isNumbered = [BoxName.codestreamTag, BoxName.pictureTag, BoxName.calibrationTag]
      .contains(stem)
    let index = number ?? counts[stem] ?? 0
    counts[stem] = max(counts[stem] ?? 0, index + 1)
    return isNumbered || index > 0 ? "\(stem)|\(index)!" : "\(stem)!"
  }
}
