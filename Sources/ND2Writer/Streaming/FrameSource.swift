import ND2

/// Where the samples of a frame are: distances in bytes, and the first sample of each component in
/// the order in which the file has them.
struct FrameSource {
  let base: UnsafeRawPointer
  var rowStride: Int
  var pixelStride: Int
  var componentOffsets: [Int]
  /// Whether there is padding behind every row, the last one too.
  private var isPadded = false

  /// Bytes in one of the layouts.
  ///
  /// - Throws: `ND2Error` with `invalidRequest` for another number of bytes than a frame has.
  init(
    _ bytes: UnsafeRawBufferPointer, layout: ND2FileWriter.FrameLayout, of file: ND2FileDescription
  ) throws {
    let packed = file.packedRowByteCount
    let padded = layout == .stored && bytes.count == file.rowByteCount * file.height
    guard let base = bytes.baseAddress, padded || bytes.count == packed * file.height else {
      let size = file.sampleType.byteCount
      var expected =
        "\(packed * file.height) bytes (\(file.height) rows of \(file.width) pixels of"
        + " \(file.componentCount) samples of \(size) bytes)"
      if layout == .stored, packed != file.rowByteCount {
        expected += ", or \(file.rowByteCount * file.height) with padded rows"
      }
      throw ND2Error(.invalidRequest, "a frame has \(expected); given: \(bytes.count) bytes")
    }
    let size = file.sampleType.byteCount
    self.base = base
    isPadded = padded
    switch layout {
    case .stored:
      rowStride = padded ? file.rowByteCount : packed
      pixelStride = file.componentCount * size
      componentOffsets = (0..<file.componentCount).map { $0 * size }
    case .interleaved:
      rowStride = packed
      pixelStride = file.componentCount * size
      componentOffsets = file.storedComponents.map { $0.component * size }
    case .planar:
      // The samples of a channel are side by side; channels of several numbers of samples have
      // pixels of several sizes, which is for the caller to bring into another layout.
      let samples = file.channels[0].componentCount
      guard file.channels.allSatisfy({ $0.componentCount == samples }) else {
        throw ND2Error(
          .invalidRequest, "channels of several numbers of samples have no planar layout")
      }
      rowStride = file.width * samples * size
      pixelStride = samples * size
      let plane = rowStride * file.height
      componentOffsets = file.storedComponents.map { $0.channel * plane + $0.sample * size }
    }
  }

  /// An array, at the address of its first element.
  init(_ base: UnsafeRawPointer, _ axes: FrameAxes, of file: ND2FileDescription) {
    self.base = base
    rowStride = axes.rowStride
    pixelStride = axes.pixelStride
    componentOffsets = file.storedComponents.map { axes.offset(of: $0) }
  }

  /// The bytes as the file stores them, when they lie so in memory.
  func storedBytes(of file: ND2FileDescription) -> UnsafeRawBufferPointer? {
    let size = file.sampleType.byteCount
    guard file.rowByteCount == file.packedRowByteCount || isPadded,
      file.height == 1 || rowStride == file.rowByteCount,
      file.width == 1 || pixelStride == file.componentCount * size,
      let first = componentOffsets.first,
      componentOffsets.indices.allSatisfy({ componentOffsets[$0] == first + $0 * size })
    else { return nil }
    return UnsafeRawBufferPointer(start: base + first, count: file.rowByteCount * file.height)
  }
}

extension ND2FileDescription {
  /// A sample of a pixel, by its place in natural order: red, green, blue.
  struct Component {
    var channel: Int
    var sample: Int
    /// Index among the samples of all channels.
    var component: Int
  }

  /// The samples of a pixel in the order of the file: colour is stored as blue, green, red.
  var storedComponents: [Component] {
    var components: [Component] = []
    for (place, channel) in channels.enumerated() {
      let (count, first) = (channel.componentCount, components.count)
      for stored in 0..<count {
        let sample = count >= 3 && stored < 3 ? 2 - stored : stored
        components.append(Component(channel: place, sample: sample, component: first + sample))
      }
    }
    return components
  }
}
