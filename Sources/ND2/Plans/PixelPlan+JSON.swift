import ND2Format

// A plan as a JSON document.
extension PixelPlan: Codable {
  private static let format = "nd2-pixel-plan"
  private static let formatVersion = 2

  private enum Keys: String, CodingKey {
    case format, source, shape, axes, dtype, frames, rows, columns, planes, layout, codestreams
    case formatVersion = "format_version"
  }
  private enum SourceKeys: String, CodingKey {
    case name, etag
    case byteCount = "file_size"
  }
  private struct FrameRecord: Codable {
    var frame: Int
    var chunks: [Chunk]
  }
  private struct LayoutRecord: Codable {
    var width: Int
    var height: Int
    var components: Int
    var rowByteCount: Int
    var compression: String

    enum CodingKeys: String, CodingKey {
      case width, height, components, compression
      case rowByteCount = "row_bytes"
    }
  }
  private struct CodestreamRecord: Codable {
    var perFrame: Int
    var components: Int

    enum CodingKeys: String, CodingKey {
      case components
      case perFrame = "per_frame"
    }
  }
  private static let compressions: [(String, FrameLayout.Compression)] = [
    ("none", .none), ("lossless", .lossless), ("lossy", .lossy), ("jpeg2000", .jpeg2000),
  ]

