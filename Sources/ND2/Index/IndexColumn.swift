/// A column of an index of files: one fact about each file.
///
/// ``standard`` are those of `nd2.index` of the Python package nd2, in its order and with its names;
/// the others are given on request.
public enum IndexColumn: Int, Hashable, Sendable, CaseIterable {
  /// The absolute path, links resolved.
  case path
  /// The name of the file.
  case name
  /// The version of the format, such as `3.0`.
  case version
  /// The size in kilobytes (1000 bytes), to two decimals.
  case kilobytes
  /// When the acquisition began, such as `2013-03-17 07:18:07`; empty when it is not known.
  ///
  /// Universal time, unless the file only has a text with the local time.
  case acquired
  /// The loops of the experiment, such as `TimeLoop:3;ZStackLoop:10`.
  case experiment
  /// The number format of the pixels, such as `uint16`.
  case sampleType
  /// The numbers of elements along the axes, outermost first.
  case shape
  /// The letters of the axes, outermost first, such as `TZCYX`.
  case axes
  /// Whether there are binary layers.
  case hasMasks
  /// Whether there are regions of interest.
  case hasRegions
  /// The program that wrote the file.
  case softwareName
  /// The version of that program.
  case softwareVersion
  /// The camera or scanner.
  case grabber

  /// When the file was last changed, in universal time, such as `2013-03-17 07:18:07`.
  case modified
  /// The number of frames that the loops describe.
  case frames
  /// The number of frames that are stored.
  case storedFrames
  /// The number of stage positions.
  case positions
  /// The names of the channels.
  case channels
  /// The bits of a component that are used.
  case bits
  /// How frames are compressed; missing when they are not.
  case compression
  /// The width of a pixel in µm; missing when the file is not calibrated.
  case pixelSize
  /// The distance of focus planes in µm; missing without a focus loop.
  case focusStep
  /// The name of the objective.
  case objective
  /// The magnification of the objective.
  case magnification
  /// Seconds from the first frame to the last, as recorded.
  case duration
  /// The names of the wells that were imaged.
  case wells
  /// The number of reduced levels that are stored.
  case pyramidLevels
  /// Whether the file is damaged, as far as opening shows it.
  case isDamaged
  /// Why the file cannot be read.
  case error
  /// The path of a small picture, where one was made; see ``FileIndex/Options/visit``.
  case thumbnail

  /// The columns of the Python package nd2, in its order.
  public static let standard: [IndexColumn] = [
    .path, .name, .version, .kilobytes, .acquired, .experiment, .sampleType, .shape, .axes,
    .hasMasks, .hasRegions, .softwareName, .softwareVersion, .grabber,
  ]

  /// What the values of a column are.
  enum Kind {
    case bool, integer, number, text, texts, integers
  }

  private static let facts: [(name: String, kind: Kind)] = [
    ("path", .text), ("name", .text), ("version", .text), ("kb", .number), ("acquired", .text),
    ("experiment", .text), ("dtype", .text), ("shape", .integers), ("axes", .text),
    ("binary", .bool), ("rois", .bool), ("software_name", .text), ("software_version", .text),
    ("grabber", .text),
    ("modified", .text), ("frames", .integer), ("stored_frames", .integer), ("positions", .integer),
    ("channels", .texts), ("bits", .integer), ("compression", .text), ("pixel_um", .number),
    ("z_step_um", .number), ("objective", .text), ("magnification", .number),
    ("duration_s", .number), ("wells", .texts), ("pyramid_levels", .integer), ("damaged", .bool),
    ("error", .text), ("thumbnail", .text),
  ]

  /// The name, such as `kb`: the heading of the column, and what filters call it.
  public var name: String { Self.facts[rawValue].name }

  /// What the values of the column are.
  var kind: Kind { Self.facts[rawValue].kind }

  /// The column of a name.
  public init?(name: String) {
    guard let place = Self.facts.firstIndex(where: { $0.name == name }) else { return nil }
    self.init(rawValue: place)
  }

  /// A typical value, by which filters are checked before files are read.
  var example: IndexValue {
    switch kind {
    case .bool: .bool(true)
    case .integer: .integer(1)
    case .number: .number(1.5)
    case .text: .text("1")
    case .texts: .list([.text("1")])
    case .integers: .list([.integer(1), .integer(1)])
    }
  }
}

extension IndexColumn: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
