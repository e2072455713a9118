import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("File lists of the Python reader")
struct FileListTests {
  private static let sample = SampleFile(
    width: 32, height: 24, channels: [.init("a"), .init("b")],
    loops: [
      .time(count: 2), .positions(.init([.init(x: 1, y: 2), .init(x: 3, y: 4)])), .zStack(count: 3),
    ])

  private static func whole(_ view: FiveAxisView, _ scene: Int) throws -> AnyNDArray {
    try view.read(position: scene)
  }

  @Test("A list is written with the Python reader's members, and read again")
  func document() throws {
    let file = try ND2File(reading: MemorySource(try Self.sample.bytes()))
    let crop = StackCrop(z: 1..<3, y: 2..<10, x: 4..<20)
    let list = try file.fileList(crop: crop, t: 1..<2, scenes: 0..<1)
    #expect(list.outputShape == [1, 2, 2, 8, 16])
    let json = try list.json()
    #expect(json["crop"] == [1, 3, 2, 10, 4, 20])
    #expect(json["t_range"] == [1, 2])
    #expect(json["c_range"] == [0, 2])
    #expect(json["s_range"] == [0, 1])
    #expect(json["output_shape"] == [1, 2, 2, 8, 16])
    #expect(
      (json["chunk_offsets"]?.members ?? []).map { $0.name } == [
        "(1, 0, 1, 0)", "(1, 0, 2, 0)", "(1, 1, 1, 0)", "(1, 1, 2, 0)",
      ])
    let metadata = json["metadata"] ?? .null
    #expect(metadata["shape"] == [2, 2, 3, 24, 32])
    #expect((metadata["sizes"] ?? .null)["S"] == 2)
    #expect(metadata["n_components"] == 2)
    #expect(metadata["frame_shape"] == [24, 32])
    #expect(metadata["scene_positions"] == [[1.0, 2.0], [3.0, 4.0]])
    #expect(try FileList(jsonText: Array(json.text(indentation: 2).utf8)) == list)
  }

  @Test("What a list reads is the box, whatever the order of the loops")
  func reading() async throws {
    for loops: [SampleFile.Loop] in [
      Self.sample.loops, Self.sample.loops.reversed(), [.zStack(count: 3)], [],
    ] {
      for channels in [1, 2, 3] {
        var sample = Self.sample
        sample.loops = loops
        sample.channels = (0..<channels).map { SampleFile.Channel("c\($0)") }
        let bytes = try sample.bytes()
        let file = try ND2File(reading: MemorySource(bytes))
        for scene in 0..<file.fiveAxes.sceneCount {
          let list = try file.fileList(scenes: scene..<(scene + 1))
          let whole: AnyNDArray = try Self.whole(file.fiveAxes, scene)
          #expect(whole.shape == file.fiveAxes.shape)
          #expect(try list.read(from: MemorySource(bytes)) == whole)
          #expect(try await list.read(from: CountingAsyncSource(bytes)) == whole)
          let loaded = try PixelPlan(jsonText: Array(try list.json().text().utf8))
          #expect(loaded.byteCount == whole.shape.reduce(2, *))
        }
      }
    }
  }

  @Test("Lists that claim more than they name are refused")
  func hostile() throws {
    let file = try ND2File(reading: MemorySource(try Self.sample.bytes()))
    let text = try file.fileList().json().text()
    for (old, new) in [
      ("\"t_range\":[0,2]", "\"t_range\":[0,99999999999]"),
      ("\"crop\":[0,3,", "\"crop\":[3,0,"), ("\"crop\":[0,3,", "\"crop\":[0,3,1,"),
      ("(0, 0, 0, 0)", "(0, 0, 0)"), ("(0, 0, 0, 0)", "(0, 0, 0, -1)"),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text, "\(old)")
      #expect(throws: ND2Error.self, "\(new)") { try FileList(jsonText: Array(changed.utf8)) }
    }
  }
}
