/// A run of rows of one frame, to be looked at sample by sample.
///
/// The samples lie as they are stored, all components of a pixel side by side, or in planes.
struct PixelPiece {
  /// Where the samples of a channel, or of one of its colours, are.
  struct Place: Sendable {
    /// The stored component.
    var component: Int
    /// The plane, and the sample within its pixels.
    var plane: Int
    var sample: Int
  }

  /// How the samples lie.
  enum Layout {
    /// Rows as they are stored, at a distance of so many bytes, without the columns before the first.
    case stored(rowByteCount: Int)
    /// Planes one behind the other, of so many bytes.
    case planes(byteCount: Int)
  }

  /// The first pixel.
  let base: UnsafeRawPointer
  let layout: Layout
  let rowCount: Int
  let columnCount: Int
  /// Distance of the samples of a channel from pixel to pixel, in samples.
  let stride: Int
  /// Size of a sample in bytes.
  let sampleByteCount: Int

  /// Bytes that are looked at for all channels before the next ones are, so that they stay in the
  /// first cache.
  private static let runByteCount = 16 << 10

  /// Number of pixels.
  var pixelCount: Int { rowCount * columnCount }

  /// Calls `body` with samples of each place that lie at equal distances, some at a time.
  @inline(__always)
  func forEachRun(
    _ places: [Place], _ body: (_ index: Int, _ samples: UnsafeRawPointer, _ count: Int) -> Void
  ) {
    switch layout {
    case .planes(let byteCount):
      for (index, place) in places.enumerated() {
        body(
          index, base + (place.plane * byteCount + place.sample * sampleByteCount), pixelCount)
      }
    case .stored(let rowByteCount):
      let pixelByteCount = stride * sampleByteCount
      // Rows without a gap are one long row.
      let isOneRow = rowByteCount == columnCount * pixelByteCount
      let (rows, columns) = isOneRow ? (1, pixelCount) : (rowCount, columnCount)
      let most = max(1, Self.runByteCount / max(1, pixelByteCount))
      for row in 0..<rows {
        var first = 0
        while first < columns {
          let count = min(most, columns - first)
          let start = base + (row * rowByteCount + first * pixelByteCount)
          for (index, place) in places.enumerated() {
            body(index, start + place.component * sampleByteCount, count)
          }
          first += count
        }
      }
    }
  }
}
