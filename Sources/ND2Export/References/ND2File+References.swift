public import ND2
import Synchronization

extension ND2File {
  /// Makes references by which Zarr clients read this file in place, without it being converted.
  ///
  /// Each stage position is an array with the axes T, other loops, Z, Y, X, as far as the file has
  /// them, and C for the components of a pixel, in stored order, if there are several. A frame is a
  /// chunk: plain as it is stored, or a zlib stream. Fill at the ends of rows is cut off by clients
  /// where it is a whole number of pixels; else each row is a chunk. Frames that are not stored have
  /// no reference and read as zeros. Arrays of one component and without other loops have the
  /// metadata of OME-NGFF 0.4.
  ///
  /// The header of every frame is read once, and some compressed frames are inflated.
  ///
  /// - Parameters:
  ///   - options: what is referred to, and how.
  ///   - isCancelled: asked between frames; when it says true the work ends.
  ///   - progress: told the share that is done, from any thread.
  /// - Throws: `ND2Error.Code.unsupported` for files of version 1.0 and others whose frames cannot be
  ///   referred to, `ND2Error.Code.limitExceeded` when there are too many references,
  ///   `ND2Error.Code.missingFrame` with ``ZarrReferenceOptions/isStrict``,
  ///   `ND2Error.Code.invalidRequest` when there is no address or it has credentials,
  ///   `ND2Error.Code.io`, `CancellationError`.
  public func zarrReferences(
    options: ZarrReferenceOptions = ZarrReferenceOptions(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> ZarrReferences {
    // Before anything is read.
    _ = try ReferenceAddress.resolve(wanted: options.address, path: path)
    var collection = try FrameCollection(of: self, isStrict: options.isStrict)
    let meter = ReferenceMeter(frameCount, progress)
    for batch in referenceBatches {
      let places = try framePlaces(batch, isCancelled: isCancelled) { meter.advance(by: $0) }
      try take(batch, places, into: &collection)
    }
    for question in collection.questions {
      if isCancelled() { throw CancellationError() }
      try collection.answer(question, try inflatedByteCount(ofStream: question.stream))
    }
    return try ZarrReferences(of: self, try collection.finish(), options)
  }

  /// Makes references by which Zarr clients read this file in place; see the blocking form.
  ///
  /// Cancelling the task ends the work with `CancellationError`.
  public func zarrReferences(
    options: ZarrReferenceOptions = ZarrReferenceOptions(),
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> ZarrReferences {
    _ = try ReferenceAddress.resolve(wanted: options.address, path: path)
    var collection = try FrameCollection(of: self, isStrict: options.isStrict)
    let meter = ReferenceMeter(frameCount, progress)
    for batch in referenceBatches {
      let places = try await framePlaces(batch) { meter.advance(by: $0) }
      try take(batch, places, into: &collection)
    }
    for question in collection.questions {
      try Task.checkCancellation()
      try collection.answer(question, try await inflatedByteCount(ofStream: question.stream))
    }
    return try ZarrReferences(of: self, try collection.finish(), options)
  }

  /// The frames that the loops describe, in runs that take little memory.
  private var referenceBatches: some Sequence<Range<Int>> {
    let (count, step) = (frameCount, 1 << 15)
    return stride(from: 0, to: count, by: step).lazy.map { $0..<min(count, $0 + step) }
  }

  private func take(
    _ batch: Range<Int>, _ places: [FramePayload?], into collection: inout FrameCollection
  ) throws {
    for (frame, payload) in zip(batch, places) {
      try collection.add(frame, payload, isStored: !isMissing(frame: frame))
    }
  }
}

/// Counts frames that were found, from any thread.
private final class ReferenceMeter: Sendable {
  private let done = Atomic<Int>(0)
  private let total: Int
  private let progress: (@Sendable (Double) -> Void)?

  init(_ total: Int, _ progress: (@Sendable (Double) -> Void)?) {
    self.total = max(1, total)
    self.progress = progress
  }

  func advance(by count: Int) {
    let now = done.wrappingAdd(count, ordering: .relaxed).newValue
    progress?(min(1, Double(now) / Double(total)))
  }
}
