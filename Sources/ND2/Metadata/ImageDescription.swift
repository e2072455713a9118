package import ND2Format

/// The decoded chunks that describe an image; nil for those that a file lacks.
package struct DescriptionChunks: Sendable {
  /// `ImageAttributes…`
  package var attributes: MetadataValue?
  /// `ImageMetadataSeq…|0`
  package var picture: MetadataValue?
  /// `ImageMetadata…`, the experiment.
  package var experiment: MetadataValue?
  /// `ImageTextInfo…`
  package var textInfo: MetadataValue?
  /// `ImageCalibration…|0`
  package var calibration: MetadataValue?
  /// Whether they are those of version 1.0, brought into the form of version 2.
  package var isLegacy = false

  package init(
    attributes: MetadataValue? = nil, picture: MetadataValue? = nil,
    experiment: MetadataValue? = nil, textInfo: MetadataValue? = nil,
    calibration: MetadataValue? = nil
  ) {
    self.attributes = attributes
    self.picture = picture
    self.experiment = experiment
    self.textInfo = textInfo
    self.calibration = calibration
  }
}

/// All cheap metadata of a file: what is decoded when it is opened.
package struct ImageDescription: Sendable {
  /// Geometry and number format of the frames.
  package let attributes: ImageAttributes
  /// Channels.
  package let metadata: ImageMetadata
  /// Loops.
  package let experiment: Experiment
  /// Texts.
  package let textInfo: TextInfo
  /// Which components belong to which channel.
  package let channels: ChannelLayout
  /// How the loops number the frames, and their axes.
  package let layout: LoopLayout
  /// Size of the voxels.
  package let voxelSize: VoxelSize
  /// When the image was taken; nil when the file does not say it, or not clearly.
  package let acquisitionDate: AcquisitionDate?
  /// Picture metadata that are not part of the others.
  package let picture: PictureMetadata

  /// Decodes and combines the chunks.
  ///
  /// - Parameters:
  ///   - chunks: the decoded trees.
  ///   - storedCount: number of frames that have a chunk.
  ///   - upperBound: one more than the highest index of a frame that has a chunk.
  ///   - payloadByteCount: bytes of an image chunk without its prefix, after inflation, with which
  ///     missing attributes are inferred.
  ///   - payloadCompression: how that image chunk is compressed.
  ///   - frameShape: what the caller says of frames, for files that do not say it.
  ///   - isND2Compatible: whether wavelengths, types and matrices follow the Python package nd2.
  /// - Throws: ``ND2Error`` when the attributes cannot be those of an image, or are missing and
  ///   cannot be inferred.
  package init(
    _ chunks: DescriptionChunks, storedCount: Int, upperBound: Int,
    payloadByteCount: Int? = nil, payloadCompression: ImageAttributes.Compression? = nil,
    frameShape: FrameShape? = nil, isND2Compatible: Bool = false,
    limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) throws(ND2Error) {
    let picture = chunks.picture.map { PictureMetadata($0) } ?? PictureMetadata()
    if chunks.picture == nil {
      log.warning(
        "the file does not describe its channels", chunk: ChunkName.pictureMetadata.first)
    }
    let attributes = try Self.attributes(
      chunks.attributes, picture, frameShape, payloadByteCount: payloadByteCount,
      compression: payloadCompression, sequenceCount: upperBound, limits: limits, log: &log)

    var experiment = Experiment()
    if let tree = chunks.experiment {
      experiment = ExperimentDecoder.decode(
        tree, frameCount: max(attributes.sequenceCount, upperBound), limits: limits, log: &log)
    }
    let textInfo = chunks.textInfo.map { TextInfo($0) } ?? TextInfo()
    let record = chunks.calibration.map { CalibrationRecord($0) } ?? CalibrationRecord()
    let calibration = Calibration(picture: picture, record: record, loops: experiment.loops)
    let channels = ChannelLayout(
      picture: picture, componentCount: attributes.componentCount, log: &log)

    self.picture = picture
    self.attributes = attributes
    self.experiment = experiment
    self.textInfo = textInfo
    self.channels = channels
    voxelSize = calibration.voxelSize
    layout = LoopLayout(
      experiment.loops,
      frames: StoredFrames(
        storedCount: storedCount, upperBound: upperBound,
        sequenceCount: attributes.sequenceCount),
      limits: limits, log: &log)
    metadata = ImageMetadataBuilder(
      picture: picture, attributes: attributes, layout: channels, loops: experiment.loops,
      calibration: calibration, textInfo: textInfo, calibratedObjective: record.objectiveName,
      isND2Compatible: isND2Compatible, isLegacy: chunks.isLegacy
    ).build()
    acquisitionDate =
      picture.timeAbsolute.flatMap { AcquisitionDate(JulianDate(day: $0)) }
      ?? textInfo.date.flatMap { AcquisitionDate(text: $0) }
  }

  /// The attributes: from their chunk, else from what the caller says, else from the camera's
  /// settings and the size of a frame.
  private static func attributes(
    _ tree: MetadataValue?, _ picture: PictureMetadata, _ frameShape: FrameShape?,
    payloadByteCount: Int?, compression: ImageAttributes.Compression?, sequenceCount: Int,
    limits: ParsingLimits, log: inout DiagnosticLog
  ) throws(ND2Error) -> ImageAttributes {
    var failure = ND2Error(
      .malformed,
      "the file lacks its image attributes, and nothing else tells the size of its frames; say "
        + "it with ReadingOptions.frameShape",
      at: .init(chunk: ChunkName.attributes.first))
    let channelCount = picture.declaredPlaneCount ?? 1
    if let tree {
      do {
        return try ImageAttributesDecoder.decode(
          tree, channelCount: channelCount, limits: limits, log: &log)
      } catch {
        failure = error
      }
    }
    if let shape = frameShape,
      let given = shape.attributes(
        compression: compression, sequenceCount: sequenceCount, channelCount: channelCount,
        limits: limits)
    {
      log.warning("the image attributes are missing; the size of frames is as the caller says")
      return given
    }
    if let payloadByteCount,
      let inferred = ImageAttributesInference.infer(
        from: picture, payloadByteCount: payloadByteCount, compression: compression,
        sequenceCount: sequenceCount, limits: limits, log: &log)
    {
      if tree != nil { log.damage(failure.message, chunk: ChunkName.attributes.first) }
      return inferred
    }
    throw failure
  }

  /// The axes of the image array with their sizes, without axes of one element.
  package var sizes: AxisSizes { layout.sizes(attributes: attributes, channels: channels) }

  /// Where and when frames were taken.
  package func facts(isND2Compatible: Bool = false) -> FrameFacts {
    var facts = FrameFacts(loops: experiment.loops, layout: layout, picture: picture)
    facts.zRule = isND2Compatible ? .nd2Compatible : .ofPlane
    return facts
  }
}
