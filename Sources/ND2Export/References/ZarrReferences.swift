public import ND2

/// References that let Zarr clients read a file in place: documents of Zarr 2, and for each chunk the
/// address, offset and length of its bytes, in the form of kerchunk's version 1.
///
/// ```swift
/// let references = try file.zarrReferences()
/// try references.write(to: "cells.json")
/// ```
///
/// In Python: `fsspec.filesystem("reference", fo="cells.json")`, or `xarray.open_dataset(…,
/// engine="kerchunk")`.
public struct ZarrReferences: Sendable {
  /// The address by which clients reach the file.
  public let address: String
  /// Number of arrays.
  public var arrayCount: Int { arrays.count }
  /// Sizes of an array.
  public var shape: [Int] { arrays.shape }
  /// Names of its axes, outermost first. Axis C comes last, in the order in which the components of a
  /// pixel are stored; colour is blue, green, red.
  public var axes: [Axis] { arrays.axes }
  /// Number of byte ranges.
  public let rangeCount: Int
  /// Number of keys: byte ranges and documents.
  public var keyCount: Int { arrays.documentCount + rangeCount }
  /// Number of frames that are not stored; they read as zeros.
  public var missingFrameCount: Int { frames.missingCount }
  /// Frames that are damaged; what is missing of them reads as zeros.
  public var incompleteFrames: [Int] { frames.incomplete }

  private let frames: ReferencedFrames
  private let arrays: ReferenceArrays
  private let input: String
  private let usesTemplate: Bool

  init(of file: ND2File, _ frames: ReferencedFrames, _ options: ZarrReferenceOptions) throws {
    address = try ReferenceAddress.resolve(wanted: options.address, path: file.path)
    arrays = try ReferenceArrays(of: file, frames, layout: options.layout)
    self.frames = frames
    input = file.path
    usesTemplate = options.usesTemplate
    let (ranges, overflow) = (frames.rangeCount ?? .max).addingReportingOverflow(
      arrays.documentCount)
    guard !overflow, ranges <= options.keyLimit else {
      let reason =
        frames.chunks.isRow
        ? "one for each row, because rows do not end where the next ones begin"
        : "one for each frame"
      throw ND2Error(
        .limitExceeded,
        "there would be \(frames.rangeCount.map { String($0) } ?? "too many") references, "
          + "\(reason); the limit is \(options.keyLimit)", at: .init(file: file.path))
    }
    rangeCount = frames.rangeCount ?? 0
  }

  /// Writes the references into a file, which appears whole or not at all.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when the path is taken, `ND2Error.Code.io`.
  public func write(to path: String, overwrites: Bool = false) throws {
    var options = WholeFile.Options(overwriting: overwrites)
    options.inputs = [input]
    let output = try WholeFile(path: path, options: options)
    try write { try output.write($0) }
    try output.commit()
  }

  /// Passes the references, a JSON document, piece by piece: they are never whole in memory.
  public func write(_ pass: ([UInt8]) throws -> Void) rethrows {
    var writer = ReferenceWriter()
    let shown = JSONValue.string(usesTemplate ? "{{u}}" : address).text()
    writer.append("{\"version\":1,")
    if usesTemplate {
      let templates: JSONValue = ["u": .string(address)]
      writer.append("\"templates\":\(templates.text()),")
    }
    writer.append("\"refs\":{\n")
    try writer.documents(of: arrays, pass)
    let inner = String(repeating: "/0", count: arrays.innerAxisCount)
    for reference in frames.frames {
      guard let (array, indices) = arrays.chunkIndices(ofFrame: reference.frame) else { continue }
      let start =
        arrays.prefix(array) + "0/" + indices.map { "\($0)/" }.joined()
      for (row, range) in ranges(reference) {
        writer.key("\(start)\(row)\(inner)")
        writer.append("[\(shown),\(range.lowerBound),\(range.upperBound - range.lowerBound)]")
        try writer.flush(pass)
      }
    }
    writer.append("\n}}\n")
    try writer.flush(pass, isEnd: true)
  }

  /// The byte ranges of a frame with the indices of their chunks along axis Y.
  private func ranges(
    _ reference: FrameReference
  ) -> some Sequence<(Int, Range<UInt64>)> {
    let layout = frames.layout
    var (count, step, size) = (1, UInt64(0), reference.byteCount)
    if case .rows(let stride) = reference.coding {
      if frames.chunks.isRow {
        count = frames.rowCount(reference)
        (step, size) = (UInt64(stride), UInt64(layout.packedRowByteCount))
      } else {
        size = UInt64(stride) * UInt64(layout.height)
      }
    }
    return (0..<count).lazy.map { [step, size] row in
      let low = reference.offset + UInt64(row) * step
      return (row, low..<(low + size))
    }
  }
}
