/// An experiment: the loops that made the frames of a file, and what else its plan says.
public struct Experiment: Sendable, Hashable, Codable {
  /// The loops, outermost first; loops of one turn included, loops that add no frames left out.
  public var loops: [ExperimentLoop]
  /// The loop over wavelengths, whose turns are the channels within a frame.
  public var spectralLoop: SpectralLoop?
  /// The plan of a stitched image; frames may already be stitched.
  public var largeImage: LargeImage?
  /// What the experiment was started from, such as `ND Acquisition`.
  public var application: String?
  /// What the user wrote to it.
  public var userDescription: String?
  /// Whether the phases of a time loop have loops of their own that differ.
  public var isJagged: Bool

  /// Creates an experiment.
  public init(
    loops: [ExperimentLoop] = [], spectralLoop: SpectralLoop? = nil,
    largeImage: LargeImage? = nil, application: String? = nil, userDescription: String? = nil,
    isJagged: Bool = false
  ) {
    self.loops = loops
    self.spectralLoop = spectralLoop
    self.largeImage = largeImage
    self.application = application
    self.userDescription = userDescription
    self.isJagged = isJagged
  }
}

/// A loop over wavelengths: it adds no frames, its turns are channels.
public struct SpectralLoop: Sendable, Hashable, Codable {
  /// Number of channels.
  public var count: Int
  /// Depth, counted without this loop: 0 when no other loop is outside it.
  public var nestingLevel: Int

  /// Creates a loop.
  public init(count: Int, nestingLevel: Int = 0) {
    self.count = count
    self.nestingLevel = nestingLevel
  }
}

/// The plan of an image that is stitched from fields.
public struct LargeImage: Sendable, Hashable, Codable {
  /// Fields along x.
  public var fieldCountX: Int
  /// Fields along y.
  public var fieldCountY: Int
  /// Overlap of neighbours, percent.
  public var overlapPercent: Double?
  /// Whether fields were stitched.
  public var isStitched: Bool

  /// Creates a plan.
  public init(
    fieldCountX: Int, fieldCountY: Int, overlapPercent: Double? = nil, isStitched: Bool = false
  ) {
    self.fieldCountX = fieldCountX
    self.fieldCountY = fieldCountY
    self.overlapPercent = overlapPercent
    self.isStitched = isStitched
  }
}
