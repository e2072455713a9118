extension ROICollection {
  /// The regions as a table, with a row for each region and each time at which it changes place or
  /// shape.
  ///
  /// A region that stays in its place has one row; one without any place has a row with its kind and
  /// name only. The columns are always the same:
  ///
  /// - `ID`, `Label`, `Shape`, `Interpretation`, `Scope`, `P Index` and `Position Name` (no value
  ///   when the region belongs to all positions), `Color` (`#rrggbb`), `Stimulation Group`;
  /// - `Step` (from 0) and `Time [s]`, from which the rest of the row holds, and `Enabled` (0 or 1);
  /// - `Center X [px]`, `Center Y [px]`, from the top left corner of the image; `Center Z` as stored;
  /// - `Box X`, `Box Y` (top left corner), `Box Width`, `Box Height`, all in px: the box around the
  ///   region before it is rotated; and `Rotation`, as stored;
  /// - `Points`: how many points a polygon, line or curve has;
  /// - `Area [px²]` of rectangles, squares, ellipses, circles and polygons (those must not cross
  ///   themselves); other shapes have none, or one that the file does not tell. `Area [µm²]` is
  ///   empty when the image is not calibrated.
  ///
  /// - Parameters:
  ///   - imageWidth: columns of the image, which the places are relative to.
  ///   - imageHeight: rows of the image.
  ///   - voxelSize: size of a pixel; nil when the image is not calibrated.
  ///   - positionNames: names of the stage positions, by index.
  public func table(
    imageWidth: Int, imageHeight: Int, voxelSize: VoxelSize? = nil, positionNames: [String?] = []
  ) -> Table {
    struct Entry {
      var region: ROI
      var step: Int
      var place: ROI.AnimationParameters?
    }
    let entries = flatMap { region -> [Entry] in
      region.animationParameters.isEmpty
        ? [Entry(region: region, step: 0, place: nil)]
        : region.animationParameters.enumerated().map {
          Entry(region: region, step: $0, place: $1)
        }
    }
    func name(_ entry: Entry) -> String? {
      entry.region.positionIndex.flatMap {
        positionNames.indices.contains($0) ? positionNames[$0] : nil
      }
    }
    let centers = entries.map {
      $0.place?.centerInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
    }
    let boxes = entries.map {
      $0.place?.boundingBoxInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
    }
    let areas = entries.map { entry in
      entry.place?.areaInPixels(
        of: entry.region.info.shape, imageWidth: imageWidth, imageHeight: imageHeight)
    }
    let pixelArea = voxelSize.map { $0.x * $0.y }
    let info = entries.map(\.region.info)
    let columns: [Table.Column] = [
      .init("ID", integers: entries.map(\.region.id)),
      .init("Label", strings: info.map(\.label)),
      .init("Shape", strings: info.map(\.shape.description)),
      .init("Interpretation", strings: info.map(\.interpretation.description)),
      .init("Scope", strings: info.map(\.scope.description)),
      .init("P Index", integers: entries.map(\.region.positionIndex)),
      .init("Position Name", strings: entries.map(name)),
      .init(
        "Color", strings: info.map { Color(abgr: UInt32(truncatingIfNeeded: $0.color)).hex }),
      .init("Stimulation Group", integers: info.map(\.stimulationGroup)),
      .init("Step", integers: entries.map(\.step)),
      .init("Time", unit: "s", doubles: entries.map { $0.place.map { $0.timeMs / 1000 } }),
      .init("Enabled", integers: entries.map { $0.place.map { $0.isEnabled ? 1 : 0 } }),
      .init("Center X", unit: "px", doubles: centers.map { $0?.x }),
      .init("Center Y", unit: "px", doubles: centers.map { $0?.y }),
      .init("Center Z", doubles: entries.map { $0.place?.centerZ }),
      .init("Box X", unit: "px", doubles: boxes.map { $0?.x }),
      .init("Box Y", unit: "px", doubles: boxes.map { $0?.y }),
      .init("Box Width", unit: "px", doubles: boxes.map { $0?.width }),
      .init("Box Height", unit: "px", doubles: boxes.map { $0?.height }),
      .init("Rotation", doubles: entries.map { $0.place?.rotationZ }),
      .init("Points", integers: entries.map { $0.place?.extrudedShape.basePoints.count }),
      .init("Area", unit: "px²", doubles: areas),
      .init(
        "Area", unit: "µm²",
        doubles: areas.map { area in pixelArea.flatMap { size in area.map { $0 * size } } }),
    ]
    return Table(fitting: columns, rowCount: entries.count)
  }
}

extension ROI.AnimationParameters {
  /// The area in pixels that a region of that shape covers; nil for shapes without an area, and for
  /// rings, spirals, curves and masks, of which the file does not tell it clearly.
  ///
  /// The area of a polygon that crosses itself counts parts of it twice, or not at all.
  public func areaInPixels(of shape: ROI.Shape, imageWidth: Int, imageHeight: Int) -> Double? {
    let box = boxSizeInPixels(imageWidth: imageWidth, imageHeight: imageHeight)
    switch shape {
    case .rectangle, .square: return (box.x * box.y).magnitude
    case .ellipse, .circle: return (box.x * box.y).magnitude * .pi / 4
    case .polygon:
      let points = extrudedShape.basePoints
      guard points.count > 2, let last = points.last else { return nil }
      // Half the sum of the cross products of corners that follow each other.
      var sum = 0.0
      var previous = last
      for point in points {
        sum += previous.x * point.y - point.x * previous.y
        previous = point
      }
      return (sum / 2).magnitude * (Double(imageWidth) / 2) * (Double(imageHeight) / 2)
    default: return nil
    }
  }
}
