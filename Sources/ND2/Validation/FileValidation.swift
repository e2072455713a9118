/// What a check of a file found.
public struct FileValidation: Hashable, Sendable, Codable {
  /// What the findings come to.
  public enum Verdict: String, Hashable, Sendable, Codable {
    /// Nothing is wrong.
    case sound
    /// Something is unusual or was repaired, but nothing is lost.
    case usable
    /// Something is missing or cannot be decoded.
    case damaged
  }

  /// Something that is wrong or unusual.
  public struct Finding: Hashable, Sendable, Codable {
    /// How much it matters.
    public var severity: Diagnostic.Severity
    /// What kind of defect it is: a stable name such as `chunk.torn`.
    public var code: String
    /// One sentence for people.
    public var message: String
    /// The chunk that it concerns, with its `!`.
    public var chunk: String?
    /// Where it lies in the file.
    public var offset: UInt64?
    /// The frame that it concerns.
    public var frame: Int?
  }

  /// What was found, the worst first.
  public internal(set) var findings: [Finding] = []
  /// Number of chunks that were looked at.
  public internal(set) var chunkCount = 0
  /// Number of frames that are stored.
  public internal(set) var frameCount = 0
  /// Number of frames whose images were decoded.
  public internal(set) var decodedFrameCount = 0
  /// Whether every image and mask was decoded.
  public internal(set) var isDeep = false

  /// What the findings come to.
  public var verdict: Verdict {
    if findings.contains(where: { $0.severity == .damage }) { return .damaged }
    return findings.isEmpty ? .sound : .usable
  }

  /// Most findings of one kind; what goes beyond is counted in the last of them.
  private static let mostOfAKind = 50

  mutating func add(
    _ severity: Diagnostic.Severity, _ code: String, _ message: String, chunk: String? = nil,
    offset: UInt64? = nil, frame: Int? = nil
  ) {
    findings.append(
      Finding(
        severity: severity, code: code, message: message, chunk: chunk, offset: offset,
        frame: frame))
  }

  /// Puts the worst first and shortens long rows of one kind.
  mutating func finish() {
    let order: [Diagnostic.Severity] = [.damage, .warning, .note]
    var kept: [Finding] = []
    for severity in order {
      var counts: [String: Int] = [:]
      for finding in findings where finding.severity == severity {
        counts[finding.code, default: 0] += 1
        if counts[finding.code, default: 0] <= Self.mostOfAKind { kept.append(finding) }
      }
      for (code, count) in counts.ordered(by: { $0.key < $1.key }) where count > Self.mostOfAKind {
        kept.append(
          Finding(
            severity: severity, code: code,
            message: "and \(count - Self.mostOfAKind) more of this kind"))
      }
    }
    findings = kept
  }
}
