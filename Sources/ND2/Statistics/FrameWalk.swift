import ND2Format
import Synchronization

/// Reads the frames of a selection on several threads, in pieces that stay in the processor's cache
/// while something is done with them, and leaves out frames whose pixels are not all there.
final class FrameWalk: Sendable {
  /// Bytes of a piece at best.
  static let pieceByteCount = 256 << 10

  /// Most items that the work is divided into.
  private static let mostItems = 4096

  /// A run of rows of a frame: planes, rows, columns and samples, dense.
  struct Piece {
    let bytes: UnsafeRawBufferPointer
    /// Pixels of one plane of the piece.
    let pixelCount: Int
    /// Size of one plane of the piece.
    let planeByteCount: Int
  }

  private let file: ND2File
  private let selection: ResolvedSelection
  private let cancellation: CancellationFlag
  private let lost = Mutex<Set<Int>>([])
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
    if case .asynchronous = file.access { isDivisible = false }
    let rowByteCount = max(1, selection.gather.byteCount / max(1, rows))
    rowsPerPiece = isDivisible ? max(1, min(rows, Self.pieceByteCount / rowByteCount)) : rows
    piecesPerFrame = (rows + rowsPerPiece - 1) / max(1, rowsPerPiece)
    pieceCount = Checked.product(selection.frameCount, piecesPerFrame) ?? .max
  }

  /// Number of frames that were left out so far.
  var lostFrameCount: Int { lost.withLock { $0.count } }

  /// Number of items that the work is divided into: runs of pieces that one thread does in order, so
  /// that sums do not depend on the number of threads.
  ///
  /// - Parameter most: the most that the caller wants.
  func itemCount(most: Int = .max) -> Int { min(pieceCount, Self.mostItems, max(1, most)) }

  /// Number of threads that are of use, when each needs so much memory.
  func threadCount(memoryPerThread: Int, limit: Int) -> Int {
    let wanted: Int
    let leastByteCount: Int
    switch file.access {
    case .asynchronous: (wanted, leastByteCount) = (file.options.maxConcurrency, 1)
    case .blocking:
      // A thread costs about as much as reading half a megabyte.
      (wanted, leastByteCount) = (file.options.threadCount ?? WorkerTeam.coreCount, 1 << 19)
    }
    let total = Checked.product(selection.gather.byteCount, selection.frameCount) ?? .max
    let useful = total / leastByteCount
    return max(1, min(wanted, useful, 256, pieceCount, limit / max(1, memoryPerThread)))
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
    visit: @escaping @Sendable (inout State, Int, Piece) throws -> Void,
    end: @escaping @Sendable (State) throws -> Void
  ) throws {
    let gather = selection.gather
    let part = PlaneGather(
      planes: Array(gather.planes[planes]), componentCount: gather.componentCount,
      sampleByteCount: gather.sampleByteCount,
      columns: gather.firstColumn..<(gather.firstColumn + gather.columnCount),
      rowCount: rowsPerPiece)
    let queue = WorkQueue(count: itemCount, isCancelled: { [cancellation] in cancellation.isSet })
    WorkerTeam.run(count: threads) { [self] _ in
      do {
        var state = try begin()
        var reader = try Reader(self, part)
        while let item = queue.take() {
          let pieces = bound(item, of: itemCount)..<bound(item + 1, of: itemCount)
          for piece in pieces {
            if cancellation.isSet { throw CancellationError() }
            try reader.read(piece) { try visit(&state, item, $0) }
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

  /// The first piece of an item.
  private func bound(_ item: Int, of itemCount: Int) -> Int {
    let (product, overflow) = item.multipliedReportingOverflow(by: pieceCount)
    return overflow ? item * (pieceCount / itemCount) : product / itemCount
  }

  /// Reads pieces for one thread.
  private struct Reader: ~Copyable {
    let walk: FrameWalk
    let gather: PlaneGather
    let buffer: UnsafeMutableRawBufferPointer
    let note = LossNote()
    /// The last frame that was found to be there as a whole.
    var sound: Int?

    init(_ walk: FrameWalk, _ gather: PlaneGather) throws {
      self.walk = walk
      self.gather = gather
      buffer = .allocate(byteCount: gather.byteCount, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    mutating func read(_ number: Int, _ body: (Piece) throws -> Void) throws {
      let ordinal = number / walk.piecesPerFrame
      let frame = walk.selection.frameIndex(ordinal)
      if walk.lost.withLock({ $0.contains(frame) }) { return }
      let all = walk.selection.rows
      let first = all.lowerBound + number % walk.piecesPerFrame * walk.rowsPerPiece
      let rows = first..<min(first + walk.rowsPerPiece, all.upperBound)
      let part = PlaneGather(
        planes: gather.planes, componentCount: gather.componentCount,
        sampleByteCount: gather.sampleByteCount,
        columns: gather.firstColumn..<(gather.firstColumn + gather.columnCount),
        rowCount: rows.count)
      let selection = ResolvedSelection(
        sizes: [:], frames: .numbered(frame), rows: rows, gather: part)
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<part.byteCount])
      guard try isSound(frame) else { return }
      try fill(target, selection)
      if note.take() {
        walk.lost.withLock { _ = $0.insert(frame) }
        return
      }
      try body(
        Piece(
          bytes: UnsafeRawBufferPointer(target), pixelCount: rows.count * part.columnCount,
          planeByteCount: part.planeByteCount))
    }

    /// Whether all rows of the selection are stored, as far as can be told without reading them.
    ///
    /// A frame of several pieces is looked at as a whole, so that none of it counts if not all does.
    private mutating func isSound(_ frame: Int) throws -> Bool {
      guard walk.piecesPerFrame > 1, sound != frame, case .blocking(let source) = walk.file.access
      else { return true }
      sound = frame
      let store = walk.file.store
      guard let payload = try store.locate(frame, in: source),
        case .raw(let stride) = payload.coding
      else { return true }
      let wanted = FrameAssembler.byteRange(
        rows: walk.selection.rows, stride: stride, layout: store.layout)
      if wanted.upperBound <= payload.availableByteCount { return true }
      let isNew = walk.lost.withLock { $0.insert(frame).inserted }
      if isNew {
        try store.reportLoss(frame, "the image is cut off; it is left out", offset: payload.offset)
      }
      return false
    }

    private func fill(
      _ target: UnsafeMutableRawBufferPointer, _ selection: ResolvedSelection
    ) throws {
      switch walk.file.access {
      case .blocking(let source):
        var reader = PixelReader(
          source: source, store: walk.file.store, selection: selection, isCancelled: { false },
          mostThreads: 1)
        reader.lossNote = note
        try reader.read(into: target, isZeroed: false)
      case .asynchronous(let source):
        guard let base = target.baseAddress else { return }
        target.initializeMemory(as: UInt8.self, repeating: 0)
        var reader = AsyncPixelReader(
          source: source, store: walk.file.store, selection: selection)
        reader.lossNote = note
        let destination = AsyncPixelReader.Destination(base: base)
        try BlockingWait.run { [reader] in try await reader.read(into: destination) }
      }
    }
  }
}
