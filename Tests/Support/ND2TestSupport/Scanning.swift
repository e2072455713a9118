package import ND2Format

extension ChunkScan {
  /// Scans bytes in memory to the end; gives the chunks, the gaps, and the number of reads.
  package static func run(
    over file: [UInt8]
  ) -> (map: ChunkMap, gaps: [UInt64], readCount: Int, byteCount: Int) {
    var scan = ChunkScan(fileByteCount: UInt64(file.count))
    var (readCount, byteCount) = (0, 0)
    while !scan.needed.isEmpty {
      let parts = scan.needed.map { Array(file[Int($0.lowerBound)..<Int($0.upperBound)]) }
      readCount += parts.count
      byteCount += parts.reduce(0) { $0 + $1.count }
      scan.supply(parts)
    }
    let gaps = scan.gaps
    return (scan.finish(), gaps, readCount, byteCount)
  }
}
