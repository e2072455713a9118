import ND2
import ND2Format

enum FileTargets {
  /// Largest array that is read whole.
  private static let mostArrayBytes = 4 << 20
  /// Most frames that are asked for one after the other.
  private static let mostFrames = 12

  /// Opens bytes as a file and asks for everything.
  static func exercise(_ bytes: [UInt8]) {
    var options = ReadingOptions()
    options.threadCount = 1
    options.limits = EncodingTargets.tight
    options.limits.inflatedByteCount = 4 << 20
    options.limits.chunkByteCount = 8 << 20
    options.isND2Compatible = bytes.count & 1 != 0
    options.isStrict = bytes.count & 2 != 0
    guard
      let file = try? ND2File(reading: MemorySource(bytes, name: "hostile.nd2"), options: options)
    else { return }
    describe(file)
    annotations(file)
    frames(file)
    pixels(file)
    consume(file.diagnostics.map(\.description))
  }

  private static func describe(_ file: ND2File) {
    consume((file.attributes, file.metadata, file.experimentPlan, file.textInfo))
    consume((file.voxelSize, file.acquisitionDate, file.sizes, file.shape, file.isRGB))
    consume((file.channelNames, file.positionLabels, file.elementCount))
    let chunks = file.chunks
    for chunk in chunks.prefix(40) {
      consume(try? file.metadataTree(ofChunk: chunk.name))
      if let size = chunk.byteCount, size < 1 << 16 { consume(try? file.chunk(chunk.name)) }
    }
    if file.frameCount <= 10_000 {
      for element in file.sizes { consume(try? file.coordinate(element.axis)) }
    }
  }

  private static func annotations(_ file: ND2File) {
    consume(try? file.roisTable().text(.csv))
    consume(try? file.events())
    consume(try? file.customData().text())
    consume(try? file.customDescription())
    consume(try? file.jobs())
    consume(try? file.wellPlate())
    consume(try? file.applicationInfo())
    consume(try? file.unstructuredMetadata().text())
    consume(try? file.positionsTable().text(.tsv))
    for layer in (try? file.binaryLayers())?.prefix(4) ?? [] {
      for frame in 0..<min(file.frameCount, 3) {
        consume(try? file.mask(of: layer, frame: frame))
        consume(try? file.maskObjects(of: layer, frame: frame))
      }
      consume(try? file.mask(of: layer, frame: 0, level: 1))
    }
  }

  private static func frames(_ file: ND2File) {
    if file.listedFrameCount <= 5000 { consume(try? file.framesTable().text(.csv)) }
    for frame in 0..<min(file.frameCount, mostFrames) {
      consume(try? file.frameMetadata(frame))
      consume(file.coordinates(ofFrame: frame))
    }
    consume(try? file.frameTime(file.frameCount - 1))
    consume(try? file.framePosition(file.storedFrameBound - 1))
  }

  private static func pixels(_ file: ND2File) {
    let size = file.elementCount.multipliedReportingOverflow(by: file.sampleType.byteCount)
    if !size.overflow, size.partialValue <= mostArrayBytes {
      consume(try? file.read())
    }
    guard let frame = try? file.byteCount(of: firstFrame(of: file)), frame <= mostArrayBytes else {
      return
    }
    for index in 0..<min(file.storedFrameBound, mostFrames) {
      consume(try? file.readStoredFrame(index))
    }
    let rows = file.attributes.heightPx
    let part = firstFrame(of: file).with(.y, (rows / 2)..<max(rows / 2, rows - 1))
    consume(try? file.read(part))
    var lazy: LazyArray? = file.lazyArray(order: .stored)
    for element in file.sizes where !element.axis.isInFrame {
      lazy = try? lazy?.slicing([(axis: element.axis, slice: .range(0..<1))])
    }
    consume(try? lazy?.compute(ComputeOptions(threadCount: 1, memoryByteCount: 4 << 20)))
  }

  private static func firstFrame(of file: ND2File) -> ArraySelection {
    file.sizes.reduce(ArraySelection.all) { selection, element in
      element.axis.isInFrame ? selection : selection.with(element.axis, 0)
    }
  }
}
