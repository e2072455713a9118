import ND2Format

/// The mask of one frame as its objects, each made of horizontal runs of pixels.
public struct BinaryMask: Hashable, Sendable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// The objects, in stored order. Where they overlap, the later one covers the earlier.
  public internal(set) var objects: [Object]
  /// The runs of all objects; see ``Object/runs``.
  public internal(set) var runs: [Run]

  /// Some pixels of a row, side by side. Runs of damaged files may leave the mask.
  public struct Run: Hashable, Sendable {
    /// The row.
    public var y: UInt32
    /// The first column.
    public var x: UInt32
    /// Number of pixels.
    public var count: UInt32

    package init(y: UInt32, x: UInt32, count: UInt32) {
      self.y = y
      self.x = x
      self.count = count
    }
  }

  /// One object of a mask.
  public struct Object: Hashable, Sendable {
    /// Number of the object: the value of its pixels.
    public var id: UInt32
    /// The box around the object, as stored.
    public var bounds: PixelBox
    /// Flags of the program that wrote the file.
    public var status: UInt32
    /// Where its runs are in ``BinaryMask/runs``.
    public var runs: Range<Int>
  }

  package init(width: Int, height: Int, objects: [Object] = [], runs: [Run] = []) {
    self.width = width
    self.height = height
    self.objects = objects
    self.runs = runs
  }

  /// The runs of an object that lie within the mask, cut to it.
  public func clippedRuns(of object: Object) -> [Run] {
    runs[object.runs.clamped(to: runs.indices)].compactMap(clip)
  }

  private func clip(_ run: Run) -> Run? {
    guard run.y < UInt32(clamping: height), run.x < UInt32(clamping: width) else { return nil }
    let room = UInt32(clamping: width) - run.x
    return run.count == 0 ? nil : Run(y: run.y, x: run.x, count: min(run.count, room))
  }

  /// Number of pixels and centre of an object within the mask; nil when nothing of it is inside.
  public func measure(_ object: Object) -> LabelImage.Region? {
    var region = LabelImage.RegionBuilder()
    for run in clippedRuns(of: object) {
      region.add(x: Int(run.x), y: Int(run.y), count: Int(run.count))
    }
    return region.region(id: object.id)
  }

  /// The mask as pixels, row after row from the top.
  ///
  /// - Throws: ``ND2Error`` with the code `limitExceeded` when the objects of a damaged file cover
  ///   each other so often that painting them would never end.
  public func labelImage() throws(ND2Error) -> LabelImage {
    guard let count = Checked.product(width, height) else {
      throw ND2Error(.limitExceeded, "a mask of \(width) × \(height) pixels is too large")
    }
    var budget = max(count &* 16, 1 << 26)
    var labels = [UInt32](repeating: 0, count: count)
    labels.withUnsafeMutableBufferPointer { pixels in
      for object in objects {
        for run in runs[object.runs.clamped(to: runs.indices)] {
          guard budget >= 0, let run = clip(run) else { continue }
          budget -= Int(run.count)
          let start = Int(run.y) &* width &+ Int(run.x)
          pixels[start..<(start &+ Int(run.count))].update(repeating: object.id)
        }
      }
    }
    guard budget >= 0 else {
      throw ND2Error(.limitExceeded, "the objects of a mask overlap beyond reason")
    }
    return LabelImage(width: width, height: height, labels: labels)
  }
}

/// A rectangle of pixels: left and top inside, right and bottom outside.
public struct PixelBox: Hashable, Sendable, Codable {
  /// First column.
  public var left: Int
  /// First row.
  public var top: Int
  /// Column behind the last one.
  public var right: Int
  /// Row behind the last one.
  public var bottom: Int

  /// Creates a box.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }
}
