import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 masks")
struct MasksCommandTests {
  /// Labels of a mask of 6 × 4 pixels: two objects.
  static let labels: [UInt32] = [
    0, 1, 1, 0, 0, 0,
    0, 1, 1, 0, 0, 0,
    0, 0, 0, 0, 7, 0,
    0, 0, 0, 0, 7, 7,
  ]

  /// Two frames, one layer, a mask for the first frame only.
  static func sample() -> SampleFile {
    var file = SampleFile(
      width: 6, height: 4, loops: [.time(.init(count: 2, periodMs: 100))])
    let mask = SampleFile.Mask(width: 6, height: 4, objects: labels)
    file.maskLayers = [.init(id: 1, name: "cells", masks: [0: mask])]
    return file
  }

  @Test("Counts objects and pixels of each layer and frame")
  func counts() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(Self.sample())
    let run = CommandRun("masks", path)
    #expect(run.status == .done)
    #expect(run.lines.count == 2)
    #expect(run.lines.last?.split(separator: " ") == ["0", "cells", "0", "T0", "2", "7"])
    let json = try CommandRun("masks", path, "--json").json()
    #expect(json.elements.count == 1)
    #expect(
      json.elements.first?["frames"] == [
        ["frame": 0, "coordinates": ["T": 0], "objects": 2, "pixels": 7]
      ])
  }

  @Test("-o saves layers, loops, rows, columns; absent masks are zeros")
  func saving() throws {
    let folder = try TemporaryFolder()
    let path = try folder.save(Self.sample())
    let run = CommandRun("masks", path, "-o", folder.path("masks.npy"))
    #expect(run.status == .done)
    let array = try NumPyArray(folder.bytes("masks.npy"))
    #expect(array.header.contains("'descr': '<u4'"))
    #expect(array.header.contains("'shape': (1, 2, 4, 6)"))
    let expected = Self.labels + [UInt32](repeating: 0, count: 24)
    #expect(array.data == expected.withUnsafeBytes { Array($0) })
    _ = CommandRun("masks", path, "-o", folder.path("one.npy"), "--layer", "cells")
    #expect(try NumPyArray(folder.bytes("one.npy")).header.contains("'shape': (2, 4, 6)"))
  }

  @Test("A file without masks says so; saving them is an error")
  func none() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("masks", path)
    #expect(run.status == .done)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("no binary layers"))
    #expect(try CommandRun("masks", path, "--json").json() == [])
    #expect(CommandRun("masks", path, "-o", folder.path("m.npy")).status == .failed)
    #expect(CommandRun("masks", path, "--layer", "x").status == .failed)
    #expect(folder.names() == ["sample.nd2"])
  }
}
