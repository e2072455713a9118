import ND2

extension Picture {
  /// Writes the picture to a file, which appears whole or not at all: TIFF when its name ends in
  /// `.tif` or `.tiff`, else PNG.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - pixelSize: edges of a pixel in micrometres, as ``PictureRenderer/pixelSize(of:_:)`` gives
  ///     them; nil when they are not known.
  ///   - overwriting: whether a file that is there may be replaced.
  /// - Throws: `ND2Error.Code.invalidRequest` when the path is taken,
  ///   `ND2Error.Code.limitExceeded` when the picture is too large for such a file,
  ///   `ND2Error.Code.io` when it cannot be written.
  public func write(
    to path: String, pixelSize: (x: Double, y: Double)? = nil, overwriting: Bool = false
  ) throws {
    let file = try WholeFile(path: path, options: .init(overwriting: overwriting))
    let name = path.lowercased()
    if name.hasSuffix(".tif") || name.hasSuffix(".tiff") {
      var encoder = TIFFEncoder()
      encoder.pixelSize = pixelSize
      try file.write(encoder.encode(self))
    } else {
      var encoder = PNGEncoder()
      encoder.pixelSize = pixelSize
      try file.write(encoder.encode(self))
    }
    try file.commit()
  }
}
