import ND2
import ND2Export

/// A picture (PNG) of one image of a file: its channels merged in their colours, or colour as it is.
struct PictureDocument {
  let file: ND2File
  let options: PictureOptions
  /// How often the image is halved against the file's.
  var level = 0

  /// The bytes of the PNG file, and the picture.
  ///
  /// - Parameters:
  ///   - array: an image with no other axes than C, Y, X and S.
  ///   - firstChannel: what the first element of its channel axis is on that of the file; nil when
  ///     it is made of several.
  ///   - shown: which elements of its channel axis are shown; nil for all.
  func encode(
    _ array: AnyNDArray, firstChannel: Int? = 0, shown: Range<Int>? = nil
  ) throws -> (bytes: [UInt8], picture: Picture) {
    let picture = try picture(of: array, firstChannel, shown)
    var encoder = PNGEncoder()
    if file.metadata.channels.first?.volume.axesCalibrated.first == true {
      let factor = Double(1 << min(max(level, 0), 30))
      encoder.pixelSize = (file.voxelSize.x * factor, file.voxelSize.y * factor)
    }
    encoder.notes = [("Software", "swift-nd2 \(ToolVersion.text)")]
    return (try encoder.encode(picture), picture)
  }

  private func picture(
    of array: AnyNDArray, _ firstChannel: Int?, _ shown: Range<Int>?
  ) throws -> Picture {
    // Axes of one element are not always among those of the array.
    let (width, height) = (array.sizes[.x] ?? 1, array.sizes[.y] ?? 1)
    let planeCount = array.sizes[.channel] ?? 1
    let shown = (shown ?? 0..<planeCount).clamped(to: 0..<planeCount)
    return try array.withUnsafeBytes { bytes in
      let stride = bytes.count / max(1, planeCount)
      let planes = shown.map { index in
        UnsafeRawBufferPointer(rebasing: bytes[(index * stride)..<((index + 1) * stride)])
      }
      if array.sizes[.sample] == 3, let first = planes.first {
        return try PictureComposer.rgb(
          first, type: array.sampleType, width: width, height: height,
          significantBits: file.attributes.bitsPerComponentSignificant)
      }
      return try PictureComposer.merge(
        zip(shown, planes).map { index, samples in
          let contrast = ContrastRange.percentiles(
            of: samples, type: array.sampleType, lowPercent: options.saturation,
            highPercent: options.saturation)
          return PictureComposer.Plane(
            samples: samples, type: array.sampleType,
            colour: colour(of: firstChannel.map { $0 + index }, count: shown.count),
            contrast: contrast)
        }, width: width, height: height)
    }
  }

  private func colour(of index: Int?, count: Int) -> PictureComposer.Colour {
    guard let index, !(options.grey && count == 1) else { return .white }
    let channel = file.metadata.channels.first { channel in
      let first = channel.acquisition.firstComponent
      return index >= first && index - first < max(1, channel.volume.componentCount)
    }
    guard let channel else { return .white }
    if channel.volume.componentCount == 3 {
      // A colour channel among others: each of its samples has a place on the axis.
      let sample = index - channel.acquisition.firstComponent
      return PictureComposer.Colour(
        red: sample == 0 ? 1 : 0, green: sample == 1 ? 1 : 0, blue: sample == 2 ? 1 : 0)
    }
    let colour = channel.channel.color
    // Black would show nothing.
    if colour.r == 0, colour.g == 0, colour.b == 0 { return .white }
    return PictureComposer.Colour(
      red: Float(colour.r) / 255, green: Float(colour.g) / 255, blue: Float(colour.b) / 255)
  }
}
