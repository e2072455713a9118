package import ND2Format

extension SampleFile {
  /// A metadata chunk whose tree can be edited before it is encoded.
  package enum Tree: Hashable, Sendable {
    case attributes, experiment, pictureMetadata, calibration, textInfo, recordedData, rois
    case events, binaryLayers, applicationInfo
  }

  /// How metadata chunks are encoded and named.
  package enum Encoding: Hashable, Sendable {
    /// Binary, with `LV` in the names.
    case liteVariant
    /// Binary and compressed, with `LV` in the names.
    case compressedLiteVariant
    /// XML.
    case xml
  }

  /// Defects and oddities of a file's structure.
  package struct Flaws: Sendable {
    /// Encoding of the metadata, whatever the version says.
    package var encoding: Encoding?
    /// Text of the version, whatever ``SampleFile/version`` says.
    package var versionText: String?
    /// Changes of the trees' contents, below the name of the root.
    package var edits: [Tree: @Sendable (inout MetadataValue) -> Void] = [:]
    /// Changes of the encoded data of chunks, by name; frames are not among them.
    package var dataEdits: [String: @Sendable (inout [UInt8]) -> Void] = [:]
    /// Names of chunks that are left out.
    package var omittedChunks: Set<String> = []
    /// Sizes of frames' name fields; every other frame has 4072 bytes.
    package var frameNameFields: [Int: Int] = [:]
    /// Size of the name field of frames without their own, instead of 4072 bytes.
    package var frameNameField: Int?
    /// Number in the name of the first frame's chunk.
    package var firstFrameNumber = 0
    /// Whether rows are stored without the padding that the attributes speak of.
    package var packsRows = false
    /// Code of the compression that the attributes speak of, whatever the frames have.
    package var declaredCompression: Int32?
    /// What replaces the stored bytes of frames.
    package var framePayloads: [Int: [UInt8]] = [:]
    /// Bytes without a chunk in front of the frames of these indices.
    package var gaps: [Int: [UInt8]] = [:]
    /// Chunks written a second time, with other data, at the end: name and data.
    package var rewrittenChunks: [CustomChunk] = []
    /// Whether an empty attributes chunk of a sequence count of 0 stands in front of the frames.
    package var writesEarlyAttributes = false
    /// Changes of the map's lines before it is written.
    package var mapEdit: (@Sendable (inout [ChunkWriter.Entry]) -> Void)?

    /// Whether a file of version 1.0 lists its boxes at its end.
    package var writesBoxMap = true
    /// Size of a line of that list: 16, or 12 as one writer has it.
    package var boxMapStride = 16
    /// Whether the loops of a file of version 1.0 stand side by side, as `LoopNo00`, `LoopNo01`, ….
    package var numbersLoops = false
    /// Whether the time loop of a file of version 1.0 is a plain one, not one of phases.
    package var writesPlainTimeLoop = false

    package init() {}

    /// Puts the offset in place of the size in the lines of frames.
    package static func sizesAreOffsets(_ entries: inout [ChunkWriter.Entry]) {
      for index in entries.indices where ChunkName.frameIndex(entries[index].name) != nil {
        entries[index].byteCount = entries[index].offset
      }
    }

    /// Adds to the offset of every chunk that lies at or behind a position.
    package static func shift(
      _ distance: Int64, from position: UInt64 = 0
    ) -> @Sendable (inout [ChunkWriter.Entry]) -> Void {
      { entries in
        for index in entries.indices where entries[index].offset >= position {
          entries[index].offset = entries[index].offset &+ UInt64(bitPattern: distance)
        }
      }
    }
  }
}
