package import ND2Format

/// What went wrong, where, and what to do about it: the error of every call of this library.
///
/// Calls that are cancelled throw `CancellationError` instead.
public struct ND2Error: Error, Sendable {
  /// The kind of failure: the only part to make decisions by.
  public var code: Code
  /// One sentence for people.
  public var message: String
  /// Where in the file the cause lies.
  public var location: Location
  /// The failure beneath, for instance of the operating system.
  public var cause: (any Error)?

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, at location: Location = Location(),
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// A kind of failure. New kinds may be added; compare with the static members.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// Stable name, also printed by the command with `--json`.
    public let description: String

    /// The file is not an ND2 file; the message says what it looks like.
    public static let notAnND2File = Code(description: "notAnND2File")
    /// The bytes break the rules of the format.
    public static let malformed = Code(description: "malformed")
    /// The file is valid, but this version of the library cannot read that part.
    public static let unsupported = Code(description: "unsupported")
    /// A value goes beyond a limit of `ParsingLimits`.
    public static let limitExceeded = Code(description: "limitExceeded")
    /// The operating system or the network failed.
    public static let io = Code(description: "io")
    /// The file changed between two reads.
    public static let changedWhileReading = Code(description: "changedWhileReading")
    /// The caller asked for something that the file does not have.
    public static let invalidRequest = Code(description: "invalidRequest")
    /// A frame has no data, or damaged data, and strict reading was asked for.
    public static let missingFrame = Code(description: "missingFrame")
  }

  /// A place in a file.
  public struct Location: Hashable, Sendable {
    /// Path or address of the file.
    public var file: String?
    /// Byte offset from the start of the file.
    public var offset: UInt64?
    /// Name of the chunk, with its `!`.
    public var chunk: String?
    /// Path of keys in decoded metadata, such as `SLxExperiment/uLoopPars`.
    public var path: String?

    /// Creates a location.
    public init(
      file: String? = nil, offset: UInt64? = nil, chunk: String? = nil, path: String? = nil
    ) {
      self.file = file
      self.offset = offset
      self.chunk = chunk
      self.path = path
    }
  }
}

extension ND2Error: CustomStringConvertible {
  /// The message and the place, in one line.
  public var description: String {
    let place = location.description
    return place.isEmpty ? message : "\(message) (\(place))"
  }
}

extension ND2Error.Location: CustomStringConvertible {
  /// The parts that are known, in one line.
  public var description: String {
    var parts: [String] = []
    if let file { parts.append("file '\(file)'") }
    if let chunk { parts.append("chunk '\(chunk)'") }
    if let path { parts.append("at \(path)") }
    if let offset { parts.append("offset \(offset)") }
    return parts.joined(separator: ", ")
  }
}

extension ND2Error {
  /// The public form of a parser's error.
  package init(_ malformed: Malformed, in subject: String, chunk: String? = nil) {
    let code: Code =
      switch malformed.reason {
      case .limitExceeded: .limitExceeded
      case .unsupported: .unsupported
      default: .malformed
      }
    self.init(
      code, "\(subject): \(malformed)", at: Location(offset: malformed.offset, chunk: chunk),
      cause: malformed)
  }

  /// The same error, naming the file.
  package func inFile(_ name: String) -> ND2Error {
    var copy = self
    if copy.location.file == nil, !name.isEmpty { copy.location.file = name }
    return copy
  }

  /// An error for a request that the file cannot fulfil.
  package static func invalidRequest(_ message: String) -> ND2Error {
    ND2Error(.invalidRequest, message)
  }
}
