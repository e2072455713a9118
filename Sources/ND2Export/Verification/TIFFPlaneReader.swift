import CTIFF
import ND2

/// The pages of TIFF files as planes, decoded by libtiff.
final class TIFFPlaneReader: PlaneReader {
  /// A page, and the plane that it is.
  private struct Page {
    var file: Int
    var place: UInt64
    var plane: Int
  }

  private let sources: [FileSource]
  private let pages: [Page]
  private let planes: ExportPlanes
  private let handles: [Lock<[TIFFInput]>]
  let groupByteCount: Int

  /// - Parameter files: paths with the planes of their pages, in order.
  init(files: [(path: String, planes: [Int?])], _ planes: ExportPlanes) throws {
    self.planes = planes
    var sources: [FileSource] = []
    var pages: [Page] = []
    for (number, file) in files.enumerated() {
      let source = try FileSource(path: file.path)
      let places = try TIFFDirectoryChain.places(source)
      guard places.count == file.planes.count else {
        throw ArrayPlaneReader.other(
          "it has \(places.count) pages, not \(file.planes.count)", file.path)
      }
      for (place, plane) in zip(places, file.planes) {
        if let plane { pages.append(Page(file: number, place: place, plane: plane)) }
      }
      sources.append(source)
    }
    self.sources = sources
    self.pages = pages
    handles = sources.map { _ in Lock([]) }
    groupByteCount = min(planes.planeByteCount, 512 * planes.rowByteCount) * 2 + (2 << 20)
  }

  var groupCount: Int { pages.count }

  func read(group: Int, _ take: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
    let page = pages[group]
    let input: TIFFInput
    if let free = handles[page.file].withLock({ $0.popLast() }) {
      input = free
    } else {
      input = try TIFFInput(sources[page.file])
    }
    try input.read(page.place, planes) { try take(page.plane, $0) }
    // What failed is not used again.
    handles[page.file].withLock { $0.append(input) }
  }
}

/// The places of the directories of a TIFF file.
enum TIFFDirectoryChain {
  private static let most = 1 << 26

  /// - Throws: `ND2Error.Code.malformed` when the chain leads nowhere or back.
  static func places(_ source: FileSource) throws -> [UInt64] {
    func damaged() -> ND2Error {
      ND2Error(.malformed, "this is no sound TIFF file", at: .init(file: source.name))
    }
    let size = source.byteCount()
    func number(_ offset: UInt64, _ count: UInt64) throws -> UInt64 {
      guard offset <= size, size - offset >= count else { throw damaged() }
      return try source.read(offset..<(offset + count)).reversed().reduce(0) {
        $0 << 8 | UInt64($1)
      }
    }
    guard try number(0, 2) == 0x4949 else { throw damaged() }
    let isBig = try number(2, 2) == 43
    var place = isBig ? try number(8, 8) : try number(4, 4)
    var places: [UInt64] = []
    while place != 0 {
      guard places.count < Self.most, UInt64(places.count) <= size / 6 else { throw damaged() }
      places.append(place)
      let count = isBig ? try number(place, 8) : try number(place, 2)
      guard count <= 1 << 16 else { throw damaged() }
      let end = place + (isBig ? 8 + count * 20 : 2 + count * 12)
      place = isBig ? try number(end, 8) : try number(end, 4)
    }
    return places
  }
}

/// A TIFF file as libtiff reads it. One thread at a time has it.
final class TIFFInput: @unchecked Sendable {
  private let source: FileSource
  private var position: UInt64 = 0
  private var handle: OpaquePointer?
  private let message = UnsafeMutablePointer<nd2_tiff_message>.allocate(capacity: 1)

