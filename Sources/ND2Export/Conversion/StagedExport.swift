/// Outputs that are complete but do not have their names yet, so that several appear together.
package final class StagedExport {
  /// What was written.
  package let report: ExportReport
  private let finish: () throws -> Void
  private var giveUp: (() -> Void)?

  init(
    _ report: ExportReport, commit: @escaping () throws -> Void, discard: @escaping () -> Void
  ) {
    self.report = report
    finish = commit
    giveUp = discard
  }

  deinit { discard() }

  /// Gives the outputs their names: from now on they are there.
  package func commit() throws {
    try finish()
    giveUp = nil
  }

  /// Gives the outputs up; nothing stays.
  package func discard() {
    giveUp?()
    giveUp = nil
  }
}
