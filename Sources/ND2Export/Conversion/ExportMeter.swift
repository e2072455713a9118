import ND2

/// Adds up what several threads have done.
final class ExportMeter: Sendable {
  private struct State {
    var byteCount: UInt64 = 0
    var incomplete: Set<Int> = []
  }

  private let state = Lock(State())
  private let total: UInt64
  private let planeByteCount: UInt64
  private let isStrict: Bool
  private let path: String
  private let report: (@Sendable (ExportProgress) -> Void)?

  /// - Parameter report: is told of the progress, by one thread at a time.
  init(
    planes: Int, planeByteCount: Int, isStrict: Bool, path: String,
    report: (@Sendable (ExportProgress) -> Void)?
  ) {
    self.planeByteCount = UInt64(max(1, planeByteCount))
    total = UInt64(planes).multipliedReportingOverflow(by: self.planeByteCount).partialValue
    self.isStrict = isStrict
    self.path = path
    self.report = report
  }

  /// Notes bytes of pixels that are done.
  func advance(by byteCount: Int) {
    guard let report else { return }
    state.withLock { state in
      state.byteCount += UInt64(byteCount)
      report(
        ExportProgress(
          planeCount: Int(clamping: state.byteCount / planeByteCount),
          totalPlaneCount: Int(clamping: total / planeByteCount), byteCount: state.byteCount,
          totalByteCount: total))
    }
  }

  /// Notes a frame whose pixels are not all there.
  ///
  /// - Throws: `ND2Error.Code.missingFrame` where that is an error.
  func lose(_ frame: Int) throws {
    if isStrict {
      throw ND2Error(
        .missingFrame, "frame \(frame) is missing or damaged", at: .init(file: path))
    }
    state.withLock { _ = $0.incomplete.insert(frame) }
  }

  /// The frames whose pixels are not all there.
  var incompleteFrames: [Int] { state.withLock { $0.incomplete.sorted() } }
}
