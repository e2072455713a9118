#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts chunks out of rows of planes. The memory is only read.
struct ChunkCutter: @unchecked Sendable {
  /// Sizes of chunks.
  let level: ZarrArrayPlan.Level
  /// Bytes of a number.
  let sampleByteCount: Int
  /// The frames in memory, as t and z, in order.
  let frames: [(time: Int, focus: Int)]
  /// What there was of them.
  let states: [PlaneSource.State]
  /// Planes of a frame.
  let planeCount: Int
  /// The first row of the first plane.
  let base: UnsafeMutableRawPointer
  /// Bytes from plane to plane.
  let planeStride: Int
  /// Number of the first row.
  let firstRow: Int
  /// Rows in memory.
  let rowCount: Int

  /// The numbers of a chunk: those in memory where they are dense, else a copy in the worker's
  /// memory, zeros behind the edges of the array.
  func chunk(_ place: [Int], _ worker: ChunkWorker) -> UnsafeRawBufferPointer {
    let chunk = level.chunk
    let rowBytes = level.width * sampleByteCount
    let top = place[3] * chunk[3] - firstRow
    let rows = min(chunk[3], rowCount - top)
    let left = place[4] * chunk[4]
    let columns = min(chunk[4], level.width - left)
    let planeBytes = chunk[3] * chunk[4] * sampleByteCount
    if chunk[0] == 1, chunk[1] == 1, chunk[2] == 1, columns == level.width, chunk[4] == columns,
      rows == chunk[3]
    {
      let start = base + place[1] * planeStride + top * rowBytes
      return UnsafeRawBufferPointer(start: start, count: planeBytes)
    }
    let output = worker.scratch(planeBytes * chunk[0] * chunk[1] * chunk[2])
    let isFull =
      rows == chunk[3] && columns == chunk[4] && frames.count == chunk[0] * chunk[2]
      && (place[1] + 1) * chunk[1] <= planeCount
    if !isFull { output.initializeMemory(as: UInt8.self, repeating: 0) }
    guard let out = output.baseAddress else { return UnsafeRawBufferPointer(output) }
    for (number, frame) in frames.enumerated() {
      let (t, z) = (frame.time % chunk[0], frame.focus % chunk[2])
      for c in 0..<min(chunk[1], planeCount - place[1] * chunk[1]) {
        let plane = number * planeCount + place[1] * chunk[1] + c
        let source = base + plane * planeStride + top * rowBytes + left * sampleByteCount
        let target = out + ((t * chunk[1] + c) * chunk[2] + z) * planeBytes
        for row in 0..<rows {
          (target + row * chunk[4] * sampleByteCount).copyMemory(
            from: source + row * rowBytes, byteCount: columns * sampleByteCount)
        }
      }
    }
    return UnsafeRawBufferPointer(output)
  }

  /// Whether all bytes are zero.
  static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress, bytes.count > 1 else { return bytes.first ?? 0 == 0 }
    return bytes[0] == 0 && memcmp(base, base + 1, bytes.count - 1) == 0
  }
}
