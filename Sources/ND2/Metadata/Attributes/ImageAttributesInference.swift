package import ND2Format

/// Finds the attributes of a file that lacks them, as files of crashed acquisitions do.
///
/// The camera's settings name the size, the number of components and bits; the size of a stored
/// frame tells which of several readings is right.
package enum ImageAttributesInference {
  /// What one camera setting says of the image.
  private struct Guess {
    var width: Int
    var height: Int
    var bits: Int?
  }

  /// The attributes, or nil when the picture metadata does not name any that fit.
  ///
  /// - Parameters:
  ///   - picture: the decoded picture metadata.
  ///   - payloadByteCount: bytes of an image chunk without its 8-byte prefix; for a compressed
  ///     frame its size after inflation.
  ///   - compression: how that frame is compressed.
  ///   - sequenceCount: number of stored frames.
  package static func infer(
    from picture: PictureMetadata, payloadByteCount: Int,
    compression: ImageAttributes.Compression? = nil, sequenceCount: Int,
    limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) -> ImageAttributes? {
    let components = componentCounts(of: picture)
    for guess in guesses(from: picture, limits: limits) {
      for components in components {
        for bits in bitCounts(guess.bits) {
          var attributes = ImageAttributes(
            widthPx: guess.width, heightPx: guess.height, componentCount: components,
            bitsPerComponentInMemory: bits,
            bitsPerComponentSignificant: min(max(guess.bits ?? bits, 1), bits),
            pixelDataType: bits >= 32 ? .float : .unsigned, sequenceCount: sequenceCount,
            compressionLevel: compression == nil ? nil : 0, compressionType: compression,
            channelCount: picture.declaredPlaneCount ?? picture.planes.count)
          attributes.widthBytes = attributes.rowByteCount
          guard Checked.product(attributes.rowByteCount, guess.height) == payloadByteCount else {
            continue
          }
          log.warning(
            "the image attributes are missing; \(guess.width) × \(guess.height) pixels of "
              + "\(components) × \(bits) bits follow from the camera's settings")
          return attributes
        }
      }
    }
    return nil
  }

  private static func componentCounts(of picture: PictureMetadata) -> [Int] {
    var counts: [Int] = []
    let sum = picture.planes.reduce(0) { $0 &+ min($1.componentCount, 4096) }
    for count in [picture.declaredComponentCount ?? 0, sum, picture.planes.count, 1]
    where (1...ImageAttributesDecoder.mostComponents).contains(count) && !counts.contains(count) {
      counts.append(count)
    }
    return counts
  }

  /// Bits in memory to try: those that the camera names first.
  private static func bitCounts(_ named: Int?) -> [Int] {
    guard let named, named > 0, named <= 64 else { return [16, 8, 32] }
    let rounded = named <= 8 ? 8 : named <= 16 ? 16 : named <= 32 ? 32 : 64
    return [rounded] + [16, 8, 32].filter { $0 != rounded }
  }

  private static func guesses(
    from picture: PictureMetadata, limits: ParsingLimits
  ) -> [Guess] {
    var guesses: [Guess] = []
    func add(_ width: Double, _ height: Double, _ bits: Int?) {
      guard let width = Int(exactly: width.rounded(.down)),
        let height = Int(exactly: height.rounded(.down)), width >= 1, height >= 1,
        width <= limits.sideLength, height <= limits.sideLength
      else { return }
      guesses.append(Guess(width: width, height: height, bits: bits))
    }
    for setting in picture.sampleSettings.prefix(64) {
      for format in setting.formats {
        for (width, height) in [format.userSize, format.sensorSize].compactMap({ $0 }) {
          add(width, height, format.bitCount)
          if let x = format.binningX, let y = format.binningY, x > 1 || y > 1 {
            add(width / x, height / y, format.bitCount)
          }
        }
      }
    }
    for plane in picture.planes.prefix(64) {
      if let (width, height) = plane.fullChipSize { add(width, height, nil) }
    }
    return guesses
  }
}
