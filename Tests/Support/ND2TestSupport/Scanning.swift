package import ND2Format

extension ChunkScan {
  /// Scans bytes in memory to the end; gives the chunks, the gaps, and the number of reads.
  package static func run(
    over file: [UInt8]
  ) -> (map: ChunkMap, gaps: [UInt64], readCount: Int, byteCount: Int) {
    var scan = ChunkScan(fileByteCount: UInt64(file.count))
    var (readCount, byteCount) = (0, 0)
    while let range = scan.needed {
      let bytes = Array(file[Int(range.lowerBound)..<Int(range.upperBound)])
      readCount += 1
      byteCount += bytes.count
      scan.supply(bytes)
    }
    let gaps = scan.gaps
    return (scan.finish(), gaps, readCount, byteCount)
  }
}
