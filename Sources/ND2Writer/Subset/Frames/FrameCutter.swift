import ND2
import ND2Codecs
import ND2Format

/// The bytes of a frame for the output, or why there are none.
enum CutFrame: Sendable {
  case stored(time: Double, payload: [UInt8])
  case missing
  case damaged(String)
}

/// Makes the image chunks of the output from those of the input: copied when whole, else gathered
/// from the rows and components that are taken.
struct FrameCutter: Sendable {
  let file: ND2File
  let plan: SubsetPlan
  /// Where the components that are taken go, one row at a time; nil when frames are copied.
  private let gather: PlaneGather?
  /// Size of a row of the output without fill.
  private let packedRowByteCount: Int
  /// Distance between rows of the output.
  let rowByteCount: Int

  init(file: ND2File, plan: SubsetPlan) {
    self.file = file
    self.plan = plan
    let layout = file.frameLayout
    guard !plan.copiesFrames else {
      gather = nil
      packedRowByteCount = layout.packedRowByteCount
      rowByteCount = layout.rowByteCount
      return
    }
    let components = plan.components ?? Array(0..<layout.componentCount)
    gather = PlaneGather(
      planes: [components], componentCount: layout.componentCount,
      sampleByteCount: layout.sampleByteCount, columns: plan.columns, rowCount: 1)
    packedRowByteCount = plan.columns.count * components.count * layout.sampleByteCount
    rowByteCount = (packedRowByteCount + 3) / 4 * 4
  }

  /// Makes the chunk of a frame of the input.
  ///
  /// - Throws: `ND2Error.Code.io` when the input cannot be read.
  func cut(_ frame: Int) throws -> CutFrame {
    if file.isMissing(frame: frame) { return .missing }
    guard let stored = try file.storedFrame(frame) else {
      return .damaged("its image cannot be found")
    }
    let payload = stored.payload
    if payload.isCut { return .damaged("its image is cut off") }
    guard let count = Int(exactly: payload.byteCount) else {
      return .damaged("its image is larger than memory can be")
    }
    guard let gather else {
      return .stored(time: stored.time, payload: try bytes(at: payload.offset, count: count))
    }
    switch payload.coding {
    case .unsupported(let what): return .damaged("\(what) cannot be cut")
    case .raw(let stride):
      guard let needed = Checked.product(stride, plan.rows.count) else {
        return .damaged("its rows fit into no memory")
      }
      let start = UInt64(stride) * UInt64(plan.rows.lowerBound)
      // The last row may lack its fill.
      let available = payload.byteCount > start ? payload.byteCount - start : 0
      let layout = file.frameLayout
      let least = needed - stride + layout.packedRowByteCount
      guard available >= UInt64(least) else { return .damaged("its image is too short") }
      let source = try bytes(
        at: payload.offset + start, count: Int(min(available, UInt64(needed))))
      return .stored(
        time: stored.time, payload: rows(source, stride: stride, from: 0, gather))
    case .zlib:
      let layout = file.frameLayout
      let stream = try bytes(at: payload.offset, count: count)
      guard let inflated = inflate(stream, layout) else {
        return .damaged("its compressed image is damaged")
      }
      let cut = rows(
        inflated.bytes, stride: inflated.stride, from: plan.rows.lowerBound, gather)
      let deflated = try Deflater(level: 4).deflate(cut)
      // Where the attributes do not speak of compression, size tells rows from streams.
      let isPlain = layout.compression != .lossless && deflated.count >= cut.count
      return .stored(time: stored.time, payload: isPlain ? cut : deflated)
    }
  }

  private func bytes(at offset: UInt64, count: Int) throws -> [UInt8] {
    var failure: (any Error)?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do {
        try file.readBytes(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        filled = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  private func inflate(
    _ stream: [UInt8], _ layout: FrameLayout
  ) -> (bytes: [UInt8], stride: Int)? {
    // Deflate cannot expand by more than 1032 to 1.
    guard let most = Checked.product(stream.count, 1032), layout.packedFrameByteCount <= most,
      let inflater = try? Inflater()
    else { return nil }
    let inflated = stream.withUnsafeBytes { bytes in
      try? inflater.inflate(
        bytes, hint: layout.frameByteCount, limit: layout.frameByteCount + 4096)
    }
    guard let inflated else { return nil }
    guard let stride = layout.rawStride(payload: UInt64(inflated.count)) else { return nil }
    return (inflated, stride)
  }

  /// The rows of the output out of rows of the input.
  private func rows(
    _ source: [UInt8], stride: Int, from first: Int, _ gather: PlaneGather
  ) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: rowByteCount * plan.rows.count)
    let width = file.frameLayout.packedRowByteCount
    source.withUnsafeBytes { source in
      out.withUnsafeMutableBytes { out in
        guard let from = source.baseAddress, let to = out.baseAddress else { return }
        for row in 0..<plan.rows.count {
          let start = (first + row) * stride
          guard start + width <= source.count else { return }
          gather.move(
            from: from + start, rowStride: stride, rows: 0..<1, to: to + row * rowByteCount)
        }
      }
    }
    return out
  }
}
