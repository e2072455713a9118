import ND2
import ND2Export

/// Pictures of a file as files: PNG, or TIFF where the name ends so.
struct PictureDocument {
  /// What a picture is written as.
  enum Form: String, CaseIterable, Sendable {
    case png, apng, tif, tiff

    /// The form that the ending of a name asks for; PNG for names without.
    ///
    /// - Throws: ``ND2Error/Code/invalidRequest`` for other endings.
    init(path: String) throws {
      let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      guard let dot = name.lastIndex(of: ".") else {
        self = .png
        return
      }
      let ending = name[name.index(after: dot)...].lowercased()
      guard let form = Self(rawValue: ending) else {
        throw ND2Error(
          .invalidRequest, "pictures are written as .png or .tif, not as '.\(ending)'")
      }
      self = form
    }
  }

  let file: ND2File
  let options: PictureOptions

  /// The bytes of the file of a projection, and the picture.
  ///
  /// - Parameters:
  ///   - array: an image with no other axes than C, Y, X and S.
  ///   - firstChannel: what the first element of its channel axis is on that of the file; nil when
  ///     it is made of several.
  func encode(
    _ array: AnyNDArray, firstChannel: Int?, form: Form
  ) throws -> (bytes: [UInt8], picture: Picture) {
    let count = array.sizes[.channel] ?? 1
    var style = try options.style(of: file)
    if options.grey, count == 1 { style.appearance.table = .grey }
    let renderer = PictureRenderer(file, style: style)
    let picture = try renderer.picture(
      of: array, channels: (0..<count).map { index in firstChannel.map { $0 + index } })
    var view = PictureView()
    if let rows = array.sizes[.y] { view.rows = 0..<rows }
    if let columns = array.sizes[.x] { view.columns = 0..<columns }
    return (
      try Self.encode(picture, form, pixelSize: renderer.pixelSize(of: view, picture)), picture
    )
  }

  /// The bytes of the file of a picture.
  static func encode(
    _ picture: Picture, _ form: Form, pixelSize: (x: Double, y: Double)?
  ) throws -> [UInt8] {
    switch form {
    case .png, .apng:
      var encoder = pngEncoder
      encoder.pixelSize = pixelSize
      return try encoder.encode(picture)
    case .tif, .tiff:
      var encoder = TIFFEncoder()
      encoder.pixelSize = pixelSize
      encoder.software = software
      return try encoder.encode(picture)
    }
  }

  /// An encoder that names this program.
  static var pngEncoder: PNGEncoder {
    var encoder = PNGEncoder()
    encoder.notes = [("Software", software)]
    return encoder
  }

  private static var software: String { "swift-nd2 \(ToolVersion.text)" }
}