  /// Writes the plan: source, shape and axes of the result, layout of the frames, their chunks.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(Self.format, forKey: .format)
    try members.encode(Self.formatVersion, forKey: .formatVersion)
    var source = members.nestedContainer(keyedBy: SourceKeys.self, forKey: .source)
    try source.encode(name, forKey: .name)
    try source.encodeIfPresent(identity?.byteCount, forKey: .byteCount)
    try source.encodeIfPresent(identity?.entityTag, forKey: .etag)
    try members.encode(sizes.axes.map(\.rawValue), forKey: .axes)
    try members.encode(sizes.shape, forKey: .shape)
    try members.encode(sampleType, forKey: .dtype)
    try members.encode([rows.lowerBound, rows.upperBound], forKey: .rows)
    try members.encode([columns.lowerBound, columns.upperBound], forKey: .columns)
    try members.encode(planes, forKey: .planes)
    let compression = Self.compressions.first { $0.1 == layout.compression }?.0 ?? "none"
    try members.encode(
      LayoutRecord(
        width: layout.width, height: layout.height, components: layout.componentCount,
        rowByteCount: layout.rowByteCount, compression: compression), forKey: .layout)
    if let codestreams {
      try members.encode(
        CodestreamRecord(perFrame: codestreams.perFrame, components: codestreams.componentCount),
        forKey: .codestreams)
    }
    try members.encode(
      frames.map { FrameRecord(frame: $0.index, chunks: $0.chunks) }, forKey: .frames)
  }

  /// Reads a plan.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when it is none, or contradicts itself.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Keys.self)
    guard try members.decode(String.self, forKey: .format) == Self.format else {
      throw ND2Error(.malformed, "this is no plan of pixels")
    }
    let version = try members.decode(Int.self, forKey: .formatVersion)
    guard version == Self.formatVersion else {
      throw ND2Error(.unsupported, "plans of version \(version) are not known")
    }
    let source = try members.nestedContainer(keyedBy: SourceKeys.self, forKey: .source)
    let layout = try members.decode(LayoutRecord.self, forKey: .layout)
    let codestreams = try members.decodeIfPresent(CodestreamRecord.self, forKey: .codestreams)
    let (axes, shape) = (
      try members.decode([String].self, forKey: .axes),
      try members.decode([Int].self, forKey: .shape)
    )
    guard axes.count == shape.count, Set(axes).count == axes.count else {
      throw ND2Error(.malformed, "the plan's axes do not fit its shape")
    }
    let frames = try members.decode([FrameRecord].self, forKey: .frames)
    let entityTag = try source.decodeIfPresent(String.self, forKey: .etag)
    try self.init(
      name: try source.decode(String.self, forKey: .name),
      identity: try source.decodeIfPresent(UInt64.self, forKey: .byteCount)
        .map { SourceIdentity(byteCount: $0, entityTag: entityTag) },
      sizes: AxisSizes(zip(axes, shape).map { AxisSizes.Element(Axis($0), $1) }),
      sampleType: try members.decode(SampleType.self, forKey: .dtype),
      frames: frames.map { Frame(index: $0.frame, chunks: $0.chunks) },
      rows: try Self.range(members.decode([Int].self, forKey: .rows), "rows"),
      columns: try Self.range(members.decode([Int].self, forKey: .columns), "columns"),
      planes: try members.decode([[Int]].self, forKey: .planes), width: layout.width,
      height: layout.height, componentCount: layout.components, rowByteCount: layout.rowByteCount,
      compression: Self.compressions.first { $0.0 == layout.compression }?.1,
      codestreams: codestreams.map { ($0.perFrame, $0.components) })
  }

  private static func range(_ bounds: [Int], _ what: String) throws -> Range<Int> {
    guard bounds.count == 2, bounds[0] >= 0, bounds[0] < bounds[1] else {
      throw ND2Error(.malformed, "the plan's \(what) are no range")
    }
    return bounds[0]..<bounds[1]
  }

  /// The plan as JSON.
  public func json() throws -> JSONValue { try JSONValue(encoding: self) }

  /// Reads a plan from JSON text: ours, or a file list of the Python reader.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when it is neither, or contradicts itself.
  public init(jsonText: [UInt8]) throws {
    let json = try JSONDocument.parse(jsonText)
    if json["chunk_offsets"] != nil {
      self = try FileList(jsonText: jsonText).plan()
    } else {
      self = try JSONDocument.decode(jsonText, as: "plan of pixels")
    }
  }

  /// Reads a plan from a file; see ``init(jsonText:)``.
  public init(contentsOf path: String) throws {
    do {
      try self.init(jsonText: try JSONDocument.bytes(of: path))
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  /// Writes the plan as JSON; the file appears whole or not at all, and an existing one is
  /// replaced only when asked.
  public func write(to path: String, overwriting: Bool = false) throws {
    try JSONDocument.write(try json(), to: path, overwriting: overwriting)
  }
}

extension PixelPlan {
  /// A plan of values that come from outside, checked against each other.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` when they do not fit.
  init(
    name: String, identity: SourceIdentity?, sizes: AxisSizes, sampleType: SampleType,
    frames: [Frame], rows: Range<Int>, columns: Range<Int>, planes: [[Int]], width: Int,
    height: Int, componentCount: Int, rowByteCount: Int?, compression: FrameLayout.Compression?,
    codestreams: (perFrame: Int, componentCount: Int)?
  ) throws {
    guard let compression,
      let layout = FrameLayout(
        width: width, height: height, componentCount: componentCount,
        sampleByteCount: sampleType.byteCount, declaredRowByteCount: rowByteCount,
        compression: compression),
      rows.upperBound <= height, columns.upperBound <= width, let samples = planes.first?.count,
      samples > 0,
      planes.allSatisfy({ plane in
        plane.count == samples && plane.allSatisfy { (0..<componentCount).contains($0) }
      })
    else { throw ND2Error(.malformed, "the plan's frames cannot be what it says") }
    let bound = codestreams.map { max(1, $0.perFrame) } ?? 1
    guard
      frames.allSatisfy({ frame in
        frame.index >= 0 && frame.chunks.count <= bound
          && frame.chunks.allSatisfy { ($0.number ?? 0) >= 0 && $0.offset < 1 << 62 }
      }), sizes.allSatisfy({ $0.count > 0 })
    else { throw ND2Error(.malformed, "the plan's frames cannot be what it says") }
    if codestreams == nil {
      // All frames are numbered alike, from 0 or from 1.
      let shifts = Set(
        frames.flatMap { frame in frame.chunks.map { $0.number.map { $0 - frame.index } } })
      guard shifts.count <= 1, shifts.allSatisfy({ [nil, 0, 1].contains($0) }) else {
        throw ND2Error(.malformed, "the plan's chunks are not those of its frames")
      }
    }
    self.init(
      name: name, identity: identity, sizes: sizes, sampleType: sampleType, frames: frames,
      rows: rows, columns: columns, planes: planes, layout: layout,
      codestreams: codestreams.map {
        CodestreamLayout(perFrame: $0.perFrame, componentCount: $0.componentCount)
      })
    let count = Checked.product(gather.byteCount, frames.count)
    guard let count, Checked.product(sizes.elementCount, sampleType.byteCount) == count else {
      throw ND2Error(.malformed, "the plan's frames do not make up its shape")
    }
  }
}
