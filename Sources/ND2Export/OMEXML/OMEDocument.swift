/// What OME-XML of the schema 2016-06 says of one or several images.
///
/// The parts are plain values with the names of the schema's elements and attributes; they refer to
/// each other by identifiers such as `Image:0`. Lengths are in µm, wavelengths in nm, times in ms.
///
/// ```swift
/// let document = try OMEDocument(of: file)
/// let text = document.xmlText()
/// ```
public struct OMEDocument: Sendable, Hashable {
  /// Identity of the document; files that describe themselves have one.
  public var uuid: OME.UUID?
  /// What made the document.
  public var creator: String?
  /// Plates with their wells.
  public var plates: [OME.Plate] = []
  /// People.
  public var experimenters: [OME.Experimenter] = []
  /// Microscopes with their parts.
  public var instruments: [OME.Instrument] = []
  /// The images: one for each stage position.
  public var images: [OME.Image] = []
  /// What the schema has no place for.
  public var annotations: [OME.Annotation] = []
  /// Regions of interest.
  public var rois: [OME.ROI] = []

  /// Creates a document of nothing.
  public init(uuid: OME.UUID? = nil, creator: String? = nil) {
    self.uuid = uuid
    self.creator = creator
  }
}
