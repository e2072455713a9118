package import ND2Format

/// What a frame's image chunk holds, without its pixels being decoded.
package struct StoredFrame: Sendable {
  /// The eight bytes before the pixels: the time of the frame, ms.
  package var time: Double
  /// Where the pixels are and how they are coded.
  package var payload: FramePayload
}

// What writers of other ND2 files need: frames as they are stored, and how they are laid out.
extension ND2File {
  /// How frames are laid out in their chunks.
  package var frameLayout: FrameLayout { geometry.layout }

  /// For each element of the channel axis the stored components of its samples.
  package var planeComponents: [[Int]] { geometry.planes }

  /// Number in the name of the first frame's chunk: 0, or 1 for some writers.
  package var firstFrameNumber: Int { store.firstNumber }

  /// The channel of the picture metadata that each channel of the layout is; nil for those that the
  /// picture metadata lacks.
  package var pictureIndices: [Int?] { channelLayout.planes.map(\.pictureIndex) }

  /// Number of the frame that an image chunk holds; nil for other chunks.
  package func frameNumber(ofChunk name: String) -> Int? {
    map.frameIndex(name).map { $0 - firstFrameNumber }
  }

  /// Finds the image chunk of a frame; nil when there is none, or it cannot be found.
  ///
  /// - Throws: ``ND2Error/Code/io``, and ``ND2Error/Code/invalidRequest`` when the file was opened
  ///   from an asynchronous source.
  package func storedFrame(_ index: Int) throws -> StoredFrame? {
    try located {
      let source = try access.blocking
      guard let payload = try store.locate(index, in: source),
        payload.offset >= FrameLayout.prefixByteCount
      else { return nil }
      let start = payload.offset - FrameLayout.prefixByteCount
      let prefix = try source.read(start..<payload.offset)
      guard let time = Column.doubles(prefix).first else { return nil }
      return StoredFrame(time: time, payload: payload)
    }
  }

  /// Reads bytes of the file.
  package func readBytes(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws {
    try located { try access.blocking.read(at: offset, into: buffer) }
  }
}
