package import ND2Format

/// The texts of a file, as stored: lines end in CR LF.
public struct TextInfo: Sendable, Hashable, Codable {
  /// Identity of the image.
  public var imageId: String?
  /// Type of the image.
  public var type: String?
  /// Group of the image.
  public var group: String?
  /// Identity of the sample.
  public var sampleId: String?
  /// Author.
  public var author: String?
  /// What the software says of the acquisition, in the language of its user interface.
  public var description: String?
  /// How the image was captured.
  public var capturing: String?
  /// Sampling.
  public var sampling: String?
  /// Place.
  public var location: String?
  /// Local date and time, in the format of the computer's locale.
  public var date: String?
  /// Conclusion.
  public var conclusion: String?
  /// Free text.
  public var info1: String?
  /// Free text.
  public var info2: String?
  /// Objective.
  public var optics: String?
  /// Version of the software.
  public var appVersion: String?

  /// Creates texts, all of them absent.
  public init() {}

  /// The fields in the order of their numbers in files (nd2-format §3.4).
  private static var fields: [WritableKeyPath<TextInfo, String?>] {
    [
      \.imageId, \.type, \.group, \.sampleId, \.author, \.description, \.capturing, \.sampling,
      \.location, \.date, \.conclusion, \.info1, \.info2, \.optics, \.appVersion,
    ]
  }

  /// Decodes `SLxImageTextInfo`; empty texts count as absent.
  package init(_ root: MetadataValue) {
    let fields = Self.fields
    for field in root.content(named: "SLxImageTextInfo").fields
    where field.name.hasPrefix("TextInfoItem") {
      guard let number = IndexedChildren.number(atEndOf: field.name), number < fields.count else {
        continue
      }
      self[keyPath: fields[number]] = field.value.nonEmptyString
    }
  }
}
