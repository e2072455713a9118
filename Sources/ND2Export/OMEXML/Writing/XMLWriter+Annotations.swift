extension XMLWriter {
  /// Writes a plate with its wells.
  mutating func write(_ plate: OME.Plate) throws {
    begin("Plate")
    attribute("ID", plate.id)
    attribute("Name", plate.name)
    attribute("ColumnNamingConvention", plate.columnNaming?.rawValue)
    attribute("RowNamingConvention", plate.rowNaming?.rawValue)
    attribute("Rows", plate.rowCount.flatMap { $0 > 0 ? $0 : nil })
    attribute("Columns", plate.columnCount.flatMap { $0 > 0 ? $0 : nil })
    for well in plate.wells {
      begin("Well")
      attribute("ID", well.id)
      attribute("Column", well.column)
      attribute("Row", well.row)
      for sample in well.samples {
        begin("WellSample")
        attribute("ID", sample.id)
        attribute("PositionX", sample.positionXUm, unit: ("PositionXUnit", "µm"))
        attribute("PositionY", sample.positionYUm, unit: ("PositionYUnit", "µm"))
        attribute("Timepoint", sample.timepoint)
        attribute("Index", sample.index)
        reference("ImageRef", sample.image)
        end()
      }
      end()
      try relieve()
    }
    for acquisition in plate.acquisitions {
      begin("PlateAcquisition")
      attribute("ID", acquisition.id)
      attribute("StartTime", acquisition.startTime)
      attribute("MaximumFieldCount", acquisition.maximumFieldCount.flatMap { $0 > 0 ? $0 : nil })
      for id in acquisition.samples { reference("WellSampleRef", id) }
      end()
    }
    end()
  }

  /// Writes a region; nothing when it has no shape.
  mutating func write(_ roi: OME.ROI) throws {
    guard !roi.shapes.isEmpty else { return }
    begin("ROI")
    attribute("ID", roi.id)
    attribute("Name", roi.name)
    begin("Union")
    for shape in roi.shapes {
      write(shape)
      try relieve()
    }
    end()
    for id in roi.annotations { reference("AnnotationRef", id) }
    element("Description", text: roi.description)
    end()
  }

  private mutating func write(_ shape: OME.Shape) {
    switch shape.form {
    case .rectangle: begin("Rectangle")
    case .ellipse: begin("Ellipse")
    case .polygon: begin("Polygon")
    case .polyline: begin("Polyline")
    case .line: begin("Line")
    case .point: begin("Point")
    case .label: begin("Label")
    }
    attribute("ID", shape.id)
    attribute("FillColor", shape.fillColor.map { Int($0.rgba) })
    attribute("StrokeColor", shape.strokeColor.map { Int($0.rgba) })
    attribute("Text", shape.text)
    attribute("Locked", shape.isLocked)
    attribute("TheZ", shape.theZ)
    attribute("TheT", shape.theT)
    attribute("TheC", shape.theC)
    switch shape.form {
    case .rectangle(let x, let y, let width, let height):
      attribute("X", x)
      attribute("Y", y)
      attribute("Width", width)
      attribute("Height", height)
    case .ellipse(let x, let y, let radiusX, let radiusY):
      attribute("X", x)
      attribute("Y", y)
      attribute("RadiusX", radiusX)
      attribute("RadiusY", radiusY)
    case .polygon(let points), .polyline(let points): attribute("Points", points: points)
    case .line(let from, let to):
      attribute("X1", from.x)
      attribute("Y1", from.y)
      attribute("X2", to.x)
      attribute("Y2", to.y)
    case .point(let point), .label(let point):
      attribute("X", point.x)
      attribute("Y", point.y)
    }
    if let transform = shape.transform {
      begin("Transform")
      attribute("A00", transform.a00)
      attribute("A10", transform.a10)
      attribute("A01", transform.a01)
      attribute("A11", transform.a11)
      attribute("A02", transform.a02)
      attribute("A12", transform.a12)
      end()
    }
    end()
  }
}
