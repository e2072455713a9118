import ND2

extension SampleFile {
  /// Where pixels come from.
  public enum Pixels: Sendable {
    /// Numbers that differ between frames, components, rows and columns; see
    /// ``SampleFile/patternValue(frame:component:x:y:)``.
    case pattern
    /// A rule that gives the value of each sample.
    case computed(@Sendable (Sample) -> Double)
    /// A picture that is painted plane by plane.
    case scene(any Scene)
    /// The bytes of each frame: rows without padding, pixels interleaved, little-endian.
    case packed([[UInt8]])
  }

  /// A sample of a pixel of a frame.
  public struct Sample: Hashable, Sendable {
    /// Index of the frame.
    public var frame: Int
    /// Index among the components of all channels.
    public var component: Int
    /// Column.
    public var x: Int
    /// Row.
    public var y: Int
  }

  /// One component of one frame.
  public struct Plane: Hashable, Sendable {
    /// Index of the frame.
    public var frame: Int
    /// Indices along the loops, outermost first.
    public var loopIndices: [Int]
    /// Index of the channel.
    public var channel: Int
    /// Index among the components of the channel.
    public var component: Int
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
  }

  /// A picture that is painted plane by plane. Equal planes must give equal values.
  public protocol Scene: Sendable {
    /// The values of a plane, row by row: `width * height` of them.
    func values(of plane: Plane) -> [Double]
  }

  /// Value of a sample of ``Pixels/pattern``, within the range of the type and its bits.
  public func patternValue(frame: Int, component: Int, x: Int, y: Int) -> Double {
    let mixed = x &* 3 &+ y &* 257 &+ frame &* 1021 &+ component &* 4099 &+ (x &* y) % 11
    switch description.sampleType {
    case .uint8, .uint16, .uint32:
      let bits = min(description.significantBitCount ?? description.sampleType.byteCount * 8, 32)
      // 32-bit samples get a part beyond 16 bits, so that their upper bytes count.
      let value = bits > 16 ? mixed &* 65_537 : mixed
      return Double(value & (1 << bits - 1))
    case .int8: return Double(Int8(truncatingIfNeeded: mixed))
    case .int16: return Double(Int16(truncatingIfNeeded: mixed))
    case .int32: return Double(Int32(truncatingIfNeeded: mixed &* -65_537))
    case .float32, .float64: return Double(mixed) / 8 - 1000
    }
  }

  /// The bytes of a frame as they should be read back: rows without padding, pixels interleaved in
  /// stored order, little-endian.
  public func packedFrame(_ frame: Int) -> [UInt8] {
    if case .packed(let frames) = pixels {
      return frames.indices.contains(frame) ? frames[frame] : []
    }
    var bytes = [UInt8](repeating: 0, count: description.packedRowByteCount * description.height)
    let components = description.componentCount
    var base = 0
    for (channelIndex, channel) in description.channels.enumerated() {
      for component in 0..<channel.componentCount {
        let values: [Double]
        switch pixels {
        case .scene(let scene):
          values = scene.values(
            of: Plane(
              frame: frame, loopIndices: loopIndices(ofFrame: frame), channel: channelIndex,
              component: component, width: description.width, height: description.height))
        case .computed(let rule):
          values = grid { rule(Sample(frame: frame, component: base, x: $0, y: $1)) }
        default:
          values = grid { patternValue(frame: frame, component: base, x: $0, y: $1) }
        }
        SampleEncoder.store(
          values, as: description.sampleType, every: components, from: base, in: &bytes)
        base += 1
      }
    }
    return bytes
  }

  private func grid(_ value: (_ x: Int, _ y: Int) -> Double) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(description.width * description.height)
    for y in 0..<description.height {
      for x in 0..<description.width { values.append(value(x, y)) }
    }
    return values
  }
}

/// Turns values into samples.
enum SampleEncoder {
  /// Stores `values` as samples `first`, `first + stride`, …; values beyond the type are clamped.
  static func store(
    _ values: [Double], as type: SampleType, every stride: Int, from first: Int,
    in bytes: inout [UInt8]
  ) {
    bytes.withUnsafeMutableBytes { buffer in
      func each<T: BitwiseCopyable>(_ convert: (Double) -> T) {
        let size = MemoryLayout<T>.size
        for (index, value) in values.enumerated() {
          let offset = (first + index * stride) * size
          guard offset + size <= buffer.count else { return }
          buffer.storeBytes(of: convert(value), toByteOffset: offset, as: T.self)
        }
      }
      switch type {
      case .uint8: each { clamped($0, UInt8.self) }
      case .uint16: each { clamped($0, UInt16.self).littleEndian }
      case .uint32: each { clamped($0, UInt32.self).littleEndian }
      case .int8: each { clamped($0, Int8.self) }
      case .int16: each { clamped($0, Int16.self).littleEndian }
      case .int32: each { clamped($0, Int32.self).littleEndian }
      case .float32: each { Float($0).bitPattern.littleEndian }
      case .float64: each { $0.bitPattern.littleEndian }
      }
    }
  }

  private static func clamped<T: FixedWidthInteger>(_ value: Double, _ type: T.Type) -> T {
    let rounded = value.rounded()
    if let exact = T(exactly: rounded) { return exact }
    return rounded > 0 ? .max : rounded < 0 ? .min : 0
  }
}
