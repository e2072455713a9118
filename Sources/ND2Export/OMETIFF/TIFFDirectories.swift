import CTIFF
import ND2

/// Writes the directories of a file by libtiff, when the pixels are there.
struct TIFFDirectories {
  /// What the first page of a file says, beside its shape.
  struct Head {
    var description: String?
    /// Metadata for ImageJ: sizes of its parts, and the parts.
    var imageJ: ImageJMetadata?
    var software: String
    var dateTime: String?
    /// Pixels of a unit, and the unit: 3 for a centimetre, 1 for the description's own.
    var resolution: (x: Double, y: Double, unit: UInt16)?
  }

  let plan: TIFFPlan
  let options: TIFFOptions
  let ledger: TIFFBlockLedger
  let output: PlacedOutput

  /// Writes all directories behind the pixels.
  ///
  /// - Returns: the size of the file.
  func write(_ head: Head, pageCount: Int, pixelEnd: UInt64) throws -> UInt64 {
    let client = TIFFOutputClient(output, end: pixelEnd)
    let message = UnsafeMutablePointer<nd2_tiff_message>.allocate(capacity: 1)
    message.initialize(to: nd2_tiff_message())
    defer { message.deallocate() }
    func failure() -> any Error {
      client.failure ?? TIFFMessage.error("cannot write", message, file: output.path)
    }
    guard let handle = client.open(isBig: plan.isBig, message) else { throw failure() }
    var isOpen = true
    defer { if isOpen { TIFFClose(handle) } }
    let firsts = Set(plan.files.first { $0.path == output.path }?.firstFrames ?? [0])
    for page in 0..<pageCount {
      if page % 256 == 0, options.isCancelled() { throw CancellationError() }
      let (frame, channel) = page.quotientAndRemainder(dividingBy: plan.channelCount)
      let isFirst = channel == 0 && firsts.contains(frame)
      for level in plan.shape.levels.indices {
        let isFine =
          set(handle, level: level, head) && (level > 0 || set(handle, page: page, isFirst, head))
          && note(handle, client, page: page, level: level) && TIFFWriteDirectory(handle) != 0
        guard isFine else { throw failure() }
      }
    }
    TIFFClose(handle)
    isOpen = false
    if client.failure != nil { throw failure() }
    try client.flush()
    return client.endOffset
  }

  /// The tags that all pages share.
  private func set(_ handle: OpaquePointer, level: Int, _ head: Head) -> Bool {
    let (shape, sizes) = (plan.shape, plan.shape.levels[level])
    func short(_ tag: Int32, _ value: UInt16) -> Bool {
      nd2_tiff_set_short(handle, UInt32(tag), value) != 0
    }
    func long(_ tag: Int32, _ value: Int) -> Bool {
      nd2_tiff_set_long(handle, UInt32(tag), UInt32(clamping: value)) != 0
    }
    let format: UInt16 =
      shape.sampleType.isFloatingPoint
      ? 3 : [.int8, .int16, .int32].contains(shape.sampleType) ? 2 : 1
    var isFine =
      long(TIFFTAG_IMAGEWIDTH, sizes.width) && long(TIFFTAG_IMAGELENGTH, sizes.height)
      && short(TIFFTAG_BITSPERSAMPLE, UInt16(shape.sampleType.byteCount * 8))
      && short(TIFFTAG_SAMPLESPERPIXEL, UInt16(shape.samples))
      && short(TIFFTAG_SAMPLEFORMAT, format)
      && short(TIFFTAG_COMPRESSION, options.compressionTag)
      && short(TIFFTAG_PHOTOMETRIC, shape.samples == 3 ? 2 : 1)
      && short(TIFFTAG_PLANARCONFIG, 1)
    if shape.tile != nil {
      isFine =
        isFine && long(TIFFTAG_TILEWIDTH, sizes.blockWidth)
        && long(TIFFTAG_TILELENGTH, sizes.blockHeight)
    } else {
      isFine = isFine && long(TIFFTAG_ROWSPERSTRIP, sizes.blockHeight)
    }
    if options.appliesPredictor {
      isFine = isFine && short(TIFFTAG_PREDICTOR, TIFFPredictor.tag(for: shape.sampleType))
    }
    if let resolution = head.resolution {
      let factor = 1 / Double(1 << level)
      isFine =
        isFine
        && nd2_tiff_set_double(handle, UInt32(TIFFTAG_XRESOLUTION), resolution.x * factor)
          != 0
        && nd2_tiff_set_double(handle, UInt32(TIFFTAG_YRESOLUTION), resolution.y * factor) != 0
        && short(TIFFTAG_RESOLUTIONUNIT, resolution.unit)
    }
    if level > 0 { isFine = isFine && long(TIFFTAG_SUBFILETYPE, 1) }
    return isFine
  }

  /// The tags of the page itself.
  private func set(
    _ handle: OpaquePointer, page: Int, _ isFirst: Bool, _ head: Head
  ) -> Bool {
    var isFine = true
    let reduced = plan.shape.levels.count - 1
    if reduced > 0 {
      // Their places are filled in when they are written, which is next.
      let places = [UInt64](repeating: 0, count: reduced)
      isFine = nd2_tiff_set_subdirectories(handle, UInt16(reduced), places) != 0
    }
    func text(_ tag: Int32, _ value: String?) {
      guard let value else { return }
      isFine = isFine && nd2_tiff_set_text(handle, UInt32(tag), value) != 0
    }
    if isFirst {
      text(TIFFTAG_SOFTWARE, head.software)
      text(TIFFTAG_DATETIME, head.dateTime)
    }
    if page == 0 {
      text(TIFFTAG_IMAGEDESCRIPTION, head.description)
      if let imageJ = head.imageJ {
        isFine =
          isFine
          && nd2_tiff_set_imagej(
            handle, UInt32(imageJ.sizes.count), imageJ.sizes, UInt32(imageJ.bytes.count),
            imageJ.bytes) != 0
      }
    }
    return isFine
  }

  /// Tells libtiff where the blocks of a page are.
  private func note(
    _ handle: OpaquePointer, _ client: TIFFOutputClient, page: Int, level: Int
  ) -> Bool {
    // Libtiff does not look at the bytes; there only must be some.
    var nothing: UInt8 = 0
    for block in 0..<plan.shape.levels[level].count {
      let (place, size) = ledger.block(page: page, level: level, block: block)
      let count = client.noting(blockAt: place) {
        plan.shape.tile == nil
          ? TIFFWriteRawStrip(handle, UInt32(block), &nothing, tmsize_t(size))
          : TIFFWriteRawTile(handle, UInt32(block), &nothing, tmsize_t(size))
      }
      guard count == tmsize_t(size) else { return false }
    }
    return true
  }
}
