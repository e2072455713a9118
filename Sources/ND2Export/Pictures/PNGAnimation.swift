import ND2

/// How an animation plays.
public struct AnimationOptions: Hashable, Sendable {
  /// How long each picture is shown, in milliseconds; at most 65 seconds.
  public var delayMs: Double
  /// How often it plays; 0 for ever.
  public var loopCount: Int

  /// Creates options.
  public init(delayMs: Double = 200, loopCount: Int = 0) {
    self.delayMs = delayMs
    self.loopCount = loopCount
  }
}

/// Puts pictures together to an animated PNG file (APNG), one after the other.
///
/// Programs that know no animations show the first picture.
struct PNGAnimation {
  private let encoder: PNGEncoder
  private let options: AnimationOptions
  private let frameCount: UInt32
  private let size: (width: Int, height: Int)
  private let layout: Picture.Layout
  private var nextSequence: UInt32 = 0
  private var written = 0

  /// Begins an animation.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when a number does not fit into such a file.
  init(
    frameCount: Int, width: Int, height: Int, layout: Picture.Layout, options: AnimationOptions,
    encoder: PNGEncoder
  ) throws {
    guard let count = UInt32(exactly: frameCount), count > 0, count < PNGEncoder.largestNumber / 2
    else { throw ND2Error(.invalidRequest, "\(frameCount) pictures make no animation") }
    guard options.delayMs >= 0, options.delayMs <= 65_535 else {
      throw ND2Error(.invalidRequest, "the delay of an animation goes from 0 to 65535 ms")
    }
    guard options.loopCount >= 0, options.loopCount <= 0x7FFF_FFFF else {
      throw ND2Error(.invalidRequest, "an animation cannot play \(options.loopCount) times")
    }
    self.frameCount = count
    self.options = options
    self.encoder = encoder
    self.layout = layout
    size = (width, height)
  }

  /// All that stands before the first picture.
  func head() throws -> [UInt8] {
    var file = try encoder.head(width: size.width, height: size.height, layout: layout)
    let loops = UInt32(truncatingIfNeeded: options.loopCount)
    PNGEncoder.append(
      "acTL", (PNGEncoder.bigEndian(frameCount) + PNGEncoder.bigEndian(loops))[...], to: &file)
    return file
  }

  /// The compressed rows of a picture, which may be made on any thread.
  func compressed(_ picture: Picture) throws -> [UInt8] {
    guard picture.width == size.width, picture.height == size.height, picture.layout == layout
    else { throw ND2Error(.invalidRequest, "the pictures of an animation differ in size") }
    return try encoder.compressed(picture)
  }

  /// The chunks of the next picture, of its compressed rows.
  mutating func frame(_ data: [UInt8]) -> [UInt8] {
    var chunks: [UInt8] = []
    chunks.reserveCapacity(data.count + 128)
    let milliseconds = UInt16(exactly: options.delayMs.rounded()) ?? .max
    var control = PNGEncoder.bigEndian(takeSequence())
    control += PNGEncoder.bigEndian(UInt32(truncatingIfNeeded: size.width))
    control += PNGEncoder.bigEndian(UInt32(truncatingIfNeeded: size.height))
    control += [0, 0, 0, 0, 0, 0, 0, 0]
    control += [UInt8(milliseconds >> 8), UInt8(milliseconds & 255), 0x03, 0xE8]
    // Each picture replaces the one before.
    control += [0, 0]
    PNGEncoder.append("fcTL", control[...], to: &chunks)
    var start = 0
    repeat {
      let end = min(data.count, start + PNGEncoder.pieceByteCount)
      if written == 0 {
        PNGEncoder.append("IDAT", data[start..<end], to: &chunks)
      } else {
        let body = PNGEncoder.bigEndian(takeSequence()) + data[start..<end]
        PNGEncoder.append("fdAT", body[...], to: &chunks)
      }
      start = end
    } while start < data.count
    written += 1
    return chunks
  }

  private mutating func takeSequence() -> UInt32 {
    defer { nextSequence &+= 1 }
    return nextSequence
  }
}
