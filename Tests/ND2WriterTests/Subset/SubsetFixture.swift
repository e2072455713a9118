import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

/// A file and a part of it that was written as a file.
struct SubsetFixture {
  let input: ND2File
  let output: ND2File
  let inputBytes: [UInt8]
  let outputBytes: [UInt8]
  let report: SubsetReport

  init(
    _ sample: SampleFile, _ selection: [Axis: SubsetSelection.Indices] = [:],
    options: SubsetOptions = SubsetOptions()
  ) throws {
    try self.init(try sample.bytes(), selection, options: options)
  }

  init(
    _ bytes: [UInt8], _ selection: [Axis: SubsetSelection.Indices] = [:],
    options: SubsetOptions = SubsetOptions()
  ) throws {
    var part = SubsetSelection()
    for (axis, indices) in selection { part[axis] = indices }
    inputBytes = bytes
    input = try ND2File(reading: MemorySource(bytes))
    let sink = MemorySink()
    report = try input.writeSubset(to: sink, selection: part, options: options)
    outputBytes = sink.bytes
    output = try ND2File(reading: MemorySource(sink.bytes))
  }

  /// The tree of a chunk of the output.
  func tree(_ name: String) throws -> MetadataValue { try output.metadataTree(ofChunk: name) }

  /// Whether a chunk has the same bytes in both files.
  func isSame(_ name: String) throws -> Bool { try input.chunk(name) == output.chunk(name) }

  /// Checks that the frames of the output are these of the input, where and when they were taken.
  func expectFrames(
    _ frames: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(output.frameCount == frames.count, sourceLocation: sourceLocation)
    for (new, old) in frames.enumerated() where new < output.frameCount {
      let (a, b) = (try input.framePosition(old), try output.framePosition(new))
      #expect(Self.isNear(a.stagePositionUm.x, b.stagePositionUm.x), sourceLocation: sourceLocation)
      #expect(Self.isNear(a.stagePositionUm.y, b.stagePositionUm.y), sourceLocation: sourceLocation)
      #expect(Self.isNear(a.stagePositionUm.z, b.stagePositionUm.z), sourceLocation: sourceLocation)
      #expect(a.name == b.name, sourceLocation: sourceLocation)
      let (s, t) = (try input.frameTime(old), try output.frameTime(new))
      #expect(
        Self.isNear(s.relativeTimeMs, t.relativeTimeMs), sourceLocation: sourceLocation)
    }
  }

  /// Whether two numbers are the same but for rounding.
  static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a)) }
}

extension AnyNDArray {
  /// The elements as bytes.
  var allBytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
