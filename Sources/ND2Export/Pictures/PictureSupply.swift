import ND2

/// The pixels of pictures of a file far away, read before the pictures are made.
final class PictureSupply: Sendable {
  /// Most memory for them.
  private static let mostBytes = 112 << 20

  private let file: ND2File
  private let ahead: FrameReadAhead
  /// The numbers of selections that were not yet taken, the last one first.
  private let numbers: Lock<[ArraySelection: [Int]]>

  /// - Parameter selections: what is wanted, in order; all of it must be taken.
  /// - Returns: nil where nothing is gained.
  init?(
    of file: ND2File, _ selections: [ArraySelection], isCancelled: @escaping @Sendable () -> Bool
  ) {
    guard !selections.isEmpty,
      let ahead = file.readAhead(
        of: selections, memoryLimit: Self.mostBytes, isCancelled: isCancelled)
    else { return nil }
    self.file = file
    self.ahead = ahead
    var numbers: [ArraySelection: [Int]] = [:]
    for (number, selection) in selections.enumerated().reversed() {
      numbers[selection, default: []].append(number)
    }
    self.numbers = Lock(numbers)
  }

  /// The pixels of a selection; nil when they were not asked for beforehand, or taken already.
  func array(of selection: ArraySelection) throws -> AnyNDArray? {
    guard let number = numbers.withLock({ $0[selection]?.popLast() }) else { return nil }
    return try ahead.withPart(number) { bytes, _ in try file.array(of: selection, bytes) }
  }

  /// Ends the reading; no picture is made any more.
  func stop() { ahead.stop() }
}

extension PictureRenderer {
  /// The same renderer, which reads what pictures show before they are made, many at a time, when the
  /// file is far away. All of them must be made, in about this order; then the supply is stopped.
  ///
  /// - Parameters:
  ///   - views: what the pictures show.
  ///   - channels: for each picture the only channel that it shows; nil for those of the style.
  func readingAhead(_ views: [PictureView], channels: [Int?]? = nil) -> PictureRenderer {
    guard file.isRemote else { return self }
    var copy = self
    let selections = views.enumerated().compactMap { index, view -> ArraySelection? in
      copy.style.channels = channels?[index].map { [$0] } ?? style.channels
      return copy.plainSelection(of: view)
    }
    copy = self
    copy.supply = PictureSupply(of: file, selections, isCancelled: isCancelled)
    return copy
  }

  /// What is read for a view that is one frame as it is; nil for others.
  private func plainSelection(of view: PictureView) -> ArraySelection? {
    guard view.level == 0, view.frame == nil, projectedAxes(of: view).isEmpty else { return nil }
    return try? selection(of: view, projected: [])
  }
}
