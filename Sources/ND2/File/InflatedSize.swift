import ND2Codecs

/// The size of zlib streams after inflation.
package enum InflatedSize {
  /// The size, or nil when the bytes are not a sound zlib stream.
  package static func measure(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > 2, Inflater.looksLikeZlib(bytes[0], bytes[1]),
      let inflater = try? Inflater()
    else { return nil }
    let (limit, overflow) = bytes.count.multipliedReportingOverflow(by: 16)
    let inflated = try? bytes.withUnsafeBytes {
      try inflater.inflate($0, limit: min(1 << 30, overflow ? .max : limit + (32 << 20)))
    }
    return inflated?.count
  }
}
