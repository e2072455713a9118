/// The header `Content-Range`: which bytes an answer holds, and of how many.
package struct ContentRange: Hashable, Sendable {
  /// The bytes; nil when the server has none of those that were asked for.
  package var bytes: Range<UInt64>?
  /// Size of the whole; nil when the server does not say it.
  package var total: UInt64?

  /// Parses `bytes 0-99/1000`, `bytes 0-99/*` or `bytes */1000`.
  package init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[1] != "*" {
      guard let total = Self.number(parts[1]) else { return nil }
      self.total = total
    }
    if parts[0] == "*" {
      guard total != nil else { return nil }
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
      first <= last, last < UInt64(Int64.max), total.map({ last < $0 }) ?? true
    else { return nil }
    bytes = first..<(last + 1)
  }

  /// Digits only.
  static func number(_ text: some StringProtocol) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = UInt64(text), number <= UInt64(Int64.max)
    else { return nil }
    return number
  }
}
