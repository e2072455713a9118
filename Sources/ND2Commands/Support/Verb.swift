import ArgumentParser
import ND2

/// A subcommand. It works inside a ``Session`` instead of on the streams of the process, so that
/// tests can run it and see all it says.
protocol Verb: ParsableCommand {
  /// The options that every verb has.
  var common: CommonOptions { get }
  /// Whether stdout is to be JSON, also in case of an error.
  var wantsJSON: Bool { get }
  /// Why `--saved-index` means nothing with these arguments; nil when it does.
  var savedIndexRefusal: String? { get }
  /// Does the work. What it throws becomes one line on stderr.
  func perform(in session: Session) throws
}

extension Verb {
  var wantsJSON: Bool { false }
  var savedIndexRefusal: String? { nil }
}
