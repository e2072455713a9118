import ND2Format

// Where and when frames were taken.
extension ND2File {
  /// Everything that the file says of one frame: its channels, position, time, focus system.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a frame that the file does not have.
  public func frameMetadata(_ index: Int) throws -> FrameMetadata {
    try located {
      let index = try checkedFrame(index)
      let facts = try load(frameFactsPart(of: index))
      return try facts.metadata(ofFrame: index, metadata) { try framePrefix(index) }
    }
  }

  /// Everything that the file says of one frame: its channels, position, time, focus system.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a frame that the file does not have.
  public func frameMetadata(_ index: Int) async throws -> FrameMetadata {
    let index = try located { try checkedFrame(index) }
    let facts = try await load(frameFactsPart(of: index))
    let prefix = facts.hasListedTime(ofFrame: index) ? nil : try await framePrefix(index)
    return facts.metadata(ofFrame: index, metadata) { prefix }
  }

  /// Where a frame was taken, in µm, the focus being that of its plane.
  public func framePosition(_ index: Int) throws -> FramePosition {
    try located {
      let index = try checkedFrame(index)
      return try load(frameFactsPart(of: index)).position(ofFrame: index)
    }
  }

  /// When a frame was taken.
  public func frameTime(_ index: Int) throws -> FrameTime {
    try located {
      let index = try checkedFrame(index)
      return try load(frameFactsPart(of: index)).time(ofFrame: index) { try framePrefix(index) }
    }
  }

  /// Where a frame was taken, in µm, the focus being that of its plane.
  public func framePosition(_ index: Int) async throws -> FramePosition {
    let index = try located { try checkedFrame(index) }
    return try await load(frameFactsPart(of: index)).position(ofFrame: index)
  }

  /// When a frame was taken.
  public func frameTime(_ index: Int) async throws -> FrameTime {
    let index = try located { try checkedFrame(index) }
    let facts = try await load(frameFactsPart(of: index))
    let prefix = facts.hasListedTime(ofFrame: index) ? nil : try await framePrefix(index)
    return facts.time(ofFrame: index) { prefix }
  }

  /// Where the image chunk of a frame is, as the chunk map says; nil when none is stored. In a file
  /// of version 1.0 that is the box of the frame's first channel.
  public func frameOffset(_ index: Int) -> UInt64? { store.entry(index)?.offset }

  func eventTable(
    _ times: [Double], _ recorded: [RecordedColumn], _ events: [ExperimentEvent]
  ) -> EventTable {
    var log = DiagnosticLog()
    defer { diagnosticStore.append(contentsOf: log) }
    let loops = loopLayout.loops.map { loop in
      EventContext.Loop(loop.axis, loop.count, loop.place.map { detail(experiment[$0]) } ?? .none)
    }
    return EventTable(
      context: EventContext(
        loops: loops, frameTimesMs: times.isEmpty ? nil : times,
        storedFrameCount: storedFrameCount),
      recorded: recorded, events: events, log: &log)
  }

  private func detail(_ loop: ExperimentLoop) -> EventContext.Detail {
    switch loop {
    case .xyPositions(let loop): .positionNames(loop.parameters.points.map(\.name))
    case .zStack(let loop):
      .zStack(
        stepUm: loop.parameters.stepUm, homeIndex: loop.parameters.homeIndex,
        bottomToTop: loop.parameters.bottomToTop)
    default: .none
    }
  }

  /// What places a frame in time and space: for all frames at once, but in files of version 1.0, which
  /// have a document for each frame, of that frame only.
  private func frameFactsPart(of index: Int) -> MetadataPart<FrameFacts> {
    isLegacy && cache["frameFacts"] == nil ? legacyFrameFactsPart(of: index) : frameFactsPart
  }

  /// The columns that place frames in time and space.
  var frameFactsPart: MetadataPart<FrameFacts> {
    if isLegacy { return legacyFrameFactsPart }
    let prefix = ChunkName.customDataPrefix
    let status = "\(prefix)PFS_STATUS!"
    let drives = ["Z"] + (1...9).map { "Z\($0)" }
    let facts = description.facts(isND2Compatible: options.isND2Compatible)
    let count = frameCount
    return MetadataPart(
      key: "frameFacts",
      chunkNames: { map in
        let drive = drives.map { "\(prefix)\($0)!" }.first { map[$0] != nil }
        return [ChunkName.frameTimes, status] + [drive].compactMap { $0 }
      },
      decode: { chunks, _ in
        var facts = facts
        if let times = chunks[ChunkName.frameTimes] { facts.times = Column.doubles(times.bytes) }
        if let bytes = chunks[status]?.bytes { facts.pfsStatus = Column.integers(bytes) }
        if let drive = drives.compactMap({ chunks["\(prefix)\($0)!"] }).first {
          facts.recordedZ = Column.doubles(drive.bytes, count: count)
        }
        return facts
      })
  }

  /// The time that stands before the pixels of a frame, in ms.
  func framePrefix(_ index: Int) throws -> Double? {
    if isLegacy { return nil }
    let source = try access.blocking
    guard let range = try store.locate(index, in: source)?.prefixRange else { return nil }
    return Column.doubles(try source.read(range)).first
  }

  func framePrefix(_ index: Int) async throws -> Double? {
    if isLegacy { return nil }
    let source = access.asynchronous
    guard let range = try await store.locate(index, in: source)?.prefixRange else { return nil }
    return Column.doubles(try await source.read([range]).first ?? []).first
  }
}

extension FramePayload {
  /// The bytes before the pixels, which hold the frame's time.
  fileprivate var prefixRange: Range<UInt64>? {
    let count = FrameLayout.prefixByteCount
    return offset >= count ? (offset - count)..<offset : nil
  }
}

/// Columns of numbers, little-endian, one number after the other.
enum Column {
  static func doubles(_ bytes: [UInt8]) -> [Double] {
    bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 8)).map { index in
        Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
      }
    }
  }

  /// Doubles, or floats when there are `count` of those; stage columns have been seen as both.
  static func doubles(_ bytes: [UInt8], count: Int) -> [Double] {
    guard count > 0, bytes.count / 4 == count, bytes.count % 4 == 0 else { return doubles(bytes) }
    return bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        Double(
          Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))))
      }
    }
  }

  static func integers(_ bytes: [UInt8]) -> [Int32] {
    bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { index in
        Int32(
          littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
      }
    }
  }
}
