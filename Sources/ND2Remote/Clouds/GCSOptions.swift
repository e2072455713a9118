/// How objects of Google Cloud Storage are reached.
public struct GCSOptions: Sendable {
  /// The defaults.
  public init() {}
}
