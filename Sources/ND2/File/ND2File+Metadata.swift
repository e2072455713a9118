import ND2Format

// The bulky metadata: read and decoded when first asked for, then kept. Every function has a
// blocking and an asynchronous form, made from one part.
extension ND2File {
  /// Times of the frames in ms since the start of the acquisition, as recorded; empty when the file
  /// has no record of them.
  public func frameTimes() throws -> [Double] { try load(frameTimesPart) }

  /// Times of the frames in ms since the start of the acquisition, as recorded; empty when the file
  /// has no record of them.
  public func frameTimes() async throws -> [Double] { try await load(frameTimesPart) }

  /// The regions of interest, with the position that each belongs to.
  public func rois() throws -> ROICollection { try load(roisPart) }

  /// The regions of interest, with the position that each belongs to.
  public func rois() async throws -> ROICollection { try await load(roisPart) }

  /// What was recorded with every frame (exposure, temperature, stage, focus, …), a column each.
  public func recordedData() throws -> [RecordedColumn] { try load(recordedDataPart) }

  /// What was recorded with every frame (exposure, temperature, stage, focus, …), a column each.
  public func recordedData() async throws -> [RecordedColumn] { try await load(recordedDataPart) }

  /// What happened during the acquisition: user actions, stimulation, pauses, errors.
  public func experimentEvents() throws -> [ExperimentEvent] { try load(eventsPart) }

  /// What happened during the acquisition: user actions, stimulation, pauses, errors.
  public func experimentEvents() async throws -> [ExperimentEvent] { try await load(eventsPart) }

  /// The table that NIS-Elements shows as "Recorded Data": a row for each frame and each event.
  public func events() throws -> EventTable {
    eventTable(try frameTimes(), try recordedData(), try experimentEvents())
  }

  /// The table that NIS-Elements shows as "Recorded Data": a row for each frame and each event.
  public func events() async throws -> EventTable {
    eventTable(try await frameTimes(), try await recordedData(), try await experimentEvents())
  }

  /// The XML data that programs attach (`CustomDataVar|…`), by name, with stripped keys.
  public func customData() throws -> JSONValue { try load(customDataPart) }

  /// The XML data that programs attach (`CustomDataVar|…`), by name, with stripped keys.
  public func customData() async throws -> JSONValue { try await load(customDataPart) }

  /// The form that the user filled in, or nil.
  public func customDescription() throws -> CustomDescription? { try load(customDescriptionPart) }

  /// The form that the user filled in, or nil.
  public func customDescription() async throws -> CustomDescription? {
    try await load(customDescriptionPart)
  }

  /// The JOBS run that took the images, or nil.
  public func jobs() throws -> JobsRun? { try load(jobsPart) }

  /// The JOBS run that took the images, or nil.
  public func jobs() async throws -> JobsRun? { try await load(jobsPart) }

  /// The well plate that was imaged, or nil: from the file's description of it, else from position
  /// names such as `B07`.
  public func wellPlate() throws -> WellPlate? { try load(wellPlatePart) }

  /// The well plate that was imaged, or nil: from the file's description of it, else from position
  /// names such as `B07`.
  public func wellPlate() async throws -> WellPlate? { try await load(wellPlatePart) }

  /// The program that took the images; without fields when the file does not say.
  public func applicationInfo() throws -> ApplicationInfo { try load(applicationInfoPart) }

  /// The program that took the images; without fields when the file does not say.
  public func applicationInfo() async throws -> ApplicationInfo {
    try await load(applicationInfoPart)
  }

  /// Everything that the metadata chunks hold, decoded but not interpreted, by chunk name.
  ///
  /// - Parameter strippingPrefixes: whether keys lose their type prefix (`uiWidth` → `Width`).
  public func unstructuredMetadata(strippingPrefixes: Bool = true) throws -> JSONValue {
    try load(unstructuredPart(strippingPrefixes))
  }

  /// Everything that the metadata chunks hold, decoded but not interpreted, by chunk name.
  ///
  /// - Parameter strippingPrefixes: whether keys lose their type prefix (`uiWidth` → `Width`).
  public func unstructuredMetadata(strippingPrefixes: Bool = true) async throws -> JSONValue {
    try await load(unstructuredPart(strippingPrefixes))
  }

  // MARK: - Parts

  private var frameTimesPart: MetadataPart<[Double]> {
    if isLegacy { return legacyFrameTimesPart }
    return MetadataPart(key: "frameTimes", chunkNames: { _ in [ChunkName.frameTimes] }) {
      chunks, _ in
      chunks[ChunkName.frameTimes].map { Column.doubles($0.bytes) } ?? []
    }
  }

  private var roisPart: MetadataPart<ROICollection> {
    let limits = options.limits
    return MetadataPart(key: "rois", chunkNames: { _ in [ChunkName.rois] }) { chunks, log in
      chunks.tree(ChunkName.rois, limits, &log).map { ROIDecoder.decode($0, log: &log) } ?? []
    }
  }

  /// Whether there are regions of interest, found without decoding them.
  func hasRegions() throws -> Bool {
    let limits = options.limits
    return try load(
      MetadataPart(key: "hasRegions", chunkNames: { _ in [ChunkName.rois] }) { chunks, log in
        chunks.tree(ChunkName.rois, limits, &log).map { ROIDecoder.hasRegions($0) } ?? false
      })
  }

