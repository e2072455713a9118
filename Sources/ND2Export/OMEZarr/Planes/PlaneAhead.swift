import ND2

/// Planes of a file far away that are read before slabs want them.
final class PlaneAhead: Sendable {
  private struct Part: Sendable {
    var number: Int
    var frame: Int
  }

  private let parts: [PlanePlace: Part]
  private let ahead: FrameReadAhead
  private let sample: ContrastSample?

  /// - Parameters:
  ///   - part: what of the file is taken.
  ///   - places: what is wanted, in order; all of it must be taken.
  ///   - sample: is shown what was read.
  /// - Returns: nil for a local file.
  init?(
    of file: ND2File, _ part: OMEPart, _ grid: FrameGrid, places: [PlanePlace],
    sample: ContrastSample?, memoryLimit: Int, isCancelled: @escaping @Sendable () -> Bool
  ) {
    guard file.isRemote else { return nil }
    var parts: [PlanePlace: Part] = [:]
    var requests: [FrameRequest] = []
    let first = part.rows.lowerBound
    for place in places {
      guard let frame = grid[place.time, place.focus], !file.isMissing(frame: frame) else {
        continue
      }
      parts[place] = Part(number: requests.count, frame: frame)
      let rows = (first + place.rows.lowerBound)..<(first + place.rows.upperBound)
      requests.append(
        FrameRequest(
          frame, FramePart(channels: part.channels, rows: rows, columns: part.columns),
          isPlanar: true))
    }
    guard
      let ahead = file.readAhead(requests, memoryLimit: memoryLimit, isCancelled: isCancelled)
    else { return nil }
    self.parts = parts
    self.ahead = ahead
    self.sample = sample
  }

  /// Fills memory with the planes of a place.
  func read(
    _ place: PlanePlace, into memory: UnsafeMutableRawBufferPointer
  ) throws -> PlaneSource.State {
    guard let part = parts[place] else {
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      return .missing
    }
    return try ahead.withPart(part.number) { bytes, isWhole in
      guard bytes.count == memory.count else {
        throw ND2Error(.invalidRequest, "the planes have \(bytes.count) bytes")
      }
      memory.copyMemory(from: bytes)
      sample?.see(part.frame, rows: place.rows, bytes)
      return isWhole ? .whole : .damaged
    }
  }

  /// Ends the reading; nobody reads any more.
  func stop() { ahead.stop() }
}
