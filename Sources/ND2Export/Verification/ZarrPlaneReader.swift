import ND2

/// The images of an OME-Zarr store as planes, at full resolution.
struct ZarrPlaneReader: PlaneReader {
  private let images: [ZarrArrayReader]
  /// For t, c, z, y, x: the axis of the array; nil where it has none.
  private let places: [Int?]
  private let planes: ExportPlanes
  /// Planes of a group along t, c (samples counted) and z.
  private let times: Int
  private let channels: Int
  private let slices: Int

  /// - Throws: `ND2Error.Code.malformed` when the images are not these planes.
  init(path: String, _ planes: ExportPlanes) throws {
    let paths = Self.imagePaths(path)
    let count = planes.part.positions.count
    guard paths.count == count else {
      throw ArrayPlaneReader.other("it has \(paths.count) images, not \(count)", path)
    }
    self.planes = planes
    images = try paths.map { image in
      try ZarrArrayReader(folder: image.isEmpty ? "\(path)/0" : "\(path)/\(image)/0")
    }
    let first = images[0]
    let names = first.axes ?? Self.axes(ofGroup: paths[0].isEmpty ? path : "\(path)/\(paths[0])")
    places = ZarrAxis.allCases.map { names.firstIndex(of: $0.name) }
    let expected = [
      planes.part.sizeT, planes.part.planesPerFrame, planes.part.sizeZ, planes.height,
      planes.width,
    ]
    let places = places
    let isSame = images.allSatisfy { image in
      image.sampleType == planes.sampleType && image.shape.count == names.count
        && image.chunk == first.chunk
        && zip(places, expected).allSatisfy { place, size in
          place.map { image.shape[$0] == size } ?? (size == 1)
        }
    }
    guard isSame else {
      throw ArrayPlaneReader.other("its images have another size or type", path)
    }
    func chunk(_ axis: ZarrAxis) -> Int { places[axis.rawValue].map { first.chunk[$0] } ?? 1 }
    times = chunk(.t)
    slices = chunk(.z)
    // The samples of colour pixels are put together.
    let size = chunk(.c)
    channels =
      planes.samples == 1 ? size : size == 1 ? planes.samples : planes.part.planesPerFrame
  }

  /// Where the images are: as the store lists them, or the store itself.
  private static func imagePaths(_ path: String) -> [String] {
    for name in ["zarr.json", ".zattrs"] {
      guard let bytes = FileTree.read("\(path)/OME/\(name)"),
        let document = try? JSONParser.parse(bytes)
      else { continue }
      let series = document["attributes"]?["ome"]?["series"] ?? document["series"]
      if let series { return series.elements.compactMap(\.string) }
    }
    return [""]
  }

  private static func axes(ofGroup path: String) -> [String] {
    guard let bytes = FileTree.read("\(path)/.zattrs"),
      let document = try? JSONParser.parse(bytes)
    else { return [] }
    let axes = document["multiscales"]?.elements.first?["axes"]?.elements ?? []
    return axes.compactMap { $0["name"]?.string }
  }

  private func count(_ size: Int, by step: Int) -> Int { (size + step - 1) / step }
  private var timeGroups: Int { count(planes.part.sizeT, by: times) }
  private var channelGroups: Int { count(planes.part.planesPerFrame, by: channels) }
  private var sliceGroups: Int { count(planes.part.sizeZ, by: slices) }
  private func chunk(_ axis: ZarrAxis) -> Int {
    places[axis.rawValue].map { images[0].chunk[$0] } ?? 1
  }

  var groupCount: Int { images.count * timeGroups * sliceGroups * channelGroups }
  var groupByteCount: Int {
    let row = planes.width * planes.sampleType.byteCount * chunk(.y)
    return times * channels * slices * row * (planes.samples > 1 ? 2 : 1)
      + 3 * images[0].chunkByteCount
  }

