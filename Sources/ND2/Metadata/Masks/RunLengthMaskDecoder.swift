package import ND2Format

/// Decodes run-length masks: `CustomDataSeq|<FileTag>|<N>!` (nd2-format §3.10).
package enum RunLengthMaskDecoder {
  /// A decoded mask and what was wrong on the way to it.
  package struct Result: Sendable {
    /// The mask, or what could be read of it.
    package var mask: BinaryMask
    /// Defects that did not stop decoding.
    package var problems: [Malformed] = []
  }

  /// Name of the chunk with the mask of a frame.
  package static func chunkName(fileTag: String, frame: Int) -> String {
    "\(ChunkName.customSequencePrefix)\(fileTag)|\(frame)!"
  }

  /// Decodes the data of a chunk; nil when it says that the frame has no mask.
  ///
  /// - Parameter imagePixelCount: pixels of the file's images. A mask may be larger, but not by so
  ///   much that a few bytes would ask for all memory.
  package static func decode(
    _ chunk: [UInt8], imagePixelCount: Int, limits: ParsingLimits = .standard
  ) throws(Malformed) -> Result? {
    guard chunk.count >= 4 else { return nil }
    let hint = try ByteReader.over(chunk) { (reader) throws(Malformed) in
      try reader.read(UInt32.self)
    }
    guard chunk.count > 4 else { return nil }
    let stream = try ZlibText.inflate(chunk[4...], hint: Int(hint), limits: limits)
    return try ByteReader.over(stream) { (reader) throws(Malformed) -> Result in
      try decode(&reader, imagePixelCount: imagePixelCount, limits: limits)
    }
  }

  private static func decode(
    _ reader: inout ByteReader, imagePixelCount: Int, limits: ParsingLimits
  ) throws(Malformed) -> Result {
    let version: UInt32 = try reader.read()
    let width: UInt32 = try reader.read()
    let height: UInt32 = try reader.read()
    let objectCount: UInt32 = try reader.read()
    // Bytes behind the header, place of the last object, size of further data.
    try reader.skip(12)
    let headerByteCount: Int
    switch version {
    case 3: headerByteCount = 36
    case 2: headerByteCount = 44
    default: throw Malformed(.unsupported("version \(version) of run-length masks"), at: 0)
    }
    try MaskSize.check(
      width: Int(width), height: Int(height), imagePixelCount: imagePixelCount, limits: limits)
    var result = Result(mask: BinaryMask(width: Int(width), height: Int(height)))
    let fitting = reader.remaining / headerByteCount
    result.mask.objects.reserveCapacity(min(Int(objectCount), fitting))
    do throws(Malformed) {
      for _ in 0..<objectCount {
        try readObject(&reader, headerByteCount: headerByteCount, into: &result)
      }
    } catch {
      result.problems.append(error)
    }
    return result
  }

  private static func readObject(
    _ reader: inout ByteReader, headerByteCount: Int, into result: inout Result
  ) throws(Malformed) {
    let start = reader.position
    let id: UInt32 = try reader.read()
    let left: UInt32 = try reader.read()
    let top: UInt32 = try reader.read()
    let right: UInt32 = try reader.read()
    let bottom: UInt32 = try reader.read()
    let byteCount: UInt32 = try reader.read()
    let rowCount: UInt32 = try reader.read()
    _ = try reader.read(UInt32.self)
    let status: UInt32 = try reader.read()
    try reader.seek(to: start + headerByteCount)
    let firstRun = result.mask.runs.count
    defer {
      // What was read of an object that is cut still counts.
      result.mask.objects.append(
        BinaryMask.Object(
          id: id,
          bounds: PixelBox(
            left: Int(left), top: Int(top), right: Int(right) + 1, bottom: Int(bottom) + 1),
          status: status, runs: firstRun..<result.mask.runs.count))
    }
    for _ in 0..<rowCount {
      let y: UInt32 = try reader.read()
      let runCount: UInt32 = try reader.read()
      let present = min(Int(runCount), reader.remaining / 8)
      for _ in 0..<present {
        let x: UInt32 = try reader.read()
        let count: UInt32 = try reader.read()
        result.mask.runs.append(BinaryMask.Run(y: y, x: x, count: count))
      }
      guard present == Int(runCount) else {
        throw reader.malformed(
          .truncated(needed: UInt64(runCount) * 8, available: UInt64(reader.remaining)))
      }
    }
    try skipRest(&reader, start: start, byteCount: byteCount, into: &result)
  }

  /// Goes to where the object says that it ends, when it is not where its rows end.
  private static func skipRest(
    _ reader: inout ByteReader, start: Int, byteCount: UInt32, into result: inout Result
  ) throws(Malformed) {
    let end = start + Int(byteCount)
    guard byteCount != 0, end != reader.position else { return }
    if end > reader.position, end <= reader.byteCount {
      try reader.seek(to: end)
    } else if result.problems.count < 100 {
      result.problems.append(
        reader.malformed(.unexpected(expected: "an object of \(byteCount) bytes")))
    }
  }
}

/// Bounds on the size of masks.
enum MaskSize {
  /// Refuses sizes that only a damaged file asks for.
  static func check(
    width: Int, height: Int, imagePixelCount: Int, limits: ParsingLimits
  ) throws(Malformed) {
    guard width <= limits.sideLength, height <= limits.sideLength else {
      throw Malformed(
        .limitExceeded(limit: "sideLength", value: UInt64(clamping: max(width, height))), at: 0)
    }
    let most = max(Checked.product(max(0, imagePixelCount), 4) ?? Int.max, 1 << 24)
    let count = Checked.product(width, height) ?? Int.max
    guard count <= most else {
      throw Malformed(
        .limitExceeded(limit: "pixels of a mask", value: UInt64(clamping: count)), at: 0)
    }
  }
}
