import ND2

/// Gathers where frames are, then decides how they become chunks, or why they cannot.
struct FrameCollection {
  /// A compressed frame whose size after inflation decides.
  struct Question: Sendable {
    /// Place among the references.
    var place: Int
    /// What to inflate.
    var stream: Range<UInt64>
    /// Row distance of the frame if it proves to be no stream, but plain rows.
    var plainStride: Int?
  }

  private let path: String
  private let layout: FrameLayout
  private let fileByteCount: UInt64
  private let isStrict: Bool
  private var references: [FrameReference] = []
  private var incomplete: [Int] = []
  private var missingCount = 0
  /// Frames of the size of plain rows that begin as streams do.
  private var doubtful: [Question] = []
  /// Sizes of streams after inflation that were seen, with a frame that has it.
  private var inflated: [Int: Int] = [:]
  private var dropped: Set<Int> = []

  init(of file: ND2File, isStrict: Bool) throws {
    path = file.path
    layout = file.frameLayout
    fileByteCount = file.byteCount
    self.isStrict = isStrict
    guard layout.compression != .jpeg2000 else {
      throw ND2Error(
        .unsupported,
        "the frames of a file of version 1.0 are made up of JPEG 2000 codestreams, which no Zarr "
          + "client decodes; convert the file instead", at: .init(file: path))
    }
    guard layout.sampleByteCount == file.sampleType.byteCount else {
      throw ND2Error(
        .unsupported,
        "samples of \(layout.sampleByteCount) bytes are no numbers of a Zarr array",
        at: .init(file: path))
    }
  }

  /// Takes a frame.
  mutating func add(_ frame: Int, _ payload: FramePayload?, isStored: Bool) throws {
    guard let payload else {
      if isStored { try lose(frame, "its image cannot be found") } else { missingCount += 1 }
      return
    }
    var reference = FrameReference(
      frame: frame, offset: payload.offset,
      byteCount: min(payload.byteCount, payload.availableByteCount), coding: .stream)
    switch payload.coding {
    case .unsupported(let what):
      throw unsupported("frame \(frame) holds \(what), which references cannot express")
    case .raw(let stride):
      reference.coding = .rows(stride: stride)
      if reference.byteCount < needed(stride) { try lose(frame, "its image is cut off") }
    case .zlib:
      let plain = layout.rawStride(payload: payload.byteCount)
      if payload.isCut {
        try lose(frame, "its image is cut off")
        return
      }
      if let plain {
        doubtful.append(
          Question(
            place: references.count, stream: Self.range(reference), plainStride: plain))
      }
    }
    references.append(reference)
  }

  /// Bytes of the rows of a frame without the fill at its end.
  private func needed(_ stride: Int) -> UInt64 {
    UInt64(stride) * UInt64(layout.height - 1) + UInt64(layout.packedRowByteCount)
  }

  private mutating func lose(_ frame: Int, _ reason: String) throws {
    if isStrict {
      throw ND2Error(.missingFrame, "frame \(frame): \(reason)", at: .init(file: path))
    }
    incomplete.append(frame)
  }

  private func unsupported(_ message: String) -> ND2Error {
    ND2Error(.unsupported, message, at: .init(file: path))
  }

  // MARK: - Compressed frames

  /// Streams that must be looked into: those in doubt, and the first, the middle, the last.
  var questions: [Question] {
    let known = Set(doubtful.map(\.place))
    let streams = references.indices.filter {
      references[$0].coding == .stream && !known.contains($0)
    }
    guard let first = streams.first, let last = streams.last else { return doubtful }
    let samples = Set([first, streams[streams.count / 2], last]).sorted()
    return doubtful
      + samples.map { place in
        Question(place: place, stream: Self.range(references[place]))
      }
  }

  private static func range(_ reference: FrameReference) -> Range<UInt64> {
    reference.offset..<max(reference.offset, reference.offset &+ reference.byteCount)
  }

  /// Takes the size of a stream after inflation; nil when it is damaged.
  mutating func answer(_ question: Question, _ byteCount: Int?) throws {
    let frame = references[question.place].frame
    if let byteCount,
      [layout.frameByteCount, layout.packedFrameByteCount, lastRowPacked].contains(byteCount)
    {
      if inflated[byteCount] == nil { inflated[byteCount] = frame }
    } else if let stride = question.plainStride {
      references[question.place].coding = .rows(stride: stride)
    } else {
      try lose(frame, "its compressed image is damaged")
      dropped.insert(question.place)
    }
  }

  /// Size of all rows without the fill of the last one.
  private var lastRowPacked: Int {
    layout.frameByteCount - (layout.rowByteCount - layout.packedRowByteCount)
  }

  // MARK: - The decision

  /// - Throws: `ND2Error.Code.unsupported` when there is no way.
  func finish() throws -> ReferencedFrames {
    let kept = references.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
    var result = ReferencedFrames(
      chunks: ReferenceChunks(width: layout.width), frames: kept,
      incomplete: Set(incomplete).sorted(), missingCount: missingCount, layout: layout)
    let stream = kept.first { $0.coding == .stream }
    let plain = kept.first { $0.coding != .stream }
    if let stream, let plain {
      throw unsupported(
        "frame \(stream.frame) is compressed and frame \(plain.frame) is not; chunks of one array "
          + "cannot differ in that")
    }
    if stream != nil {
      result.chunks.isCompressed = true
      result.chunks.width = try streamWidth()
      return result
    }
    let strides = Set(
      kept.compactMap { reference in
        if case .rows(let stride) = reference.coding { return stride }
        return nil
      })
    if let stride = strides.first, strides.count == 1, let width = width(ofStride: stride),
      hasWholeChunks(kept, stride)
    {
      result.chunks.width = width
      // Frames that are cut off have no whole chunk.
      result.frames.removeAll { $0.byteCount < needed(stride) }
      return result
    }
    result.chunks.isRow = !strides.isEmpty
    return result
  }

  private var pixelByteCount: Int { layout.componentCount * layout.sampleByteCount }

  /// Pixels of a row with its fill, when those are whole ones.
  private func width(ofStride stride: Int) -> Int? {
    stride % pixelByteCount == 0 ? stride / pixelByteCount : nil
  }

  /// Whether chunks that end with the fill of the last row lie within the file; what is beyond the
  /// frame is not looked at.
  private func hasWholeChunks(_ kept: [FrameReference], _ stride: Int) -> Bool {
    let size = UInt64(stride) * UInt64(layout.height)
    return kept.allSatisfy { reference in
      reference.byteCount < needed(stride)
        || reference.offset.addingReportingOverflow(size).partialValue <= fileByteCount
    }
  }

  private func streamWidth() throws -> Int {
    let sizes = inflated.ordered { $0.value < $1.value }
    guard let (size, frame) = sizes.first else { return layout.width }
    if let (_, other) = sizes.dropFirst().first {
      throw unsupported(
        "frames \(frame) and \(other) are compressed with and without fill at the ends of rows; "
          + "chunks of one array cannot differ in that")
    }
    if size == layout.packedFrameByteCount { return layout.width }
    guard size == layout.frameByteCount, let width = width(ofStride: layout.rowByteCount) else {
      throw unsupported(
        "the frames are compressed with \(layout.rowByteCount - layout.packedRowByteCount) bytes of "
          + "fill at the ends of rows, which is not a whole number of pixels; references cannot "
          + "leave them out")
    }
    return width
  }
}
