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
    /// The colours of its brightnesses.
    package var table: LookupTable
    /// What is shown as black and as full brightness; nil chooses by percentiles.
    package var contrast: ContrastRange?
    /// The exponent of brightness; 1 changes nothing.
    package var gamma: Double

    package init(
      samples: UnsafeRawBufferPointer, type: SampleType, table: LookupTable,
      contrast: ContrastRange? = nil, gamma: Double = 1
    ) {
      self.samples = samples
      self.type = type
      self.table = table
      self.contrast = contrast
      self.gamma = gamma
    }

    package init(
      samples: UnsafeRawBufferPointer, type: SampleType, colour: Colour = .white,
      contrast: ContrastRange? = nil
    ) {
      self.init(
        samples: samples, type: type, table: LookupTable(name: "", upTo: colour),
        contrast: contrast)
    }
  }

  /// A picture of channels, each in its colours, added up.
  ///
  /// One channel that is grey gives a grey picture; everything else is red-green-blue.
  ///
  /// - Parameter depth: bits of a sample, 8 or 16.
  /// - Throws: `ND2Error.Code.invalidRequest` when the planes are not `width × height` samples.
  package static func merge(
    _ planes: [Plane], width: Int, height: Int, depth: Int = 8, threadCount: Int = 1
  ) throws -> Picture {
    let count = try pixelCount(width, height)
    guard !planes.isEmpty else { throw ND2Error(.invalidRequest, "there is no channel to show") }
    for plane in planes {
      guard plane.samples.count / plane.type.byteCount == count else {
        throw ND2Error(.invalidRequest, "a channel is not \(width) × \(height) samples")
      }
    }
    let isGrey = planes.count == 1 && planes[0].table.isGrey
    let ramps = planes.map { ColourRamp($0, depth: depth, isGrey: isGrey) }
    let components = isGrey ? 1 : 3
    let size = depth / 8
    let bytes = fill(count: count, pixelByteCount: components * size, threadCount) { range, out in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: components * range.count) { sums in
        sums.initialize(repeating: 0)
        for (plane, ramp) in zip(planes, ramps) {
          add(plane, ramp, range, components: components, to: sums)
        }
        store(sums, depth: depth, to: out)
      }
    }
    let layout: Picture.Layout =
      isGrey ? (depth == 16 ? .grey16 : .grey8) : (depth == 16 ? .rgb16 : .rgb8)
    return try picture(width, height, layout, bytes)
  }

  /// A picture of red-green-blue samples.
  ///
  /// - Parameters:
  ///   - samples: rows of interleaved red, green, blue.
  ///   - contrast: what is shown as black and as full brightness, all three alike so that colours
  ///     stay; nil for the full scale of the samples, percentiles for floating point.
  ///   - significantBits: bits of an integer sample that count; full scale is `2^bits − 1`.
  ///   - depth: bits of a sample of the picture, 8 or 16.
  /// - Throws: `ND2Error.Code.invalidRequest` when the samples are not `width × height × 3`.
  package static func rgb(
    _ samples: UnsafeRawBufferPointer, type: SampleType, width: Int, height: Int,
    significantBits: Int? = nil, contrast: ContrastRange? = nil, gamma: Double = 1,
    depth: Int = 8, threadCount: Int = 1
  ) throws -> Picture {
    let count = try pixelCount(width, height)
    guard samples.count / type.byteCount == 3 * count else {
      throw ND2Error(.invalidRequest, "the image is not \(width) × \(height) × 3 samples")
    }
    var range = contrast
    if range == nil, !type.isFloatingPoint {
      let bits = min(max(significantBits ?? type.byteCount * 8, 1), type.byteCount * 8)
      range = ContrastRange(low: 0, high: Double(UInt64(1) << UInt64(bits) - 1))
    }
    let plane = Plane(
      samples: samples, type: type, table: .grey, contrast: range, gamma: gamma)
    let ramp = ColourRamp(plane, depth: depth, isGrey: true)
    let bytes = fill(count: count, pixelByteCount: 3 * depth / 8, threadCount) { pixels, out in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * pixels.count) { sums in
        sums.initialize(repeating: 0)
        let range = (3 * pixels.lowerBound)..<(3 * pixels.upperBound)
        add(plane, ramp, range, components: 1, to: sums)
        store(sums, depth: depth, to: out)
      }
    }
    return try picture(width, height, depth == 16 ? .rgb16 : .rgb8, bytes)
  }

  // MARK: - Blocks of pixels

  private static func pixelCount(_ width: Int, _ height: Int) throws -> Int {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, count <= Int.max / 32 else {
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

  /// Pixels that are worked on at a time: few enough for the processor's cache.
  private static let blockCount = 1 << 13

  /// Fills memory for pixels block by block, on as many threads.
  private static func fill(
    count: Int, pixelByteCount: Int, _ threadCount: Int,
    _ body: (Range<Int>, UnsafeMutableRawBufferPointer) -> Void
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count * pixelByteCount) { output, initialized in
      let raw = UnsafeMutableRawBufferPointer(output)
      let blocks = (count + blockCount - 1) / blockCount
      withoutActuallyEscaping(body) { body in
        // The threads write to parts of the memory that do not overlap, and end within the call.
        nonisolated(unsafe) let (raw, body) = (raw, body)
        let queue = WorkQueue(count: blocks)
        WorkerTeam.run(count: max(1, min(threadCount, blocks / 16))) { _ in
          while let block = queue.take() {
            let range = (block * blockCount)..<min((block + 1) * blockCount, count)
            body(
              range,
              UnsafeMutableRawBufferPointer(
                rebasing: raw[
                  (range.lowerBound * pixelByteCount)..<(range.upperBound * pixelByteCount)]))
          }
        }
      }
      initialized = count * pixelByteCount
    }
  }

  /// Adds what a channel gives to a block of pixels.
  private static func add(
    _ plane: Plane, _ ramp: ColourRamp, _ range: Range<Int>, components: Int,
    to sums: UnsafeMutableBufferPointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: range.count) { places in
      index(plane, ramp, range, into: places)
      if components == 1 {
        for pixel in 0..<range.count { sums[pixel] = ramp.red[Int(places[pixel])] }
      } else {
        ramp.red.withUnsafeBufferPointer { red in
          ramp.green.withUnsafeBufferPointer { green in
            ramp.blue.withUnsafeBufferPointer { blue in
              for pixel in 0..<range.count {
                let place = Int(places[pixel])
                sums[3 &* pixel] += red[place]
                sums[3 &* pixel &+ 1] += green[place]
                sums[3 &* pixel &+ 2] += blue[place]
              }
            }
          }
        }
      }
    }
  }

  private static func store(
    _ sums: UnsafeMutableBufferPointer<Float>, depth: Int, to out: UnsafeMutableRawBufferPointer
  ) {
    if depth == 16 {
      for index in 0..<sums.count {
        out.storeBytes(
          of: rounded(sums[index], most: 65535).littleEndian, toByteOffset: 2 &* index,
          as: UInt16.self)
      }
    } else {
      for index in 0..<sums.count {
        out[index] = UInt8(truncatingIfNeeded: rounded(sums[index], most: 255))
      }
    }
  }

  /// The places of samples on a ramp.
  private static func index(
    _ plane: Plane, _ ramp: ColourRamp, _ pixels: Range<Int>,
    into out: UnsafeMutableBufferPointer<UInt16>
  ) {
    let range = ramp.contrast
    // The wide types need doubles until the offset is taken off.
    let (start, low) = (range.low, Float(range.low))
    let factor = Float(Double(ramp.last) / (range.high - range.low))
    @inline(__always)
    func each<Sample: BitwiseCopyable>(_: Sample.Type, _ aboveLow: (Sample) -> Float) {
      let most = Float(ramp.last)
      for place in 0..<pixels.count {
        let sample = plane.samples.loadUnaligned(
          fromByteOffset: (pixels.lowerBound &+ place) &* MemoryLayout<Sample>.size,
          as: Sample.self)
        out[place] = rounded(aboveLow(sample) * factor, most: most)
      }
    }
    switch plane.type {
    case .uint8: each(UInt8.self) { Float($0) - low }
    case .int8: each(Int8.self) { Float($0) - low }
    case .uint16: each(UInt16.self) { Float($0) - low }
    case .int16: each(Int16.self) { Float($0) - low }
    case .uint32: each(UInt32.self) { Float(Double($0) - start) }
    case .int32: each(Int32.self) { Float(Double($0) - start) }
    case .float32: each(Float.self) { Float(Double($0) - start) }
    case .float64: each(Double.self) { Float($0 - start) }
    }
  }

  /// The nearest whole number from 0 to `most`, at most 65535; not-a-number is 0.
  ///
  /// Adding 2^23 leaves the rounded integer in the low bits, without the range check that keeps a
  /// plain conversion from being vectorised.
  @inline(__always)
  private static func rounded(_ value: Float, most: Float) -> UInt16 {
    let bounded = value > 0 ? (value < most ? value : most) : 0
    return UInt16(truncatingIfNeeded: (bounded + 8_388_608).bitPattern)
  }
}

/// The colours of a channel by brightness, as fine as the picture needs them.
private struct ColourRamp {
  let contrast: ContrastRange
  /// The last place on the ramp: full brightness.
  let last: Int
  /// Components, 0 to the greatest sample of the picture.
  var red: [Float]
  var green: [Float] = []
  var blue: [Float] = []

  init(_ plane: PictureComposer.Plane, depth: Int, isGrey: Bool) {
    contrast =
      plane.contrast ?? ContrastRange.percentiles(of: plane.samples, type: plane.type)
    let isFine = depth == 16 || plane.gamma != 1
    last = isFine ? 65535 : 255
    let full: Float = depth == 16 ? 65535 : 255
    let exponent = plane.gamma.isFinite && plane.gamma > 0 ? plane.gamma : 1
    let scale = 1 / Double(last)
    let colours = (0...last).map { place in
      let share = Double(place) * scale
      return plane.table.colour(at: exponent == 1 ? share : PictureMath.power(share, exponent))
    }
    red = colours.map { $0.red * full }
    guard !isGrey else { return }
    green = colours.map { $0.green * full }
    blue = colours.map { $0.blue * full }
  }
}
