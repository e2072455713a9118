package import ND2

/// A file of which nothing but its image chunks may be read; the reads are counted.
package final class PixelsOnlySource: ByteSource {
  private let base: any ByteSource
  private let images: [Range<UInt64>]
  private let count = Lock(0)

  /// Lets pass what lies in the image chunks of a file.
  package init(_ base: any ByteSource, of file: ND2File) {
    self.base = base
    let chunks = file.chunks
    images = chunks.indices.compactMap { index in
      let chunk = chunks[index]
      guard chunk.name.hasPrefix("ImageDataSeq|") || chunk.name.hasPrefix("LUNK|") else {
        return nil
      }
      let end = index + 1 < chunks.count ? chunks[index + 1].offset : file.byteCount
      return chunk.offset..<max(chunk.offset, end)
    }
  }

  /// Number of reads so far.
  package var requestCount: Int { count.withLock { $0 } }

  package var name: String { base.name }

  package func byteCount() throws -> UInt64 { try base.byteCount() }

  package func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    count.withLock { $0 += 1 }
    let end = offset + UInt64(buffer.count)
    // Images that touch may be read at once.
    var position = offset
    while position < end {
      guard let image = images.first(where: { $0.contains(position) }) else {
        throw ND2Error(.io, "bytes were asked for that are no pixels", at: .init(offset: position))
      }
      position = image.upperBound
    }
    try base.read(at: offset, into: buffer)
  }
}

extension ND2File {
  /// All that the file says apart from its pixels, as text.
  package func everythingButPixels() throws -> String {
    var parts: [String] = [
      "\(version) \(byteCount) \(sizes) \(attributes) \(metadata) \(experimentPlan) \(textInfo)",
      "\(voxelSize) \(String(describing: acquisitionDate)) \(chunks)",
      try unstructuredMetadata().text(), try customData().text(),
      "\(try events()) \(try rois()) \(try recordedData())",
      try framesTable().text(.csv), try positionsTable().text(.csv), try roisTable().text(.csv),
      "\(String(describing: try customDescription())) \(String(describing: try jobs()))",
      "\(String(describing: try wellPlate())) \(try applicationInfo()) \(try frameTimes())",
    ]
    for frame in Set([0, frameCount / 2, frameCount - 1]).sorted() where frame >= 0 {
      parts.append("\(try frameMetadata(frame))")
    }
    for layer in try binaryLayers() {
      for frame in 0..<min(frameCount, 4) {
        parts.append("\(layer) \(String(describing: try? mask(of: layer, frame: frame)?.labels))")
      }
    }
    return (parts + diagnostics.map(\.description)).joined(separator: "\n")
  }
}
