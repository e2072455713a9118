/// What is wrong with some bytes, and where: the error of every parser in this module.
package struct Malformed: Error, Hashable, Sendable {
  /// The kind of defect.
  package enum Reason: Hashable, Sendable {
    /// More bytes were needed than were there.
    case truncated(needed: UInt64, available: UInt64)
    /// A number or a sum of numbers does not fit.
    case overflow
    /// Nesting, item count or size goes beyond a limit.
    case limitExceeded(limit: String, value: UInt64)
    /// The bytes are not what has to stand here.
    case unexpected(expected: String)
    /// A value of the format that this version does not know.
    case unsupported(String)
    /// A compressed stream cannot be decoded.
    case corruptStream(String)
  }

  /// The kind of defect.
  package var reason: Reason
  /// Position of the defect, counted from the start of the file (or of the inflated stream).
  package var offset: UInt64

  package init(_ reason: Reason, at offset: UInt64) {
    self.reason = reason
    self.offset = offset
  }
}

extension Malformed: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .truncated(let needed, let available):
      "needed \(needed) bytes where \(available) remain"
    case .overflow: "a number is too large"
    case .limitExceeded(let limit, let value): "\(value) exceeds the limit \(limit)"
    case .unexpected(let expected): "expected \(expected)"
    case .unsupported(let what): "unsupported \(what)"
    case .corruptStream(let what): "corrupt compressed stream (\(what))"
    }
  }
}
