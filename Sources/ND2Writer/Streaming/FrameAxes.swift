import ND2

/// What the axes of an array mean that holds one frame.
struct FrameAxes {
  private(set) var rowStride = 0
  private(set) var pixelStride = 0
  private var channelStride = 0
  private var sampleStride = 0
  /// Whether the axis of channels counts the samples of all of them.
  private var isFlat = false

  /// Finds rows, columns, channels and samples, by the names of axes or by their sizes.
  ///
  /// - Throws: `ND2Error` with `invalidRequest`, naming expected and given, when the array holds no
  ///   frame of the file.
  init(_ array: AnyNDArray, of file: ND2FileDescription) throws {
    guard array.sampleType == file.sampleType,
      let places = Self.places(array.sizes, file)
    else { throw Self.mismatch(array, file) }
    let strides = array.byteStrides
    rowStride = strides[places.y]
    pixelStride = strides[places.x]
    channelStride = places.channel.map { strides[$0] } ?? 0
    sampleStride = places.sample.map { strides[$0] } ?? 0
    isFlat = places.sample == nil
  }

  /// Distance of a sample from the first of its pixel.
  func offset(of component: ND2FileDescription.Component) -> Int {
    isFlat
      ? component.component * channelStride
      : component.channel * channelStride + component.sample * sampleStride
  }

  private struct Places {
    var y: Int
    var x: Int
    var channel: Int?
    var sample: Int?
  }

  private static func places(_ sizes: AxisSizes, _ file: ND2FileDescription) -> Places? {
    if let y = sizes.index(of: .y), let x = sizes.index(of: .x) {
      let places = Places(
        y: y, x: x, channel: sizes.index(of: .channel), sample: sizes.index(of: .sample))
      let known = [y, x, places.channel, places.sample].compactMap { $0 }
      guard sizes.indices.allSatisfy({ known.contains($0) || sizes[$0].count == 1 }) else {
        return nil
      }
      return fit(places, sizes, file)
    }
    let candidates: [Places] =
      switch sizes.count {
      case 2: [Places(y: 0, x: 1)]
      case 3: [Places(y: 1, x: 2, channel: 0), Places(y: 0, x: 1, channel: 2)]
      case 4: [Places(y: 1, x: 2, channel: 0, sample: 3)]
      default: []
      }
    return candidates.lazy.compactMap { fit($0, sizes, file) }.first
  }

  /// The places when their sizes are those of a frame.
  private static func fit(
    _ places: Places, _ sizes: AxisSizes, _ file: ND2FileDescription
  ) -> Places? {
    guard sizes[places.y].count == file.height, sizes[places.x].count == file.width else {
      return nil
    }
    var places = places
    let channels = places.channel.map { sizes[$0].count } ?? 1
    let samples = places.sample.map { sizes[$0].count } ?? 1
    guard channels * samples == file.componentCount else { return nil }
    if places.sample != nil, channels == 1, file.channels.count > 1 {
      // All samples in one axis.
      (places.channel, places.sample) = (places.sample, nil)
    } else if places.sample != nil, samples == 1 {
      places.sample = nil
    } else if places.sample != nil,
      !file.channels.allSatisfy({ $0.componentCount == samples })
    {
      return nil
    }
    return places
  }

  private static func mismatch(_ array: AnyNDArray, _ file: ND2FileDescription) -> ND2Error {
    let (y, x, count) = (file.height, file.width, file.componentCount)
    var shapes: [String] = []
    if count == 1 { shapes.append("(\(y), \(x))") }
    shapes += ["(\(count), \(y), \(x))", "(\(y), \(x), \(count))"]
    let samples = file.channels[0].componentCount
    if samples > 1, file.channels.allSatisfy({ $0.componentCount == samples }) {
      shapes.append("(\(file.channels.count), \(y), \(x), \(samples))")
    }
    let given = array.sizes.map { "\($0.axis.number == nil ? "\($0.axis) " : "")\($0.count)" }
    return ND2Error(
      .invalidRequest,
      "a frame is an array of \(file.sampleType) of the shape \(shapes.joined(separator: " or "));"
        + " given: \(array.sampleType) (\(given.joined(separator: ", ")))")
  }
}
