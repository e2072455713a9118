import ND2
import ND2Remote

extension RemoteSource {
  /// Reads ranges into memory of the test's own, as pixels are read.
  func place(_ ranges: [Range<Int>]) async throws -> [[UInt8]] {
    let places = ranges.map { range in
      PlacedRead(
        offset: UInt64(range.lowerBound),
        memory: .allocate(byteCount: range.count, alignment: 16))
    }
    defer { for place in places { place.memory.deallocate() } }
    try await read(places)
    return places.map { Array($0.memory) }
  }

  /// Reads one range into an array.
  func bytes(_ range: Range<Int>) async throws -> [UInt8] {
    try await read([UInt64(range.lowerBound)..<UInt64(range.upperBound)]).first ?? []
  }
}

/// The error of a call that should fail, or nil.
func failure(_ body: () async throws -> Void) async -> ND2Error? {
  do {
    try await body()
    return nil
  } catch {
    return error as? ND2Error
  }
}
