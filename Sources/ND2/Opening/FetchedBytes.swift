/// Parts of a file that are in memory already: its head and its tail, after opening.
package struct FetchedBytes: Sendable {
  private var parts: [(start: UInt64, bytes: [UInt8])] = []

  package init() {}

  /// Keeps the bytes that begin at `start`.
  package mutating func keep(_ bytes: [UInt8], at start: UInt64) {
    parts.append((start, bytes))
  }

  /// The bytes of a range, when one part holds all of it.
  package func bytes(_ range: Range<UInt64>) -> [UInt8]? {
    for part in parts where range.lowerBound >= part.start {
      let offset = range.lowerBound - part.start
      let count = range.upperBound - range.lowerBound
      if offset <= UInt64(part.bytes.count), count <= UInt64(part.bytes.count) - offset {
        return Array(part.bytes[Int(offset)..<Int(offset + count)])
      }
    }
    return nil
  }
}
