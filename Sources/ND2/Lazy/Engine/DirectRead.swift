/// The reading of an array that is nothing but a box of a source: straight into the result.
struct DirectRead: Sendable {
  /// Bytes after which progress is reported.
  private static let slabByteCount = 128 << 20

  private let source: any LazySource
  private let box: [Range<Int>]

  /// The box that a node shows, in the order in which it is stored; nil when the node does more.
  init?(_ node: LazyNode) {
    switch node.operation {
    case .source(let source):
      self.source = source
      box = LazyRegion(all: source.sizes).box
    case .view(let beneath, let view):
      guard case .source(let source) = beneath.operation else { return nil }
      let region = view.region(of: LazyRegion(all: node.sizes))
      let order = view.sources.compactMap { source -> Int? in
        if case .axis(let place, _) = source { place } else { nil }
      }
      guard order == order.sorted(), region.slices.allSatisfy({ $0.step == 1 }) else { return nil }
      self.source = source
      box = region.box
    default: return nil
    }
  }

  /// Reads the box.
  func run(
    into result: AnyNDArray, threadCount: Int, isCancelled: @escaping @Sendable () -> Bool,
    progress: (@Sendable (Double) -> Void)?
  ) throws {
    let bytes = result.storage.bytes
    // Parts of the outermost axis that has several elements lie one after the other.
    let place = box.firstIndex { $0.count > 1 } ?? 0
    guard progress != nil, !box.isEmpty, bytes.count > Self.slabByteCount else {
      try source.read(box, into: bytes, threadCount: threadCount, isCancelled: isCancelled)
      progress?(1)
      return
    }
    let outer = box[place]
    let step = bytes.count / outer.count
    let length = max(1, Self.slabByteCount / max(1, step))
    for start in stride(from: 0, to: outer.count, by: length) {
      let end = min(outer.count, start + length)
      var part = box
      part[place] = (outer.lowerBound + start)..<(outer.lowerBound + end)
      try source.read(
        part, into: UnsafeMutableRawBufferPointer(rebasing: bytes[(start * step)..<(end * step)]),
        threadCount: threadCount, isCancelled: isCancelled)
      progress?(Double(end) / Double(outer.count))
    }
  }
}
