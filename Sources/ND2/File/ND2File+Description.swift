import ND2Format

// What is in memory once a file is open.
extension ND2File {
  /// Whether the file is of the first generation (JPEG 2000).
  public var isLegacy: Bool { version.major < 2 }

  /// Geometry and number format of the frames.
  public var attributes: ImageAttributes { description.attributes }

  /// The channels with their optics and calibration.
  public var metadata: ImageMetadata { description.metadata }

  /// The names of the elements along the channel axis, also when there is one channel only.
  public var channelNames: [String] { channelLayout.channelAxisNames }

  /// The loops of the experiment, outermost first; loops over wavelengths are left out, as they add
  /// no frames.
  public var experiment: [ExperimentLoop] { description.experiment.loops }

  /// The plan of the experiment: its loops and what else it says, such as stitching.
  public var experimentPlan: Experiment { description.experiment }

  /// The texts that came with the acquisition.
  public var textInfo: TextInfo { description.textInfo }

  /// Size of a voxel in µm; 1 along axes that are not calibrated.
  public var voxelSize: VoxelSize { description.voxelSize }

  /// When the acquisition began, or nil when the file does not say it plausibly.
  public var acquisitionDate: AcquisitionDate? { description.acquisitionDate }

  /// The axes of the array with their sizes, outermost first: loops in the order of the experiment,
  /// then C, Y, X and, for colour, S. Axes of one element are left out.
  public var sizes: AxisSizes { description.sizes }

  /// The numbers of elements along the axes of ``sizes``.
  public var shape: [Int] { sizes.shape }

  /// Number of axes of the array.
  public var dimensionCount: Int { sizes.count }

  /// Number of elements of the array; `Int.max` when a damaged file claims more than can be counted.
  public var elementCount: Int { sizes.elementCount }

  /// The number format of the array.
  public var sampleType: SampleType { geometry.sampleType }

  /// Whether pixels are coloured: every channel has three components (or four).
  public var isRGB: Bool { description.channels.isRGB }

  /// Components that each channel has; 1 when channels differ.
  public var componentsPerChannel: Int { description.channels.componentsPerChannel }

  /// Which stored components belong to which channel.
  public var channelLayout: ChannelLayout { description.channels }

  /// How the loops number the frames.
  public var loopLayout: LoopLayout { description.layout }

  /// Number of frames that the loops describe, stored or not.
  public var frameCount: Int { description.layout.frameCount }

  /// Number of frames that are stored.
  public var storedFrameCount: Int { store.numbers.storedCount }

  /// One more than the highest number of a stored frame. Beyond ``frameCount`` when an acquisition
  /// was stopped; such frames can be read by their number only.
  public var storedFrameBound: Int { store.numbers.upperBound }

  /// The index of a frame along each loop's axis, outermost first; empty for frames that the loops
  /// do not reach.
  public func coordinates(ofFrame index: Int) -> [(axis: Axis, index: Int)] {
    description.layout.indices(ofFrame: index) ?? []
  }

  /// Defects that were met so far. Reading more of the file may add to them.
  public var diagnostics: [Diagnostic] { diagnosticStore.entries }

  /// The names of the stage positions; nil for those without one.
  var positionNames: [String?] {
    for loop in experiment {
      if case .xyPositions(let positions) = loop {
        return positions.parameters.points.map(\.name)
      }
    }
    return []
  }
}

extension LoopLayout {
  /// The index of the stage position of every frame; empty for more frames than anyone plans.
  var positionsOfFrames: [Int] {
    guard let place = axes.index(of: .position), frameCount <= 10_000_000 else { return [] }
    return (0..<frameCount).map { coordinates(ofFrame: $0)?[place] ?? 0 }
  }
}
