import ND2

extension OMEBuilder {
  /// The plates whose wells the images were taken in.
  func plates() -> [OME.Plate] {
    guard let plate = facts.plate else { return [] }
    let images = Dictionary(uniqueKeysWithValues: part.positions.enumerated().map { ($1, $0) })
    let place = file.loopLayout.axes.index(of: .position)
    let wells = plate.wells { frame in
      guard let place else { return 0 }
      return file.loopLayout.coordinates(ofFrame: frame)?[place]
    }
    var plates: [OME.Plate] = []
    var numbers: [Int: Int] = [:]
    // The schema wants an image in one field of one well.
    var placed: Set<Int> = []
    for well in wells {
      let fields = well.positions.compactMap { position in
        images[position].map { (position: position, image: $0) }
      }.filter { placed.insert($0.image).inserted }
      guard !fields.isEmpty, well.row >= 0, well.column >= 0 else { continue }
      let number = numbers[well.plateIndex] ?? plates.count
      if numbers[well.plateIndex] == nil {
        numbers[well.plateIndex] = number
        plates.append(empty(plate, number: number))
      }
      add(well, fields, to: &plates[number], number: number)
    }
    for number in plates.indices { finish(&plates[number], number: number) }
    return plates
  }

  private func empty(_ plate: WellPlate, number: Int) -> OME.Plate {
    var result = OME.Plate(
      id: "Plate:\(number)", name: plate.name.isEmpty ? "Plate \(number + 1)" : plate.name)
    result.rowCount = plate.rowCount
    result.columnCount = plate.columnCount
    result.rowNaming = plate.rowName(0).first?.isNumber == true ? .number : .letter
    result.columnNaming = plate.columnName(0).first?.isLetter == true ? .letter : .number
    return result
  }

  private func add(
    _ well: WellPlate.Well, _ fields: [(position: Int, image: Int)], to plate: inout OME.Plate,
    number: Int
  ) {
    let id = "\(number):\(plate.wells.count)"
    let first = plate.wells.reduce(0) { $0 + $1.samples.count }
    var result = OME.Well(id: "Well:\(id)", row: well.row, column: well.column)
    result.samples = fields.enumerated().map { index, field in
      var sample = OME.WellSample(
        id: "WellSample:\(id):\(index)", index: first + index, image: "Image:\(field.image)")
      sample.positionXUm = place("X [µm]", field.position)
      sample.positionYUm = place("Y [µm]", field.position)
      return sample
    }
    plate.wells.append(result)
  }

  private func finish(_ plate: inout OME.Plate, number: Int) {
    var acquisition = OME.PlateAcquisition(id: "PlateAcquisition:\(number):0")
    acquisition.startTime = file.acquisitionDate?.description
    acquisition.maximumFieldCount = plate.wells.map(\.samples.count).max()
    acquisition.samples = plate.wells.flatMap { $0.samples.map(\.id) }
    plate.acquisitions = [acquisition]
  }
}