  func read(group: Int, _ take: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
    var rest = group
    func part(_ count: Int) -> Int {
      defer { rest /= count }
      return rest % count
    }
    let channelGroup = part(channelGroups)
    let sliceGroup = part(sliceGroups)
    let timeGroup = part(timeGroups)
    let image = rest
    let t = (timeGroup * times)..<min((timeGroup + 1) * times, planes.part.sizeT)
    let z = (sliceGroup * slices)..<min((sliceGroup + 1) * slices, planes.part.sizeZ)
    let c =
      (channelGroup * channels)..<min((channelGroup + 1) * channels, planes.part.planesPerFrame)
    let cells = t.flatMap { time in z.flatMap { focus in c.map { (time, $0, focus) } } }
    let size = planes.sampleType.byteCount
    let (height, row) = (chunk(.y), planes.width * size)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: cells.count * height * row, alignment: 64)
    defer { memory.deallocate() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: images[0].chunkByteCount, alignment: 64)
    defer { buffer.deallocate() }
    let pixels = UnsafeMutableRawBufferPointer.allocate(
      byteCount: planes.samples > 1 ? height * row * planes.samples : 0, alignment: 64)
    defer { pixels.deallocate() }
    for (band, first) in stride(from: 0, to: planes.height, by: height).enumerated() {
      let rows = min(height, planes.height - first)
      try fill(memory, image, (t, c, z), band: band, rows: rows, buffer)
      for (number, cell) in cells.enumerated() where cell.1 % planes.samples == 0 {
        let frame = planes.index(image: image, time: cell.0, z: cell.2)
        let plane = frame * planes.channelCount + cell.1 / planes.samples
        let start = number * height * row
        if planes.samples == 1 {
          try take(
            plane, UnsafeRawBufferPointer(rebasing: memory[start..<(start + rows * row)]))
        } else {
          try take(plane, interleaved(memory, start, height * row, rows, into: pixels))
        }
      }
    }
  }

  /// Puts a row of chunks together: planes by t, z and c, each of a chunk's height.
  private func fill(
    _ memory: UnsafeMutableRawBufferPointer, _ image: Int,
    _ part: (t: Range<Int>, c: Range<Int>, z: Range<Int>), band: Int, rows: Int,
    _ buffer: UnsafeMutableRawBufferPointer
  ) throws {
    let array = images[image]
    let size = planes.sampleType.byteCount
    let (height, width) = (chunk(.y), chunk(.x))
    let row = planes.width * size
    guard let source = buffer.baseAddress, let target = memory.baseAddress else { return }
    let step = chunk(.c)
    for c in stride(from: part.c.lowerBound, to: part.c.upperBound, by: step) {
      for column in 0..<count(planes.width, by: width) {
        var place = [Int](repeating: 0, count: array.shape.count)
        for (axis, index) in [
          (ZarrAxis.t, part.t.lowerBound / times), (.c, c / step),
          (.z, part.z.lowerBound / slices), (.y, band), (.x, column),
        ] {
          if let position = places[axis.rawValue] { place[position] = index }
        }
        try array.read(chunk: place, into: buffer)
        let bytes = min(width, planes.width - column * width) * size
        for (ti, _) in part.t.enumerated() {
          for (zi, _) in part.z.enumerated() {
            for ci in 0..<min(step, part.c.upperBound - c) {
              // Chunks have the order t, c, z, y, x; planes are kept by t, z, c.
              let from = ((ti * step + ci) * slices + zi) * height
              let to =
                ((ti * part.z.count + zi) * part.c.count + c - part.c.lowerBound + ci) * height
              for line in 0..<rows {
                (target + (to + line) * row + column * width * size)
                  .copyMemory(from: source + (from + line) * width * size, byteCount: bytes)
              }
            }
          }
        }
      }
    }
  }

  /// The pixels of three planes that follow each other.
  private func interleaved(
    _ memory: UnsafeMutableRawBufferPointer, _ start: Int, _ stride: Int, _ rows: Int,
    into pixels: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let (size, samples) = (planes.sampleType.byteCount, planes.samples)
    let count = rows * planes.width
    for sample in 0..<samples {
      let base = start + sample * stride
      for pixel in 0..<count {
        for byte in 0..<size {
          pixels[(pixel * samples + sample) * size + byte] = memory[base + pixel * size + byte]
        }
      }
    }
    return UnsafeRawBufferPointer(rebasing: pixels[..<(count * samples * size)])
  }
}
