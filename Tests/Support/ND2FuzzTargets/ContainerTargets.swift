import ND2Format

enum ContainerTargets {
  static func chunkMap(_ input: UnsafeRawBufferPointer) {
    let parsed = ChunkMapParser.parse(input, at: 4096, fileByteCount: 1 << 30)
    consume(parsed.map.inFileOrder)
    consume(parsed.map.chunksInFileOrder)
    consume(parsed.map.frames[0])
    consume(parsed.map.frames[parsed.map.frames.upperBound])
    let bytes = Array(input)
    consume(ChunkMapParser.mapOffset(tail: bytes))
    consume(FileSignature(Array(bytes.prefix(FileSignature.byteCount))))
    consume(try? ChunkHeader(bytes, at: 0))
  }

  static func chunkScan(_ input: UnsafeRawBufferPointer) {
    var scan = ChunkScan(fileByteCount: UInt64(input.count))
    while true {
      let needed = scan.needed
      if needed.isEmpty { break }
      scan.supply(needed.map { bytes(input, $0) })
    }
    consume(scan.gaps)
    consume(scan.finish().inFileOrder)
  }

  static func boxes(_ input: UnsafeRawBufferPointer) {
    let all = Array(input)
    consume(BoxMapParser.distance(tail: all))
    // As the list at the end of a file, and as a whole file.
    consume(BoxMapParser.parse(all, at: 1 << 20).map.inFileOrder)
    var walk = BoxWalk(fileByteCount: UInt64(input.count))
    while let range = walk.needed { walk.supply(bytes(input, range)) }
    consume(walk.gaps)
    let map = walk.finish()
    consume(BoxWalk.isLegacy(map))
    consume(map.inFileOrder)
    consume(ImageHeaderBox(all))
  }

  private static func bytes(
    _ input: UnsafeRawBufferPointer, _ range: Range<UInt64>
  ) -> [UInt8] {
    let low = Int(range.lowerBound)
    let high = Int(range.upperBound)
    return Array(UnsafeRawBufferPointer(rebasing: input[low..<high]))
  }
}
