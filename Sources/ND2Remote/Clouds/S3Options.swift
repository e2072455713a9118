/// How objects of S3 and of stores like it are reached.
public struct S3Options: Sendable {
  /// The defaults.
  public init() {}
}
