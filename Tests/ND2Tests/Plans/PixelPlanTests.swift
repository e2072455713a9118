import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Plans of pixels")
struct PixelPlanTests {
  private static func read(_ file: ND2File, _ box: ArraySelection) throws -> AnyNDArray {
    try file.read(box)
  }

  private static func middle(of file: ND2File) -> ArraySelection {
    var box = ArraySelection.all
    for element in file.sizes where element.axis != .sample {
      box = box.with(element.axis, (element.count / 3)..<max(1, element.count - element.count / 4))
    }
    return box
  }

  private static func planned(_ file: ND2File, _ box: ArraySelection) throws -> PixelPlan {
    try file.plan(box)
  }

  @Test("What a saved plan reads is what the file reads, for every kind of file")
  func gallery() async throws {
    for (name, sample) in Gallery.all {
      let bytes = try sample.bytes()
      let file = try ND2File(reading: MemorySource(bytes))
      for box in [ArraySelection.all, Self.middle(of: file)] {
        let plan = try Self.planned(file, box)
        let loaded = try PixelPlan(jsonText: Array(try plan.json().text().utf8))
        #expect(loaded == plan, "\(name)")
        let expected = try Self.read(file, box)
        #expect(try loaded.read(from: MemorySource(bytes)) == expected, "\(name)")
        let far = try await loaded.read(from: CountingAsyncSource(bytes))
        #expect(far == expected, "\(name)")
      }
    }
  }

  @Test("Reading from a plan asks for nothing but the pixels")
  func requests() async throws {
    let sample = SampleFile(width: 64, height: 100, loops: [.zStack(count: 5)])
    let bytes = try sample.bytes()
    let file = try ND2File(reading: MemorySource(bytes))
    let plan = try Self.planned(file, ArraySelection(.z, 1..<4).with(.y, 10..<30))
    let source = CountingAsyncSource(bytes)
    _ = try await plan.read(from: source)
    #expect(await source.roundCount == 3)
    #expect(await source.byteTotal == 3 * (20 * 128 + 64))
    #expect(plan.byteRanges.count == 3)
    #expect(plan.byteRanges.allSatisfy { $0.upperBound - $0.lowerBound == 20 * 128 })
  }

  @Test("A file that has changed since is an error")
  func changed() throws {
    let sample = SampleFile(width: 30, height: 20, loops: [.zStack(count: 3)])
    let bytes = try sample.bytes()
    let plan = try Self.planned(try ND2File(reading: MemorySource(bytes)), .all)
    let error = #expect(throws: ND2Error.self) {
      try plan.read(from: MemorySource(bytes + [0]))
    }
    #expect(error?.code == .changedWhileReading)
    // Of the same size, but with other chunks where the frames were.
    var other = bytes
    for chunk in plan.frames[1].chunks {
      for byte in 0..<64 { other[Int(chunk.offset) + byte] = 7 }
    }
    let displaced = #expect(throws: ND2Error.self) { try plan.read(from: MemorySource(other)) }
    #expect(displaced?.code == .missingFrame)
  }

  @Test("Frames that are not stored are zeros in plans as well")
  func missing() throws {
    var sample = SampleFile(width: 30, height: 20, loops: [.zStack(count: 4)])
    sample.missingFrames = [2]
    let bytes = try sample.bytes()
    let file = try ND2File(reading: MemorySource(bytes))
    let plan = try Self.planned(file, .all)
    #expect(plan.frames[2].chunks.isEmpty)
    #expect(try plan.read(from: MemorySource(bytes)) == Self.read(file, .all))
  }

  @Test("Plans that contradict themselves are refused, and no text is a trap")
  func hostile() throws {
    let sample = SampleFile(
      width: 30, height: 20, channels: [.init("a"), .init("b")], loops: [.zStack(count: 3)])
    let bytes = try sample.bytes()
    let plan = try Self.planned(try ND2File(reading: MemorySource(bytes)), .all)
    let text = try plan.json().text()
    for (old, new) in [
      ("\"height\":20", "\"height\":9223372036854775807"), ("\"width\":30", "\"width\":0"),
      ("\"rows\":[0,20]", "\"rows\":[0,21]"), ("\"columns\":[0,30]", "\"columns\":[3,3]"),
      ("\"planes\":[[0],[1]]", "\"planes\":[[0],[2]]"),
      ("\"planes\":[[0],[1]]", "\"planes\":[[0],[]]"), ("\"shape\":[3,", "\"shape\":[4,"),
      ("\"format_version\":2", "\"format_version\":3"), ("uint16", "uint17"),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text, "\(old)")
      #expect(throws: ND2Error.self, "\(new)") { try PixelPlan(jsonText: Array(changed.utf8)) }
    }
    for flipped in HostileBytes.flips(of: Array(text.utf8), step: 7) {
      if let plan = try? PixelPlan(jsonText: flipped) {
        _ = try? plan.read(from: MemorySource(bytes))
        _ = plan.byteRanges
      }
    }
  }
}
