/// How blobs of Azure are reached.
public struct AzureOptions: Sendable {
  /// The defaults.
  public init() {}
}
