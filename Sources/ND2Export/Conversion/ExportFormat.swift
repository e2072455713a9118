/// The formats that a file is converted to, by the names of outputs.
package enum ExportFormat: String, Sendable, CaseIterable {
  case omeTIFF = "ome-tiff"
  case tiff
  case omeZarr = "ome-zarr"
  case zarr
  case npy, npz, raw, bin, png, csv, json, nd2

  /// The endings of names, the usual one first.
  package var endings: [String] {
    switch self {
    case .omeTIFF: [".ome.tif", ".ome.tiff", ".ome.btf", ".ome.tf8"]
    case .tiff: [".tif", ".tiff", ".btf", ".tf8"]
    case .omeZarr: [".ome.zarr"]
    default: [".\(rawValue)"]
    }
  }

  /// The format that a name asks for; nil for other names.
  package init?(path: String) {
    let name = Self.trimmed(path).lowercased()
    // The longer endings come first.
    guard let format = Self.allCases.first(where: { $0.endings.contains(where: name.hasSuffix) })
    else { return nil }
    self = format
  }

  /// Whether it is one of the forms of TIFF.
  package var isTIFF: Bool { self == .omeTIFF || self == .tiff }
  /// Whether it is a folder of arrays.
  package var isZarr: Bool { self == .omeZarr || self == .zarr }
  /// Whether it is one array.
  package var isArray: Bool { [.npy, .npz, .raw, .bin].contains(self) }
  /// Whether it holds a table of frames.
  package var isTable: Bool { self == .csv || self == .json }
  /// Whether it keeps the values of all pixels.
  package var keepsPixels: Bool { isTIFF || isZarr || isArray || self == .nd2 }

  /// A path with something in addition before the ending of the format.
  package func path(_ path: String, adding suffix: String) -> String {
    let path = Self.trimmed(path)
    let name = path.lowercased()
    let length = endings.first { name.hasSuffix($0) }?.count ?? 0
    return path.dropLast(length) + suffix + path.suffix(length)
  }

  /// A path without slashes at its end.
  package static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }
}
