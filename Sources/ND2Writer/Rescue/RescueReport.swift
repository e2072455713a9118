/// What was saved of a damaged file, and what was lost.
public struct RescueReport: Hashable, Sendable, Codable {
  /// A frame that is not in the output, or not whole.
  public struct Frame: Hashable, Sendable, Codable {
    /// Number of the frame; in files of version 1.0 that of the codestream.
    public var index: Int
    /// What is wrong with it.
    public var reason: String
    /// Where its chunk lies in the damaged file, when there is one.
    public var offset: UInt64?
  }

  /// A chunk that is not in the output.
  public struct Chunk: Hashable, Sendable, Codable {
    /// The name, with its `!`.
    public var name: String
    /// What is wrong with it.
    public var reason: String
  }

  /// Bytes that belong to no chunk.
  public struct Gap: Hashable, Sendable, Codable {
    /// Where they begin in the damaged file.
    public var offset: UInt64
    /// How many there are.
    public var byteCount: UInt64
  }

  /// Number of frames in the output.
  public var savedFrameCount = 0
  /// Number of other chunks in the output.
  public var savedChunkCount = 0
  /// Size of the output in bytes.
  public var byteCount: UInt64 = 0
  /// Frames that were there once, or of which a part is there, and are not in the output.
  public var lostFrames: [Frame] = []
  /// Frames of which the output has a part; the other rows are zeros.
  public var partialFrames: [Frame] = []
  /// Frames in the output in which bytes may be missing or may have been put in.
  public var doubtfulFrames: [Frame] = []
  /// Other chunks that are not in the output.
  public var lostChunks: [Chunk] = []
  /// Bytes that belong to no chunk and are not all zero.
  public var gaps: [Gap] = []
  /// Names of the chunks that were written anew.
  public var rebuiltChunks: [String] = []
  /// What else is worth knowing.
  public var notes: [String] = []

  /// Whether everything was saved that is known to have been in the file.
  public var isComplete: Bool {
    lostFrames.isEmpty && partialFrames.isEmpty && doubtfulFrames.isEmpty && lostChunks.isEmpty
      && gaps.isEmpty
  }
}
