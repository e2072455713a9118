/// How references are made that let Zarr clients read a file in place.
public struct ZarrReferenceOptions: Sendable, Hashable {
  /// How stage positions are shown.
  public enum Layout: String, Sendable, Hashable, CaseIterable {
    /// An array for each stage position, in a group of its own: `0/0`, `1/0`, …; that of a file
    /// without a loop over positions is `0`.
    case positions
    /// One array, `0`, with an axis P.
    case array
  }

  /// How stage positions are shown.
  public var layout = Layout.positions
  /// The address by which clients reach the file, without credentials; nil for that by which it was
  /// opened, local ones as `file://` and the absolute path.
  public var address: String?
  /// Whether the address is written once, as a template, so that it is easily changed.
  public var usesTemplate = false
  /// The most keys that there may be: documents and byte ranges.
  public var keyLimit = 1_000_000
  /// Whether damaged frames are errors; else they are left out and read as zeros.
  public var isStrict = false

  /// The usual options.
  public init() {}
}
