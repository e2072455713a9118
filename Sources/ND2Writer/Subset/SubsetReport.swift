/// What writing a smaller file did.
public struct SubsetReport: Sendable, Hashable, Codable {
  /// What was done with a chunk that could not stay as it was.
  public struct Change: Sendable, Hashable, Codable {
    /// Kinds of changes.
    public enum Kind: String, Sendable, Hashable, Codable {
      /// The chunk was changed to stay true.
      case adjusted
      /// The chunk is not in the output.
      case dropped
      /// The chunk stayed as it was, but may say more than is true of the output.
      case kept
    }

    /// What was done.
    public var kind: Kind
    /// Name of the chunk, of several alike that of the first.
    public var chunk: String
    /// What and why, for people.
    public var message: String
  }

  /// The axes of the output with their sizes.
  public var sizes: [String: Int] = [:]
  /// Number of frames in the output's loops.
  public var frameCount = 0
  /// Frames of the input that were selected but are not stored.
  public var missingFrames: [Int] = []
  /// Frames of the input that were left out because they are damaged.
  public var damagedFrames: [Int] = []
  /// Size of the output in bytes.
  public var byteCount: UInt64 = 0
  /// The chunks that were changed or left out, in file order.
  public var changes: [Change] = []
  /// What anonymising removed.
  public var audit: [AuditEntry] = []

  init() {}

  mutating func note(_ kind: Change.Kind, _ chunk: String, _ message: String) {
    let change = Change(kind: kind, chunk: chunk, message: message)
    // Chunks of many frames are noted once.
    if !changes.contains(where: { $0.kind == kind && $0.message == message }) {
      changes.append(change)
    }
  }
}
