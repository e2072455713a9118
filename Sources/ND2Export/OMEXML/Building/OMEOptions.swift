public import ND2

/// What an ``OMEDocument`` of a file tells, and of which part of the file.
public struct OMEOptions: Sendable {
  /// The part of the array that is described: ranges of time points, focus planes, channels, rows,
  /// columns, positions, as they are exported.
  public var selection = ArraySelection.all
  /// The stage positions that are described, one image each, in that order; nil for those of the
  /// selection.
  public var positions: [Int]?
  /// Where the pixels are.
  public var storage = OMEPixelStorage.metadataOnly
  /// The axes of the pixels, the fastest first; nil for the order in which the file has them.
  public var dimensionOrder: OME.DimensionOrder?
  /// Whether there is an element for every plane, with its time and place.
  public var includesPlanes = true
  /// Whether there are regions of interest.
  public var includesROIs = true
  /// Whether everything that the file says becomes an annotation, with a JSON document for each
  /// chunk of metadata.
  public var includesUnstructuredMetadata = false
  /// What makes the document.
  public var creator = "swift-nd2"
  /// Changes the document before it is given out.
  public var modify: (@Sendable (inout OMEDocument) throws -> Void)?

  /// Describes everything but the unstructured metadata.
  public init() {}
}

/// Where the pixels are that a document describes.
public enum OMEPixelStorage: Sendable {
  /// Elsewhere.
  case metadataOnly
  /// In TIFF files: the closure says where each plane is.
  case tiff(@Sendable (OMEPlaneAddress) -> OMEPlaneLocation)

  /// In one TIFF file, plane by plane in the order of the document: image by image, frame by frame
  /// in stored order, channel by channel.
  ///
  /// - Parameters:
  ///   - name: name of the file, without folders.
  ///   - uuid: identity of the file; nil where the file describes only itself and has none.
  public static func tiffFile(name: String?, uuid: OME.UUID?) -> OMEPixelStorage {
    .tiff { address in
      OMEPlaneLocation(
        ifd: address.ordinal, file: uuid.map { OME.TiffData.File(name: name, uuid: $0) })
    }
  }

  /// In a TIFF file for each image, plane by plane in the order of the document.
  public static func tiffFiles(_ files: [OME.TiffData.File]) -> OMEPixelStorage {
    .tiff { address in
      OMEPlaneLocation(
        ifd: address.ordinalInImage,
        file: files.indices.contains(address.image) ? files[address.image] : nil)
    }
  }
}

/// A plane of a document.
public struct OMEPlaneAddress: Sendable, Hashable {
  /// Number of the image in the document.
  public var image: Int
  /// Focus plane, counted within the selection.
  public var z: Int
  /// Channel, counted within the selection; a coloured channel is one plane.
  public var c: Int
  /// Time point, counted within the selection.
  public var t: Int
  /// Number of the frame in the ND2 file.
  public var frame: Int
  /// Number of the plane among those of its image, in stored order.
  public var ordinalInImage: Int
  /// Number of the plane among those of all images, image by image.
  public var ordinal: Int
}

/// Where a plane is in TIFF files.
public struct OMEPlaneLocation: Sendable, Hashable {
  /// Number of the file's directory.
  public var ifd: Int
  /// The file; nil for the one that has the description.
  public var file: OME.TiffData.File?

  /// Creates a place.
  public init(ifd: Int, file: OME.TiffData.File? = nil) {
    self.ifd = ifd
    self.file = file
  }
}
