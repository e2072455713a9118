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
  ///   - isND2Compatible: whether wavelengths, types and matrices follow the Python package nd2.
  /// - Throws: ``ND2Error`` when the attributes cannot be those of an image, or are missing and
  ///   cannot be inferred.
  package init(
    _ chunks: DescriptionChunks, storedCount: Int, upperBound: Int,
    payloadByteCount: Int? = nil, payloadCompression: ImageAttributes.Compression? = nil,
    isND2Compatible: Bool = false, limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) throws(ND2Error) {
    let picture = chunks.picture.map { PictureMetadata($0) } ?? PictureMetadata()
    if chunks.picture == nil {
      log.warning(
        "the file does not describe its channels", chunk: ChunkName.pictureMetadata.first)
    }
    let attributes: ImageAttributes
    if let tree = chunks.attributes {
      attributes = try ImageAttributesDecoder.decode(
        tree, channelCount: picture.declaredPlaneCount ?? 1, limits: limits, log: &log)
    } else if let payloadByteCount,
      let inferred = ImageAttributesInference.infer(
        from: picture, payloadByteCount: payloadByteCount, compression: payloadCompression,
        sequenceCount: upperBound, limits: limits, log: &log)
    {
      attributes = inferred
    } else {
      throw ND2Error(
        .malformed, "the file lacks its image attributes, and nothing else tells its size",
        at: .init(chunk: ChunkName.attributes.first))
    }

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

  /// The axes of the image array with their sizes, without axes of one element.
  package var sizes: AxisSizes { layout.sizes(attributes: attributes, channels: channels) }

  /// Where and when frames were taken.
  package func facts(isND2Compatible: Bool = false) -> FrameFacts {
    var facts = FrameFacts(loops: experiment.loops, layout: layout, picture: picture)
    facts.zRule = isND2Compatible ? .nd2Compatible : .ofPlane
    return facts
  }
}
