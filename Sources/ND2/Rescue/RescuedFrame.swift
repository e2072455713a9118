import ND2Format

/// A frame that was found in a file without the help of its map or its metadata.
public struct RescuedFrame: Sendable {
  /// Number in the name of its chunk.
  public let index: Int
  /// Position of the chunk's header in the file.
  public let offset: UInt64
  /// Time since the start of the acquisition, ms; nil when the frame does not say it.
  public let timeMs: Double?
  /// The pixels as they are stored, with the fill of rows, or compressed; those that are there.
  public let bytes: [UInt8]
  /// Number of bytes that there should be.
  public let byteCount: UInt64
  /// Whether bytes may be missing in the middle, or may have been put in.
  public let isDoubtful: Bool
  /// Size of frames, when the caller knows it.
  public let shape: FrameShape?
  /// Number format of the samples.
  public let sampleType: SampleType

  /// Whether all bytes are there.
  public var isWhole: Bool { UInt64(bytes.count) == byteCount }

  /// The frame as an array.
  ///
  /// With a known shape the axes are Y and X, and then S when pixels have several components, these
  /// in stored order, without the fill of rows; compressed frames are inflated; rows that are not
  /// there are zeros. Without a shape it is one row of samples along X, as they are stored.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when a compressed frame cannot be inflated, or
  ///   ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
  public func array() throws -> AnyNDArray {
    guard let shape else {
      let count = bytes.count / sampleType.byteCount
      let array = try AnyNDArray(
        zeros: AxisSizes([.init(.x, count)]), sampleType: sampleType)
      bytes.withUnsafeBytes { source in
        array.storage.bytes.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[0..<(count * sampleType.byteCount)]))
      }
      return array
    }
    guard shape.width > 0, shape.height > 0,
      let layout = FrameLayout(
        width: shape.width, height: shape.height, componentCount: shape.componentCount,
        sampleByteCount: shape.sampleType.byteCount, declaredRowByteCount: nil, compression: .none)
    else { throw ND2Error.invalidRequest("there are no frames of such a shape") }
    return try array(layout, shape)
  }

  private func array(_ layout: FrameLayout, _ shape: FrameShape) throws -> AnyNDArray {
    let coding = layout.coding(payload: byteCount, first: Array(bytes.prefix(16)))
    // No memory is given out for a shape that the frame cannot have.
    guard
      Double(layout.frameByteCount) <= Double(bytes.count) * 1100 + 65536
    else {
      throw ND2Error(
        .malformed, "a frame of \(bytes.count) bytes cannot have the given shape",
        at: .init(offset: offset, chunk: ChunkName.frame(index)))
    }
    var sizes: [AxisSizes.Element] = [.init(.y, shape.height), .init(.x, shape.width)]
    if shape.componentCount > 1 { sizes.append(.init(.sample, shape.componentCount)) }
    let array = try AnyNDArray(zeros: AxisSizes(sizes), sampleType: shape.sampleType)
    guard let base = array.storage.bytes.baseAddress else { return array }
    var assembler = FrameAssembler(
      layout: layout, rows: 0..<shape.height,
      gather: PlaneGather(
        planes: [Array(0..<shape.componentCount)], componentCount: shape.componentCount,
        sampleByteCount: shape.sampleType.byteCount, columns: 0..<shape.width,
        rowCount: shape.height))
    let isPlaced = bytes.withUnsafeBytes { source in
      switch coding {
      case .raw(let stride):
        assembler.place(source, rows: 0..<shape.height, stride: stride, into: base)
        return true
      case .zlib: return assembler.inflate(source, into: base)
      case .unsupported: return false
      }
    }
    guard isPlaced else {
      throw ND2Error(
        .malformed, "the frame cannot be decoded",
        at: .init(offset: offset, chunk: ChunkName.frame(index)))
    }
    return array
  }
}
