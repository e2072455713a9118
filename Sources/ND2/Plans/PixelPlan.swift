import ND2Format

/// Which bytes of a file make up a part of its pixels, and how: a read that can be saved.
///
/// A plan holds all that reading takes, so that it can be made once and read often, on other
/// machines as well: nothing of the file but its pixels is asked for again. Every frame's header is
/// verified with the same request that brings its pixels, and a file that has changed since is an
/// error, never a mixture.
///
/// ```swift
/// let plan = try file.plan(ArraySelection(.z, 10..<40).with(.y, 500..<1500))
/// try plan.write(to: "box.json")
/// let box = try PixelPlan(contentsOf: "box.json").read(from: FileSource(path: "cells.nd2"))
/// ```
public struct PixelPlan: Hashable, Sendable {
  /// A chunk of the file that holds pixels.
  public struct Chunk: Hashable, Sendable, Codable {
    /// Number in the chunk's name, which is verified; nil when it is not known.
    public var number: Int?
    /// Position of its header.
    public var offset: UInt64
    /// Size of its data when the chunk map says it.
    public var byteCount: UInt64?

    enum CodingKeys: String, CodingKey {
      case number, offset
      case byteCount = "size"
    }
  }

  /// One frame of the result.
  public struct Frame: Hashable, Sendable {
    /// Number of the frame in the file.
    public var index: Int
    /// The chunks of its pixels: one, or the codestreams of a file of version 1.0; none when the
    /// frame is not stored and reads as zeros.
    public var chunks: [Chunk]
  }

  /// Name of the file: a path or an address without credentials.
  public var name: String
  /// What tells whether the file is still the same; nil when that is not known.
  public var identity: SourceIdentity?
  /// The axes of the result with their sizes.
  public var sizes: AxisSizes
  /// The number format of the result.
  public var sampleType: SampleType
  /// The frames in the order of the result.
  public var frames: [Frame]
  /// Rows of the frames that are read.
  public var rows: Range<Int>
  /// Columns of the frames that are read.
  public var columns: Range<Int>
  /// For each plane of a frame the stored components of its samples.
  public var planes: [[Int]]

  let layout: FrameLayout
  let codestreams: CodestreamLayout?

  /// Size of the result in bytes; `Int.max` when it cannot be counted.
  public var byteCount: Int {
    Checked.product(gather.byteCount, frames.count) ?? .max
  }

  /// The ranges of the file that hold the pixels, where nearly all files have them: per frame from the
  /// chunk's header to the last row that is wanted, ascending and without overlap.
  public var byteRanges: [Range<UInt64>] {
    let rows = FrameAssembler.byteRange(
      rows: rows, stride: layout.rowByteCount, layout: layout)
    var ranges: [Range<UInt64>] = []
    for chunk in frames.flatMap(\.chunks) {
      if layout.isDivisible, codestreams == nil {
        guard let pixels = Checked.sum(chunk.offset, 4096) else { continue }
        let (low, high) = (
          pixels.addingReportingOverflow(rows.lowerBound),
          pixels.addingReportingOverflow(rows.upperBound)
        )
        if !low.overflow, !high.overflow { ranges.append(low.partialValue..<high.partialValue) }
      } else if let count = chunk.byteCount,
        let end = Checked.sum(chunk.offset, 4096).flatMap({ Checked.sum($0, count) })
      {
        ranges.append(chunk.offset..<end)
      }
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    return ranges.reduce(into: []) { merged, range in
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
  }

  var gather: PlaneGather {
    PlaneGather(
      planes: planes, componentCount: layout.componentCount,
      sampleByteCount: layout.sampleByteCount, columns: columns, rowCount: rows.count)
  }
}

extension ND2File {
  /// Plans to read a part of the array, or all of it. Nothing is read but what tells the identity.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a range outside its axis,
  ///   ``ND2Error/Code/limitExceeded`` when there are too many frames for a plan.
  public func plan(_ selection: ArraySelection = .all) throws -> PixelPlan {
    try located { try plan(selection, identity: try access.waiting.identity()) }
  }

  /// Plans to read a part of the array, or all of it; see the blocking form.
  public func plan(_ selection: ArraySelection = .all) async throws -> PixelPlan {
    let identity = try await access.asynchronous.identity()
    return try located { try plan(selection, identity: identity) }
  }

  private func plan(_ selection: ArraySelection, identity: SourceIdentity) throws -> PixelPlan {
    let resolved = try geometry.resolve(selection)
    guard resolved.frameCount <= options.limits.frameCount else {
      throw ND2Error(.limitExceeded, "a plan of \(resolved.frameCount) frames is too long")
    }
    let gather = resolved.gather
    return PixelPlan(
      name: path, identity: identity, sizes: resolved.sizes, sampleType: sampleType,
      frames: (0..<resolved.frameCount).map { ordinal in
        let index = resolved.frameIndex(ordinal)
        return PixelPlan.Frame(index: index, chunks: store.chunks(ofFrame: index))
      }, rows: resolved.rows,
      columns: gather.firstColumn..<(gather.firstColumn + gather.columnCount),
      planes: gather.planes, layout: geometry.layout, codestreams: store.codestreams)
  }
}

extension FrameStore {
  /// The chunks of a frame, as the map says.
  func chunks(ofFrame index: Int) -> [PixelPlan.Chunk] {
    func chunk(_ number: Int, _ entry: ChunkEntry) -> PixelPlan.Chunk {
      PixelPlan.Chunk(number: number, offset: entry.offset, byteCount: entry.byteCount)
    }
    if let codestreams {
      return codestreams.codestreams(ofFrame: index).compactMap { number in
        codestreamEntry(number).map { chunk(number, $0) }
      }
    }
    return place(of: index).map {
      [PixelPlan.Chunk(number: $0.number, offset: $0.entry.offset, byteCount: $0.entry.byteCount)]
    } ?? []
  }
}
