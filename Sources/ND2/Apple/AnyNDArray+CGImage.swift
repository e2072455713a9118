// Compiled on Apple's systems only.
#if canImport(CoreGraphics)
  import CoreFoundation
  public import CoreGraphics

  extension AnyNDArray {
    /// The array as an image of Core Graphics: grey with the axes Y and X, colour with Y, X and three
    /// samples. Values are as they are; stretch the contrast before where that is wanted.
    ///
    /// Axes of one element are left out. Samples are `uint8`, `uint16` or `float32` (from 0 to 1).
    ///
    /// - Throws: ``ND2Error/Code/invalidRequest`` for other axes and number types: take one plane, cast.
    public func cgImage() throws -> CGImage {
      let plane = try squeezed().compacted()
      let axes = plane.sizes.axes
      let isColour = axes.count == 3 && plane.shape[2] == 3
      guard axes.count == 2 || isColour else {
        throw ND2Error.invalidRequest("an image has the axes Y, X and three samples, not \(sizes)")
      }
      let (height, width) = (plane.shape[0], plane.shape[1])
      let sampleBytes = sampleType.byteCount
      let format: UInt32
      switch sampleType {
      case .uint8: format = 0
      case .uint16: format = CGBitmapInfo.byteOrder16Little.rawValue
      case .float32:
        format = CGBitmapInfo.byteOrder32Little.rawValue | CGBitmapInfo.floatComponents.rawValue
      default:
        throw ND2Error.invalidRequest("an image cannot have \(sampleType) samples: cast the array")
      }
      let samples = isColour ? 3 : 1
      let data = plane.withUnsafeBytes { bytes in
        CFDataCreate(nil, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      }
      guard let data, let provider = CGDataProvider(data: data),
        let image = CGImage(
          width: width, height: height, bitsPerComponent: sampleBytes * 8,
          bitsPerPixel: sampleBytes * 8 * samples, bytesPerRow: width * sampleBytes * samples,
          space: isColour ? CGColorSpaceCreateDeviceRGB() : CGColorSpaceCreateDeviceGray(),
          bitmapInfo: CGBitmapInfo(rawValue: CGImageAlphaInfo.none.rawValue | format),
          provider: provider, decode: nil, shouldInterpolate: false, intent: .defaultIntent)
      else {
        throw ND2Error(.limitExceeded, "an image of \(width) × \(height) pixels cannot be made")
      }
      return image
    }
  }
#endif
