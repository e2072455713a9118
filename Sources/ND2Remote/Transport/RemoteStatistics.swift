/// What reading across a network took so far.
public struct RemoteStatistics: Hashable, Sendable {
  /// Requests that were sent, with repetitions and redirects.
  public var requests = 0
  /// Bytes of all answers' bodies.
  public var bytes: UInt64 = 0
  /// Requests that were repeated after a failure.
  public var retries = 0

  /// Nothing yet.
  public init() {}
}
