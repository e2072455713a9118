import ND2
import ND2Codecs
import ND2Format

/// Writes the boxes of a file of version 1.0 in the order in which real files have them.
struct LegacyFileBuilder {
  private let file: SampleFile
  private var writer: BoxWriter
  private let encoder: JPEG2000Encoder

  init(_ file: SampleFile, sink: any ByteSink) throws {
    self.file = file
    writer = BoxWriter(sink)
    let isSigned = file.sampleType == .int8 || file.sampleType == .int16
    let bits = file.sampleType.byteCount * 8
    var encoder = JPEG2000Encoder(
      width: file.width, height: file.height, sampleByteCount: file.sampleType.byteCount,
      bitCount: bits)
    encoder.componentCount = file.channels[0].componentCount
    encoder.isSigned = isSigned
    encoder.tileSide = file.storage.tileSide
    if case .lossy(let ratio) = file.storage.compression { encoder.ratio = ratio }
    self.encoder = encoder
  }

  mutating func writeAll() throws {
    let tree = LegacyTree(file: file)
    let stored = file.storedFrames
    try append(.signature, [0x0D, 0x0A, 0x87, 0x0A])
    try append(.fileType, Array("jp2 ".utf8) + [0, 0, 0, 0] + Array("jp2 ".utf8))
    try append(.imageHeader, imageHeader)
    for frame in stored { try writeFrame(frame) }
    for frame in stored {
      try append("VIMD", frame, tree.picture(frame))
      try append("VCAL", frame, tree.calibration(frame))
    }
    try append("ARTT", tree.advancedAttributes)
    try append("ACAL", tree.fileCalibration)
    if let experiment = tree.experiment { try append(experiment.tag, experiment.bytes) }
    try append("TINF", tree.textInfo)
    if !file.events.isEmpty { try append("IEVE", tree.events) }
    try append(
      "SROB",
      Array(
        #"<?xml version="1.0" encoding="UTF-8"?><ReportObjects _VERSION="1.000000"/>"#.utf8))
    if file.flaws.writesBoxMap { try writer.writeMap(stride: file.flaws.boxMapStride) }
  }

  /// Boxes `ihdr` and `colr`.
  private var imageHeader: [UInt8] {
    var size: [UInt8] = []
    size.append(bigEndian: UInt32(clamping: file.height))
    size.append(bigEndian: UInt32(clamping: file.width))
    size.append(bigEndian: UInt16(clamping: encoder.componentCount))
    size += [UInt8(truncatingIfNeeded: encoder.bitCount - 1) | (encoder.isSigned ? 0x80 : 0)]
    size += [7, 0, 0]
    // 16 is sRGB, 17 is grey.
    let color: [UInt8] = [1, 0, 0, 0, 0, 0, encoder.componentCount == 3 ? 16 : 17]
    return BoxWriter.box(.init(0x6968_6472), size) + BoxWriter.box(.init(0x636F_6C72), color)
  }

  /// A codestream for each channel.
  private mutating func writeFrame(_ frame: Int) throws {
    if let gap = file.flaws.gaps[frame] { try writer.appendGap(gap) }
    let packed = file.packedFrame(frame)
    for channel in file.channels.indices {
      let payload =
        try file.flaws.framePayloads[frame] ?? encode(samples(of: channel, in: packed))
      let number = frame * file.channels.count + channel
      guard !file.flaws.omittedChunks.contains(BoxName.codestream(number)) else { continue }
      try writer.append(.codestream, tag: BoxName.codestreamTag, payload)
    }
  }

  private func encode(_ samples: [UInt8]) throws -> [UInt8] {
    do throws(CodecError) {
      return try encoder.encode(samples)
    } catch {
      throw ND2Error(
        .unsupported,
        error == .notBuilt
          ? "the library was built without JPEG 2000 (package trait JPEG2000)"
          : "an image of \(file.width) × \(file.height) pixels cannot be encoded as JPEG 2000")
    }
  }

  /// The components of one channel, pixel by pixel.
  private func samples(of channel: Int, in packed: [UInt8]) -> [UInt8] {
    guard file.channels.count > 1 else { return packed }
    let size = encoder.componentCount * encoder.sampleByteCount
    let pixel = file.componentCount * encoder.sampleByteCount
    var samples: [UInt8] = []
    samples.reserveCapacity(file.width * file.height * size)
    for start in stride(from: channel * size, to: packed.count, by: pixel) {
      samples += packed[start..<min(start + size, packed.count)]
    }
    return samples
  }

  // MARK: - Boxes

  private mutating func append(_ kind: BoxHeader.Kind, _ data: [UInt8]) throws {
    let name = kind.name + "!"
    guard !file.flaws.omittedChunks.contains(name) else { return }
    var data = data
    file.flaws.dataEdits[name]?(&data)
    // Heads of images carry the tag of codestreams.
    try writer.append(kind, tag: BoxName.codestreamTag, data)
  }

  private mutating func append(_ tag: String, _ document: [UInt8]) throws {
    try append(tag, nil, document)
  }

  private mutating func append(_ tag: String, _ frame: Int?, _ document: [UInt8]) throws {
    let name = frame.map { "\(tag)|\($0)!" } ?? "\(tag)!"
    guard !file.flaws.omittedChunks.contains(name) else { return }
    var data = document
    file.flaws.dataEdits[name]?(&data)
    try writer.append(.xml, tag: tag, data)
  }
}
