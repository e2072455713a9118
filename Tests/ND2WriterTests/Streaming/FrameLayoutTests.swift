import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Frames in memory and in the file")
struct FrameLayoutTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var version: ND2FileDescription.Version
    var type: SampleType
    var components: [Int]
    var width: Int
    var isCompressed: Bool

    var testDescription: String {
      "\(version.major).\(version.minor) \(type) \(components) \(width) \(isCompressed)"
    }

    var description: ND2FileDescription {
      var description = ND2FileDescription(
        version: version, width: width, height: 6, sampleType: type,
        channels: components.enumerated().map { .init("C\($0)", componentCount: $1) },
        loops: [.time(count: 2)])
      description.storage.compression = isCompressed ? .lossless : .none
      return description
    }
  }

  static let versions: [ND2FileDescription.Version] = [.v3_0, .v2_1]

  static let cases: [Case] = versions.flatMap { version in
    [SampleType.uint8, .uint16, .float32].flatMap { type in
      [[1], [1, 1], [1, 1, 1], [1, 1, 1, 1], [3], [3, 3]].flatMap { components in
        [8, 7, 1].flatMap { width in
          [false, true].map {
            Case(
              version: version, type: type, components: components, width: width, isCompressed: $0)
          }
        }
      }
    }
  }

  /// The value of a sample, which says where it belongs; every type can hold it.
  static func value(_ frame: Int, _ channel: Int, _ y: Int, _ x: Int, _ sample: Int) -> Double {
    Double((frame * 97 + channel * 53 + y * 11 + x * 3 + sample * 29) % 251)
  }

  /// A frame with the axes C, Y, X, S.
  static func frame(_ index: Int, _ file: ND2FileDescription) throws -> AnyNDArray {
    let samples = file.channels[0].componentCount
    let sizes: AxisSizes = [
      .channel: file.channels.count, .y: file.height, .x: file.width, .sample: samples,
    ]
    var values: [Double] = []
    for c in 0..<file.channels.count {
      for y in 0..<file.height {
        for x in 0..<file.width {
          for s in 0..<samples { values.append(value(index, c, y, x, s)) }
        }
      }
    }
    switch file.sampleType {
    case .uint8: return try NDArray(values.map { UInt8($0) }, sizes: sizes).erased
    case .uint16: return try NDArray(values.map { UInt16($0) }, sizes: sizes).erased
    default: return try NDArray(values.map { Float($0) }, sizes: sizes).erased
    }
  }

  static func bytes(_ array: AnyNDArray) -> [UInt8] { array.withUnsafeBytes { Array($0) } }

  static func open(_ bytes: [UInt8]) throws -> ND2File {
    try ND2File(reading: MemorySource(bytes, name: "test.nd2"))
  }

  /// The elements of a frame of a file in the order C, Y, X, S.
  static func read(_ file: ND2File, _ frame: Int) throws -> [UInt8] {
    let array = try file.readFrame(frame)
    let order = [Axis.channel, .y, .x, .sample].filter { array.sizes.index(of: $0) != nil }
    return bytes(try array.transposed(order))
  }

  @Test("Frames come back from every layout, type and metadata", arguments: cases)
  func layouts(_ test: Case) throws {
    let description = test.description
    let frames = try (0..<2).map { try Self.frame($0, description) }
    let interleaved = try frames.map { try $0.transposed([.y, .x, .channel, .sample]) }
    let ways: [(String, (ND2FileWriter, Int) throws -> Void)] = [
      ("array", { try $0.append(frames[$1]) }),
      ("view", { try $0.append(interleaved[$1]) }),
      ("planar", { try $0.append(Self.bytes(frames[$1]), layout: .planar) }),
      ("interleaved", { try $0.append(Self.bytes(interleaved[$1])) }),
    ]
    var files: [[UInt8]] = []
    for (name, append) in ways {
      let bytes = try ND2FileWriter.bytes(description: description) { writer in
        for index in 0..<2 { try append(writer, index) }
      }
      let file = try Self.open(bytes)
      #expect(file.diagnostics.isEmpty, "\(name): \(file.diagnostics)")
      #expect(file.attributes.widthBytes == description.rowByteCount)
      for index in 0..<2 {
        #expect(try Self.read(file, index) == Self.bytes(frames[index]), "\(name) \(index)")
      }
      files.append(bytes)
    }
    #expect(Set(files).count == 1)

    // What is read as stored is written as stored.
    let first = try Self.open(files[0])
    let copy = try ND2FileWriter.bytes(description: description) { writer in
      for index in 0..<2 {
        try writer.append(Self.bytes(try first.readStoredFrame(index)), layout: .stored)
      }
    }
    #expect(copy == files[0])
  }

  @Test("Colour is stored as blue, green, red")
  func colour() throws {
    let description = ND2FileDescription(
      width: 2, height: 1, sampleType: .uint8, channels: [.rgb()])
    let bytes = try ND2FileWriter.bytes(description: description) {
      try $0.append([1, 2, 3, 4, 5, 6])
    }
    let place = try ChunkPlaces(of: bytes).frame(0)
    #expect(Array(bytes[place.dataRange].dropFirst(8)) == [3, 2, 1, 6, 5, 4, 0, 0])
  }

  @Test("Rows that have the padding of the file are taken with it")
  func paddedRows() throws {
    let description = ND2FileDescription(width: 3, height: 2, sampleType: .uint8)
    let bytes = try ND2FileWriter.bytes(description: description) {
      try $0.append([1, 2, 3, 0, 4, 5, 6, 0], layout: .stored)
    }
    #expect(try Self.read(Self.open(bytes), 0) == [1, 2, 3, 4, 5, 6])
  }

  @Test("Arrays without names of axes are known by their shape")
  func shapes() throws {
    let description = ND2FileDescription(
      width: 4, height: 3, channels: [.init("a"), .init("b")])
    let planes = (0..<24).map { UInt16($0) }
    let pixels = (0..<24).map { (place: Int) -> UInt16 in UInt16(place / 2 + place % 2 * 12) }
    for array in [
      try NDArray(planes, shape: [2, 3, 4]), try NDArray(pixels, shape: [3, 4, 2]),
      try NDArray(planes, shape: [2, 3, 4, 1]),
    ] {
      let bytes = try ND2FileWriter.bytes(description: description) { try $0.append(array) }
      let read = try Self.open(bytes).readFrame(0).as(UInt16.self)
      #expect(read?.elements == planes)
    }
    let mono = ND2FileDescription(width: 4, height: 6)
    let bytes = try ND2FileWriter.bytes(description: mono) {
      try $0.append(NDArray(planes, shape: [6, 4]))
    }
    #expect(try Self.open(bytes).readFrame(0).as(UInt16.self)?.elements == planes)
  }

  @Test("Views of larger arrays are written as they look")
  func views() throws {
    let description = ND2FileDescription(width: 6, height: 5, sampleType: .uint8)
    let large = try NDArray(
      (0..<80).map { UInt8($0) }, sizes: [.y: 8, .x: 10])
    let view = try large[.y, 2..<7][.x, 1..<7]
    let bytes = try ND2FileWriter.bytes(description: description) { try $0.append(view) }
    let expected = (2..<7).flatMap { y in (1..<7).map { UInt8(y * 10 + $0) } }
    #expect(try Self.read(Self.open(bytes), 0) == expected)
  }

  @Test("Another shape, type or size is refused, saying what is expected")
  func mismatches() throws {
    let description = ND2FileDescription(
      width: 4, height: 3, channels: [.init("a"), .init("b")])
    func message(_ body: (ND2FileWriter) throws -> Void) -> String {
      do {
        _ = try ND2FileWriter.bytes(description: description, body)
        return ""
      } catch let error as ND2Error where error.code == .invalidRequest {
        return error.message
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { try $0.append(NDArray([UInt16](repeating: 0, count: 24), shape: [2, 4, 3])) }
        == "a frame is an array of uint16 of the shape (2, 3, 4) or (3, 4, 2);"
        + " given: uint16 (2, 4, 3)")
    #expect(
      message { try $0.append(NDArray([UInt8](repeating: 0, count: 24), shape: [2, 3, 4])) }
        .hasSuffix("given: uint8 (2, 3, 4)"))
    #expect(
      message {
        try $0.append(NDArray([UInt16](repeating: 0, count: 24), sizes: [.z: 2, .y: 3, .x: 4]))
      }.hasSuffix("given: uint16 (Z 2, Y 3, X 4)"))
    #expect(
      message { try $0.append([UInt8](repeating: 0, count: 47)) }
        == "a frame has 48 bytes (3 rows of 4 pixels of 2 samples of 2 bytes); given: 47 bytes")
    #expect(message { try $0.append([]) }.hasSuffix("given: 0 bytes"))
  }
}