  private var recordedDataPart: MetadataPart<[RecordedColumn]> {
    let limits = options.limits
    @Sendable func tags(
      _ chunks: [String: ChunkData], _ log: inout DiagnosticLog
    ) -> [RecordedDataDecoder.Tag] {
      chunks.tree(ChunkName.recordedData, limits, &log)
        .map { RecordedDataDecoder.tags($0, log: &log) } ?? []
    }
    return MetadataPart(
      key: "recordedData", chunkNames: { _ in [ChunkName.recordedData] },
      furtherChunkNames: { chunks in
        // Defects are reported when the columns are decoded.
        var ignored = DiagnosticLog()
        return tags(chunks, &ignored).map(\.chunkName)
      },
      decode: { chunks, log in
        let tags = tags(chunks, &log)
        return RecordedDataDecoder.columns(tags, log: &log) { chunks[$0.chunkName]?.bytes }
      })
  }

  private var eventsPart: MetadataPart<[ExperimentEvent]> {
    if isLegacy { return legacyEventsPart }
    let limits = options.limits
    return MetadataPart(key: "events", chunkNames: { _ in ChunkName.events }) { chunks, log in
      ChunkName.events.flatMap { name in
        chunks.tree(name, limits, &log)
          .map { EventDecoder.decode($0, chunk: name, log: &log) } ?? []
      }
    }
  }

  private var customDataPart: MetadataPart<JSONValue> {
    dump("customData", strippingPrefixes: true) { MetadataDump.customNames($0) }
  }

  private func unstructuredPart(_ strippingPrefixes: Bool) -> MetadataPart<JSONValue> {
    if isLegacy { return legacyUnstructuredPart(strippingPrefixes) }
    return dump("unstructured-\(strippingPrefixes)", strippingPrefixes: strippingPrefixes) {
      MetadataDump.unstructuredNames($0)
    }
  }

  private func dump(
    _ key: String, strippingPrefixes: Bool,
    names: @escaping @Sendable ([String]) -> [String]
  ) -> MetadataPart<JSONValue> {
    let limits = options.limits
    return MetadataPart(
      key: key, chunkNames: { map in names(map.chunksInFileOrder) },
      decode: { chunks, log in
        var members: [JSONValue.Member] = []
        var limits = limits
        for chunk in names(chunks.values.ordered { $0.offset < $1.offset }.map(\.name)) {
          guard let data = chunks[chunk] else { continue }
          members.append(
            JSONValue.Member(
              MetadataDump.key(chunk),
              MetadataDump.json(
                of: data.bytes, chunk: chunk, strippingPrefixes: strippingPrefixes,
                spending: &limits, log: &log)))
        }
        return .object(members)
      })
  }

  private var customDescriptionPart: MetadataPart<CustomDescription?> {
    let limits = options.limits
    return MetadataPart(
      key: "customDescription", chunkNames: { _ in [ChunkName.customDescription] }
    ) { chunks, log in
      chunks.tree(ChunkName.customDescription, limits, &log)
        .flatMap { CustomDescriptionDecoder.decode($0, log: &log) }
    }
  }

  private var jobsPart: MetadataPart<JobsRun?> {
    let limits = options.limits
    return MetadataPart(
      key: "jobs",
      chunkNames: { _ in
        [ChunkName.jobDefinition, ChunkName.jobDescription, ChunkName.jobRunGUID]
      },
      decode: { chunks, log in
        guard let definition = chunks[ChunkName.jobDefinition] else { return nil }
        return JobsDecoder.decode(
          JobsDecoder.Chunks(
            definition: definition.bytes, description: chunks[ChunkName.jobDescription]?.bytes,
            runGUID: chunks[ChunkName.jobRunGUID]?.bytes),
          limits: limits, log: &log)
      })
  }

  private var wellPlatePart: MetadataPart<WellPlate?> {
    let limits = options.limits
    let names = positionNames
    let loops = loopLayout
    return MetadataPart(
      key: "wellPlate",
      chunkNames: { _ in
        [ChunkName.wellPlate, ChunkName.wellPlateJSON, ChunkName.wellPlateFrames]
      },
      decode: { chunks, log in
        WellPlateDecoder.decode(
          WellPlateDecoder.Chunks(
            description: chunks[ChunkName.wellPlate]?.bytes,
            descriptionJSON: chunks[ChunkName.wellPlateJSON]?.bytes,
            frames: chunks[ChunkName.wellPlateFrames]?.bytes),
          limits: limits, log: &log)
          ?? WellPlateDecoder.plate(
            positionNames: names, positionOfFrame: names.isEmpty ? [] : loops.positionsOfFrames)
      })
  }

  private var applicationInfoPart: MetadataPart<ApplicationInfo> {
    let limits = options.limits
    return MetadataPart(
      key: "applicationInfo", chunkNames: { _ in [ChunkName.applicationInfo] }
    ) { chunks, log in
      chunks.tree(ChunkName.applicationInfo, limits, &log).map { ApplicationInfo($0) }
        ?? ApplicationInfo()
    }
  }
}

extension [String: ChunkData] {
  /// The decoded tree of a chunk that is there; defects are reported.
  func tree(
    _ name: String, _ limits: ParsingLimits, _ log: inout DiagnosticLog
  ) -> MetadataValue? { decoded(name, limits, &log)?.root }

  /// The same, with what it took.
  func decoded(
    _ name: String, _ limits: ParsingLimits, _ log: inout DiagnosticLog
  ) -> DecodedMetadata? {
    guard let chunk = self[name] else { return nil }
    do {
      let decoded = try MetadataDecoder.decode(chunk.bytes, limits: limits, at: chunk.offset)
      log.damage(decoded.problems, in: name)
      return decoded
    } catch {
      log.damage("the chunk cannot be decoded: \(error)", chunk: name, offset: error.offset)
      return nil
    }
  }
}
