import ND2

/// The numbers that occur in label images, up to a bound. May be told by several threads.
final class LabelValues: Sendable {
  private static let most = 1024
  private let values = Lock<Set<UInt32>>([])

  /// Notes the numbers of pixels; 0 is the background.
  func add(_ pixels: UnsafeMutableBufferPointer<UInt32>) {
    var found: Set<UInt32> = []
    var last: UInt32 = 0
    for pixel in pixels where pixel != last {
      last = pixel
      if pixel != 0, found.count < Self.most { found.insert(pixel) }
    }
    guard !found.isEmpty else { return }
    values.withLock { values in
      for value in found where values.count < Self.most { values.insert(value) }
    }
  }

  /// The numbers, ascending.
  var sorted: [UInt32] { values.withLock { $0.sorted() } }
}
