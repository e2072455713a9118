import CTIFF
import ND2
import ND2TestSupport
import ND2Writer

@testable import ND2Export

/// A directory of a TIFF file, read by libtiff.
struct TIFFPage {
  var width: UInt32 = 0
  var height: UInt32 = 0
  var tileWidth: UInt32 = 0
  var rowsPerStrip: UInt32 = 0
  var samples: UInt16 = 0
  var bits: UInt16 = 0
  var format: UInt16 = 0
  var photometric: UInt16 = 0
  var compression: UInt16 = 0
  var predictor: UInt16 = 0
  var xResolution: Float = 0
  var unit: UInt16 = 0
  var description: String?
  var software: String?
  var levels: [UInt64] = []
  /// All pixels, decoded, of strips only.
  var pixels: [UInt8] = []
}

/// What libtiff reads.
enum TIFFReading {
  static func pages(_ path: String) -> [TIFFPage] {
    // It would print that it does not know the tags of ImageJ.
    TIFFSetWarningHandler(nil)
    guard let handle = TIFFOpen(path, "r") else { return [] }
    defer { TIFFClose(handle) }
    var pages: [TIFFPage] = []
    repeat { pages.append(page(handle)) } while TIFFReadDirectory(handle) != 0
    return pages
  }

  static func page(_ path: String, at place: UInt64) -> TIFFPage? {
    guard let handle = TIFFOpen(path, "r") else { return nil }
    defer { TIFFClose(handle) }
    guard TIFFSetSubDirectory(handle, place) != 0 else { return nil }
    return page(handle)
  }

  private static func page(_ handle: OpaquePointer) -> TIFFPage {
    var page = TIFFPage()
    _ = nd2_tiff_get_long(handle, UInt32(TIFFTAG_IMAGEWIDTH), &page.width)
    _ = nd2_tiff_get_long(handle, UInt32(TIFFTAG_IMAGELENGTH), &page.height)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_SAMPLESPERPIXEL), &page.samples)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_BITSPERSAMPLE), &page.bits)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_SAMPLEFORMAT), &page.format)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_PHOTOMETRIC), &page.photometric)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_COMPRESSION), &page.compression)
    _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_RESOLUTIONUNIT), &page.unit)
    _ = nd2_tiff_get_float(handle, UInt32(TIFFTAG_XRESOLUTION), &page.xResolution)
    page.description = nd2_tiff_get_text(handle, UInt32(TIFFTAG_IMAGEDESCRIPTION))
      .map { String(cString: $0) }
    page.software = nd2_tiff_get_text(handle, UInt32(TIFFTAG_SOFTWARE))
      .map { String(cString: $0) }
    var places: UnsafePointer<UInt64>?
    let count = nd2_tiff_get_subdirectories(handle, &places)
    if let places { page.levels = (0..<Int(count)).map { places[$0] } }
    if TIFFIsTiled(handle) != 0 {
      _ = nd2_tiff_get_long(handle, UInt32(TIFFTAG_TILEWIDTH), &page.tileWidth)
      return page
    }
    _ = nd2_tiff_get_long(handle, UInt32(TIFFTAG_ROWSPERSTRIP), &page.rowsPerStrip)
    if page.compression != 1 {
      _ = nd2_tiff_get_short(handle, UInt32(TIFFTAG_PREDICTOR), &page.predictor)
    }
    for strip in 0..<TIFFNumberOfStrips(handle) {
      var bytes = [UInt8](repeating: 0, count: Int(TIFFStripSize(handle)))
      let count = TIFFReadEncodedStrip(handle, strip, &bytes, tmsize_t(bytes.count))
      if count > 0 { page.pixels += bytes[..<Int(count)] }
    }
    return page
  }
}

extension ND2File {
  /// The pixels of a channel of a frame.
  func plane(_ frame: Int, _ channel: Int) throws -> [UInt8] {
    let bytes = try readFrame(frame).withUnsafeBytes { Array($0) }
    let size = bytes.count / max(1, channelLayout.channelAxisCount)
    return Array(bytes[(channel * size)..<((channel + 1) * size)])
  }
}
