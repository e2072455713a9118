import ND2Format

/// Reads the frames of a selection on several threads, in pieces that stay in the processor's cache
/// while something is done with them, and leaves out frames whose pixels are not all there.
final class FrameWalk: Sendable {
  /// Bytes of a piece at best.
  static let pieceByteCount = 256 << 10

  /// Most items that the work is divided into.
  private static let mostItems = 4096

  let file: ND2File
  let selection: ResolvedSelection
  private let cancellation: CancellationFlag
  private let lost = Lock<Set<Int>>([])
  private let rowsPerPiece: Int
  private let piecesPerFrame: Int
  private let pieceCount: Int

  init(_ file: ND2File, _ selection: ResolvedSelection, _ cancellation: CancellationFlag) {
    self.file = file
    self.selection = selection
    self.cancellation = cancellation
    let rows = selection.rows.count
    var isDivisible = file.store.layout.compression != .lossless
    // Requests of a source far away are best made for whole frames.
    if file.access.remote != nil { isDivisible = false }
    let rowByteCount = file.store.layout.rowByteCount
    rowsPerPiece = isDivisible ? max(1, min(rows, Self.pieceByteCount / rowByteCount)) : rows
    piecesPerFrame = (rows + rowsPerPiece - 1) / max(1, rowsPerPiece)
    pieceCount = Checked.product(selection.frameCount, piecesPerFrame) ?? .max
  }

  /// Where the samples of some planes of the selection are.
  func places(of planes: Range<Int>) -> [PixelPiece.Place] {
    selection.gather.planes[planes].enumerated().flatMap { plane, components in
      components.enumerated().map { .init(component: $1, plane: plane, sample: $0) }
    }
  }

  /// Number of frames that were left out so far.
  var lostFrameCount: Int { lost.withLock { $0.count } }

  /// Whether a frame is left out.
  func isLost(_ frame: Int) -> Bool { lost.withLock { $0.contains(frame) } }

  /// Leaves a frame out; false when it was left out before.
  @discardableResult
  func lose(_ frame: Int) -> Bool { lost.withLock { $0.insert(frame).inserted } }

  /// Number of items that the work is divided into: runs of pieces that one thread does in order, so
  /// that sums do not depend on the number of threads.
  ///
  /// - Parameter most: the most that the caller wants.
  func itemCount(most: Int = .max) -> Int { min(pieceCount, Self.mostItems, max(1, most)) }

  /// Number of threads that are of use, when each needs so much memory.
  func threadCount(memoryPerThread: Int, limit: Int) -> Int {
    let isRemote = file.access.remote != nil
    let wanted =
      isRemote ? file.options.maxConcurrency : file.options.threadCount ?? WorkerTeam.coreCount
    // A thread costs about as much as reading half a megabyte.
    let leastByteCount = isRemote ? 1 : 1 << 19
    let total = Checked.product(selection.gather.byteCount, selection.frameCount) ?? .max
    let useful = total / leastByteCount
    let most = max(1, min(wanted, useful, 256, pieceCount, limit / max(1, memoryPerThread)))
    guard isRemote else { return most }
    // Each thread has a whole frame, as it is stored and as it is counted.
    let isStored = file.store.codestreams == nil && file.store.layout.isDivisible
    let frame = Checked.product(
      selection.rows.count, file.store.layout.rowByteCount, isStored ? 1 : 2)
    let held = Checked.sum(frame ?? .max, memoryPerThread) ?? .max
    return min(most, max(2, limit / max(1, held)))
  }

  /// Reads all pieces.
  ///
  /// - Parameters:
  ///   - planes: the planes of the selection that are read.
  ///   - begin: makes what a thread needs.
  ///   - visit: gets each piece, with the number of its item.
  ///   - end: is given what a thread had when it has no more to do.
  func run<State>(
    planes: Range<Int>, threads: Int, itemCount: Int, progress: ProgressMeter,
    begin: @escaping @Sendable () throws -> State,
    visit: @escaping @Sendable (inout State, Int, PixelPiece) throws -> Void,
    end: @escaping @Sendable (State) throws -> Void
  ) throws {
    let queue = WorkQueue(count: itemCount, isCancelled: { [cancellation] in cancellation.isSet })
    WorkerTeam.run(count: threads) { [self] _ in
      do {
        var state = try begin()
        var reader = PieceReader(self, planes: planes)
        while let item = queue.take() {
          for piece in bound(item, of: itemCount)..<bound(item + 1, of: itemCount) {
            if cancellation.isSet { throw CancellationError() }
            let (ordinal, number) = piece.quotientAndRemainder(dividingBy: piecesPerFrame)
            try reader.read(selection.frameIndex(ordinal), rows: rows(number)) {
              try visit(&state, item, $0)
            }
          }
          progress.advance()
        }
        try end(state)
      } catch {
        queue.fail(error)
      }
    }
    try queue.finish()
  }

  /// The rows of a piece of a frame.
  private func rows(_ number: Int) -> Range<Int> {
    let first = selection.rows.lowerBound + number * rowsPerPiece
    return first..<min(first + rowsPerPiece, selection.rows.upperBound)
  }

  /// The first piece of an item.
  private func bound(_ item: Int, of itemCount: Int) -> Int {
    let (product, overflow) = item.multipliedReportingOverflow(by: pieceCount)
    return overflow ? item * (pieceCount / itemCount) : product / itemCount
  }
}
