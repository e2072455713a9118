package import ND2

/// Makes pictures for the eye of image planes: contrast, channel colours, merging.
package enum PictureComposer {
  /// A colour; components from 0 to 1.
  package struct Colour: Hashable, Sendable {
    package var red: Float
    package var green: Float
    package var blue: Float

    package init(red: Float, green: Float, blue: Float) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    package static let white = Colour(red: 1, green: 1, blue: 1)

    /// Whether a picture in this colour needs only one component.
    package var isGrey: Bool { red == green && green == blue }
  }

  /// One channel of an image: dense rows in machine byte order.
  package struct Plane {
    package var samples: UnsafeRawBufferPointer
    package var type: SampleType
    package var colour: Colour
    /// What is shown as black and as full brightness; nil chooses by percentiles.
    package var contrast: ContrastRange?

    package init(
      samples: UnsafeRawBufferPointer, type: SampleType, colour: Colour = .white,
      contrast: ContrastRange? = nil
    ) {
      self.samples = samples
      self.type = type
      self.colour = colour
      self.contrast = contrast
    }
  }

  /// A picture of channels, each in its colour, added up.
  ///
  /// One channel that is grey gives a grey picture; everything else is red-green-blue.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the planes are not `width × height` samples.
  package static func merge(_ planes: [Plane], width: Int, height: Int) throws -> Picture {
    let count = try pixelCount(width, height)
    guard !planes.isEmpty else { throw ND2Error(.invalidRequest, "there is no channel to show") }
    for plane in planes {
      guard plane.samples.count / plane.type.byteCount == count else {
        throw ND2Error(.invalidRequest, "a channel is not \(width) × \(height) samples")
      }
    }
    if planes.count == 1, planes[0].colour.isGrey {
      let bytes = scaled(planes[0], count)
      return try picture(width, height, .grey8, bytes)
    }
    let sums = UnsafeMutablePointer<Float>.allocate(capacity: 3 * count)
    defer { sums.deallocate() }
    sums.initialize(repeating: 0, count: 3 * count)
    for plane in planes {
      let (red, green, blue) = (plane.colour.red, plane.colour.green, plane.colour.blue)
      scaled(plane, count).withUnsafeBufferPointer { values in
        for index in 0..<count {
          let value = Float(values[index])
          sums[3 &* index] += red * value
          sums[3 &* index &+ 1] += green * value
          sums[3 &* index &+ 2] += blue * value
        }
      }
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: 3 * count) { output, initialized in
      for index in 0..<(3 * count) { output[index] = byte(of: sums[index]) }
      initialized = 3 * count
    }
    return try picture(width, height, .rgb8, bytes)
  }

  /// A picture of red-green-blue samples.
  ///
  /// - Parameters:
  ///   - samples: rows of interleaved red, green, blue.
  ///   - significantBits: bits of an integer sample that count; full scale is `2^bits − 1`. Floating
  ///     point samples are stretched between percentiles, all three alike, so that colours stay.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the samples are not `width × height × 3`.
  package static func rgb(
    _ samples: UnsafeRawBufferPointer, type: SampleType, width: Int, height: Int,
    significantBits: Int? = nil
  ) throws -> Picture {
    let count = try pixelCount(width, height)
    guard samples.count / type.byteCount == 3 * count else {
      throw ND2Error(.invalidRequest, "the image is not \(width) × \(height) × 3 samples")
    }
    let contrast: ContrastRange?
    if type.isFloatingPoint {
      contrast = nil
    } else {
      let bits = min(max(significantBits ?? type.byteCount * 8, 1), type.byteCount * 8)
      contrast = ContrastRange(low: 0, high: Double(UInt64(1) << UInt64(bits) - 1))
    }
    let bytes = scaled(Plane(samples: samples, type: type, contrast: contrast), 3 * count)
    return try picture(width, height, .rgb8, bytes)
  }

  // MARK: - Samples to bytes

  private static func pixelCount(_ width: Int, _ height: Int) throws -> Int {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, count <= Int.max / 16 else {
      throw ND2Error(.invalidRequest, "a picture cannot have \(width) × \(height) pixels")
    }
    return count
  }

  private static func picture(
    _ width: Int, _ height: Int, _ layout: Picture.Layout, _ bytes: [UInt8]
  ) throws -> Picture {
    guard let picture = Picture(width: width, height: height, layout: layout, bytes: bytes) else {
      throw ND2Error(.invalidRequest, "a picture cannot have \(width) × \(height) pixels")
    }
    return picture
  }

  /// The samples as bytes from 0 (black) to 255.
  private static func scaled(_ plane: Plane, _ count: Int) -> [UInt8] {
    let range = plane.contrast ?? ContrastRange.percentiles(of: plane.samples, type: plane.type)
    // The wide types need doubles until the offset is taken off.
    let (start, low) = (range.low, Float(range.low))
    return switch plane.type {
    case .uint8: scaled(plane.samples, count, range, UInt8.self) { Float($0) - low }
    case .int8: scaled(plane.samples, count, range, Int8.self) { Float($0) - low }
    case .uint16: scaled(plane.samples, count, range, UInt16.self) { Float($0) - low }
    case .int16: scaled(plane.samples, count, range, Int16.self) { Float($0) - low }
    case .uint32: scaled(plane.samples, count, range, UInt32.self) { Float(Double($0) - start) }
    case .int32: scaled(plane.samples, count, range, Int32.self) { Float(Double($0) - start) }
    case .float32: scaled(plane.samples, count, range, Float.self) { Float(Double($0) - start) }
    case .float64: scaled(plane.samples, count, range, Double.self) { Float($0 - start) }
    }
  }

  @inline(__always)
  private static func scaled<Sample: BitwiseCopyable>(
    _ samples: UnsafeRawBufferPointer, _ count: Int, _ range: ContrastRange, _: Sample.Type,
    _ aboveLow: (Sample) -> Float
  ) -> [UInt8] {
    let factor = Float(255 / (range.high - range.low))
    return [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      for index in 0..<count {
        let sample = samples.loadUnaligned(
          fromByteOffset: index &* MemoryLayout<Sample>.size, as: Sample.self)
        output[index] = byte(of: aboveLow(sample) * factor)
      }
      initialized = count
    }
  }

  /// The nearest byte; not-a-number is 0.
  ///
  /// Adding 2^23 leaves the rounded integer in the low bits, without the range check that keeps a
  /// plain conversion from being vectorised.
  @inline(__always)
  private static func byte(of value: Float) -> UInt8 {
    let bounded = value > 0 ? (value < 255 ? value : 255) : 0
    return UInt8(truncatingIfNeeded: (bounded + 8_388_608).bitPattern)
  }
}