  init(_ source: FileSource) throws {
    self.source = source
    message.initialize(to: nd2_tiff_message())
    // Without the first directory, which may be large: every page is asked for by its place.
    handle = nd2_tiff_open(
      "input", "rh", Unmanaged.passUnretained(self).toOpaque(),
      { client, bytes, count in
        guard let client, let bytes, count >= 0 else { return -1 }
        let input = Unmanaged<TIFFInput>.fromOpaque(client).takeUnretainedValue()
        return tmsize_t(
          input.read(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))))
      }, { _, _, _ in -1 },
      { client, offset, origin in
        guard let client else { return .max }
        return Unmanaged<TIFFInput>.fromOpaque(client).takeUnretainedValue().seek(offset, origin)
      }, { _ in 0 },
      { client in
        guard let client else { return 0 }
        return Unmanaged<TIFFInput>.fromOpaque(client).takeUnretainedValue().source.byteCount()
      }, message)
    guard handle != nil else { throw failure() }
  }

  deinit {
    if let handle { TIFFClose(handle) }
    message.deallocate()
  }

  private func failure() -> ND2Error {
    TIFFMessage.error("cannot read", message, file: source.name)
  }

  private func seek(_ offset: UInt64, _ origin: Int32) -> UInt64 {
    switch origin {
    case 1: position &+= offset
    case 2: position = source.byteCount() &+ offset
    default: position = offset
    }
    return position
  }

  private func read(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    let size = source.byteCount()
    let count = position < size ? min(bytes.count, Int(clamping: size - position)) : 0
    guard count > 0 else { return 0 }
    let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    guard (try? source.read(at: position, into: part)) != nil else { return -1 }
    position += UInt64(count)
    return count
  }

  /// Decodes a page and hands over its rows, some at a time.
  func read(
    _ place: UInt64, _ planes: ExportPlanes, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let handle, TIFFSetSubDirectory(handle, place) != 0 else { throw failure() }
    func long(_ tag: Int32) -> Int {
      var value: UInt32 = 0
      return nd2_tiff_get_long(handle, UInt32(tag), &value) != 0 ? Int(value) : 0
    }
    func short(_ tag: Int32) -> Int {
      var value: UInt16 = 0
      return nd2_tiff_get_short(handle, UInt32(tag), &value) != 0 ? Int(value) : 0
    }
    guard long(TIFFTAG_IMAGEWIDTH) == planes.width, long(TIFFTAG_IMAGELENGTH) == planes.height,
      short(TIFFTAG_SAMPLESPERPIXEL) == planes.samples,
      short(TIFFTAG_BITSPERSAMPLE) == planes.sampleType.byteCount * 8,
      planes.samples == 1 || short(TIFFTAG_PLANARCONFIG) == 1
    else { throw ArrayPlaneReader.other("a page has another size or type", source.name) }
    if TIFFIsTiled(handle) != 0 {
      try readTiles(
        handle, width: long(TIFFTAG_TILEWIDTH), height: long(TIFFTAG_TILELENGTH), planes, take)
    } else {
      try readStrips(handle, rowsPerStrip: long(TIFFTAG_ROWSPERSTRIP), planes, take)
    }
  }

  private func readStrips(
    _ handle: OpaquePointer, rowsPerStrip: Int, _ planes: ExportPlanes,
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let rows = min(max(1, rowsPerStrip), planes.height)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: rows * planes.rowByteCount, alignment: 64)
    defer { memory.deallocate() }
    for (strip, first) in stride(from: 0, to: planes.height, by: rows).enumerated() {
      let size = min(rows, planes.height - first) * planes.rowByteCount
      guard
        TIFFReadEncodedStrip(handle, UInt32(strip), memory.baseAddress, tmsize_t(size))
          == tmsize_t(size)
      else { throw failure() }
      try take(UnsafeRawBufferPointer(rebasing: memory[..<size]))
    }
  }

  private func readTiles(
    _ handle: OpaquePointer, width: Int, height: Int, _ planes: ExportPlanes,
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let pixel = planes.samples * planes.sampleType.byteCount
    let size = Int(TIFFTileSize(handle))
    guard width > 0, height > 0, width <= 1 << 16, height <= 1 << 16,
      size == width * height * pixel, size <= 1 << 30
    else { throw failure() }
    let tile = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { tile.deallocate() }
    let rowByteCount = planes.rowByteCount
    let band = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(height, planes.height) * rowByteCount, alignment: 64)
    defer { band.deallocate() }
    let across = (planes.width + width - 1) / width
    for (row, first) in stride(from: 0, to: planes.height, by: height).enumerated() {
      let rows = min(height, planes.height - first)
      for column in 0..<across {
        guard
          TIFFReadEncodedTile(
            handle, UInt32(row * across + column), tile.baseAddress, tmsize_t(size))
            == tmsize_t(size)
        else { throw failure() }
        let count = min(width, planes.width - column * width) * pixel
        guard let source = tile.baseAddress, let target = band.baseAddress else { continue }
        for line in 0..<rows {
          (target + line * rowByteCount + column * width * pixel)
            .copyMemory(from: source + line * width * pixel, byteCount: count)
        }
      }
      try take(UnsafeRawBufferPointer(rebasing: band[..<(rows * rowByteCount)]))
    }
  }
}
