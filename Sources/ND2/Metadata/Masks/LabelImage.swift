/// The mask of one frame as pixels: 0 for the background, else the number of an object.
public struct LabelImage: Hashable, Sendable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// The pixels, row after row from the top: `height` × `width` of them.
  public let labels: [UInt32]

  /// Creates a mask; labels beyond `width` × `height` are dropped, missing ones are background.
  package init(width: Int, height: Int, labels: [UInt32]) {
    self.width = width
    self.height = height
    self.labels = labels
  }

  /// The pixels in 16 bits, or nil when a number does not fit.
  public var uint16Labels: [UInt16]? {
    guard (labels.max() ?? 0) <= UInt32(UInt16.max) else { return nil }
    return labels.map { UInt16(truncatingIfNeeded: $0) }
  }

  /// An object as its pixels show it.
  public struct Region: Hashable, Sendable, Codable {
    /// Number of the object.
    public var id: UInt32
    /// The smallest box around it.
    public var bounds: PixelBox
    /// Number of its pixels.
    public var pixelCount: Int
    /// Mean column of its pixels.
    public var centerX: Double
    /// Mean row of its pixels.
    public var centerY: Double
    /// Column of its first pixel in reading order.
    public var seedX: Int
    /// Row of its first pixel in reading order.
    public var seedY: Int
  }

  /// The objects that are visible, in ascending order of their numbers.
  public var regions: [Region] {
    var builders: [UInt32: RegionBuilder] = [:]
    for y in 0..<max(height, 0) {
      var x = 0
      while x < width {
        let label = labels[y &* width &+ x]
        let start = x
        repeat { x += 1 } while x < width && labels[y &* width &+ x] == label
        if label != 0 { builders[label, default: .init()].add(x: start, y: y, count: x - start) }
      }
    }
    return builders.compactMap { $1.region(id: $0) }.ordered { $0.id < $1.id }
  }

  /// Gathers the pixels of a region.
  struct RegionBuilder {
    private var left = Int.max
    private var top = Int.max
    private var right = Int.min
    private var bottom = Int.min
    private var count = 0
    private var sumX = 0.0
    private var sumY = 0.0
    private var seed = (x: 0, y: Int.max)

    /// Adds pixels of a row, side by side.
    mutating func add(x: Int, y: Int, count: Int) {
      left = min(left, x)
      right = max(right, x + count)
      top = min(top, y)
      bottom = max(bottom, y + 1)
      self.count += count
      sumX += Double(count) * (Double(x) + Double(count - 1) / 2)
      sumY += Double(count) * Double(y)
      if (y, x) < (seed.y, seed.x) { seed = (x, y) }
    }

    func region(id: UInt32) -> Region? {
      guard count > 0 else { return nil }
      return Region(
        id: id, bounds: PixelBox(left: left, top: top, right: right, bottom: bottom),
        pixelCount: count, centerX: sumX / Double(count), centerY: sumY / Double(count),
        seedX: seed.x, seedY: seed.y)
    }
  }
}
