/// An array that knows what its elements stand for: times, heights, names of channels.
///
/// The values may be in memory (``AnyNDArray``) or lazy (``LazyArray``). Slices and projections keep
/// the labels of the axes that stay; an axis of which one element was taken leaves its label in
/// ``scalars``.
///
/// ```swift
/// let cells = try imread("cells.nd2", lazy: .frames, labeled: .squeezed)
/// let gfp = try cells.sel(.channel, "GFP").sel(.z, 1.0...3.0)
/// let brightest = try gfp.max(over: .z).compute()
/// ```
public struct LabeledArray<Values: ArithmeticArray>: Sendable {
  /// The elements.
  public let values: Values
  /// What the elements along the axes stand for; axes may be without.
  public let coordinates: [Axis: Coordinate]
  /// Labels of axes of which one element was taken, each with one value or name.
  public let scalars: [Axis: Coordinate]
  /// What the file says of the whole image; nil for arrays that do not come from a file.
  public let attributes: ImageLabels?

  /// Creates a labelled array.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for coordinates of an axis that the array does not
  ///   have, or of another size than the axis.
  public init(
    _ values: Values, coordinates: [Axis: Coordinate] = [:], scalars: [Axis: Coordinate] = [:],
    attributes: ImageLabels? = nil
  ) throws {
    for (axis, coordinate) in coordinates.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      let place = try values.sizes.place(of: axis)
      guard values.sizes[place].count == coordinate.count else {
        throw ND2Error.invalidRequest(
          "axis \(axis) has \(values.sizes[place].count) elements, its coordinate \(coordinate.count)"
        )
      }
    }
    self.init(unchecked: values, coordinates, scalars, attributes)
  }

  init(
    unchecked values: Values, _ coordinates: [Axis: Coordinate], _ scalars: [Axis: Coordinate],
    _ attributes: ImageLabels?
  ) {
    self.values = values
    self.coordinates = coordinates
    self.scalars = scalars
    self.attributes = attributes
  }

  /// The axes with their sizes, outermost first.
  public var sizes: AxisSizes { values.sizes }
  /// The numbers of elements along the axes, outermost first.
  public var shape: [Int] { values.shape }
  /// The number type of the elements.
  public var sampleType: SampleType { values.sampleType }

  /// The coordinate of an axis that the array has.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that the array does not have, or that has
  ///   no coordinate.
  public func coordinate(_ axis: Axis) throws -> Coordinate {
    let name = sizes[try sizes.place(of: axis)].axis
    guard let coordinate = coordinates[name] else {
      throw ND2Error.invalidRequest("the axis \(name) has no coordinate; select by index")
    }
    return coordinate
  }

  /// The same labels on other values, which have the same axes but for some that are gone.
  func with<Others: ArithmeticArray>(_ values: Others) -> LabeledArray<Others> {
    LabeledArray<Others>(
      unchecked: values, coordinates.filter { values.sizes.index(of: $0.key) != nil }, scalars,
      attributes)
  }
}

/// What a file says of a whole image, kept beside a labelled array.
public struct ImageLabels: Hashable, Sendable {
  /// Path or address of the file.
  public var path: String
  /// The channels with their optics and calibration.
  public var metadata: ImageMetadata
  /// The loops of the experiment, outermost first.
  public var experiment: [ExperimentLoop]
  /// Geometry and number format of the frames.
  public var attributes: ImageAttributes
  /// The texts that came with the acquisition.
  public var textInfo: TextInfo
}

extension LabeledArray where Values == LazyArray {
  /// Reads and computes the values; see ``LazyArray/compute(_:progress:)-8kkea``.
  public func compute(
    _ options: ComputeOptions = ComputeOptions(), progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> LabeledArray<AnyNDArray> {
    with(try values.compute(options, progress: progress))
  }

  /// Reads and computes the values; see ``LazyArray/compute(_:progress:)-5vhh6``.
  public func compute(
    _ options: ComputeOptions = ComputeOptions(), progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> LabeledArray<AnyNDArray> {
    with(try await values.compute(options, progress: progress))
  }
}
