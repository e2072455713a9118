public import ND2Format

/// The automated acquisition (JOBS) that a file comes from.
///
/// The definitions are JSON with names without type prefixes. The settings of tasks, which the file
/// keeps as trees within byte arrays, are decoded in place.
public struct JobsRun: Hashable, Sendable {
  /// Identity of the run; empty when the file does not say it.
  public var runGUID: String
  /// Kind of the definition, if the file says it.
  public var programDescription: JSONValue?
  /// The definition: properties and tasks; nil when it is protected.
  public var job: JSONValue?
  /// The encrypted definition of a protected run.
  public var protectedJob: JSONValue?

  /// Creates a description.
  public init(
    runGUID: String = "", programDescription: JSONValue? = nil, job: JSONValue? = nil,
    protectedJob: JSONValue? = nil
  ) {
    self.runGUID = runGUID
    self.programDescription = programDescription
    self.job = job
    self.protectedJob = protectedJob
  }

  /// Whether the definition is encrypted.
  public var isProtected: Bool { protectedJob != nil }

  /// The name that the user gave the job.
  public var name: String? { job?["Property"]?["Name"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// The tasks of the job in stored order, each with its key.
  public var tasks: [Task] {
    (job?["Tasks"]?.members ?? []).map {
      Task(key: $0.name, name: $0.value["Name"]?.string, definition: $0.value)
    }
  }

  /// A step of a job.
  public struct Task: Hashable, Sendable, Codable {
    /// Name of the task within the definition.
    public var key: String
    /// The name that the user sees.
    public var name: String?
    /// Everything that the file says of the task.
    public var definition: JSONValue
  }
}

extension JobsRun: Codable {
  private enum CodingKeys: String, CodingKey {
    case job = "Job"
    case protectedJob = "ProtectedJob"
    case runGUID = "JobRunGUID"
    case programDescription = "ProgramDesc"
  }

  /// Writes the run; the kind of the definition only when the file says it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(job, forKey: .job)
    try container.encode(protectedJob, forKey: .protectedJob)
    try container.encode(runGUID, forKey: .runGUID)
    if let programDescription {
      try container.encode(programDescription, forKey: .programDescription)
    }
  }
}
