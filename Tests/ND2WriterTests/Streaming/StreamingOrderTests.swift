import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Frames in order and out of order")
struct StreamingOrderTests {
  private func description(_ loops: [ND2FileDescription.Loop]) -> ND2FileDescription {
    ND2FileDescription(width: 4, height: 2, sampleType: .uint8, loops: loops)
  }

  private func frame(_ value: Int) -> [UInt8] { [UInt8](repeating: UInt8(value), count: 8) }

  private func values(_ file: ND2File, _ count: Int) throws -> [Double] {
    try (0..<count).map { Double(try FrameLayoutTests.read(file, $0)[0]) }
  }

  @Test("Frames may come in any order", arguments: [false, true])
  func anyOrder(isCompressed: Bool) throws {
    var description = description([.time(count: 3), .zStack(count: 4)])
    description.storage.compression = isCompressed ? .lossless : .none
    let bytes = try ND2FileWriter.bytes(description: description) { writer in
      for index in [7, 0, 11, 3, 1, 2, 10, 5, 4, 9, 8, 6] {
        try writer.append(
          frame(index + 1), at: index, record: FrameRecord(timeMs: Double(index) * 10))
      }
    }
    let file = try FrameLayoutTests.open(bytes)
    #expect(file.diagnostics.isEmpty)
    #expect(try values(file, 12) == (1...12).map(Double.init))
    #expect(try file.frameTimes() == (0..<12).map { Double($0) * 10 })
  }

  @Test("Without an index comes the frame behind the last")
  func next() throws {
    let bytes = try ND2FileWriter.bytes(description: description([.time(count: 5)])) { writer in
      try writer.append(frame(4), at: 3)
      #expect(writer.nextFrame == 4)
      try writer.append(frame(5))
      try writer.append(frame(1), at: 0)
      try writer.append(frame(2))
      #expect(writer.writtenFrameCount == 4)
    }
    let file = try FrameLayoutTests.open(bytes)
    #expect(try values(file, 5) == [1, 2, 0, 4, 5])
    #expect((0..<5).map(file.isMissing) == [false, false, true, false, false])
    #expect(file.attributes.sequenceCount == 5)
  }

  @Test("A frame twice, and one beyond the loops, are refused; the rest goes on")
  func refusals() throws {
    let bytes = try ND2FileWriter.bytes(description: description([.time(count: 2)])) { writer in
      try writer.append(frame(1))
      let twice = #expect(throws: ND2Error.self) { try writer.append(frame(9), at: 0) }
      #expect(twice?.message == "frame 0 was written already")
      for index in [2, -1, Int.max] {
        let beyond = #expect(throws: ND2Error.self) { try writer.append(frame(9), at: index) }
        #expect(beyond?.message == "there is no frame \(index): the loops describe 2 of them")
      }
      try writer.append(frame(2))
      #expect(throws: ND2Error.self) { try writer.append(frame(3)) }
    }
    #expect(try values(FrameLayoutTests.open(bytes), 2) == [1, 2])
  }

  @Test("An open-ended time loop has as many points as were written", arguments: [1, 2, 7])
  func openEnded(points: Int) throws {
    let loops: [ND2FileDescription.Loop] = [
      .openEndedTime(periodMs: 50), .positions(count: 2), .zStack(count: 3), .spectral,
    ]
    for version in [ND2FileDescription.Version.v3_0, .v2_2] {
      var description = description(loops)
      description.version = version
      let bytes = try ND2FileWriter.bytes(description: description) { writer in
        for index in 0..<(points * 6) { try writer.append(frame(index)) }
      }
      let file = try FrameLayoutTests.open(bytes)
      #expect(file.diagnostics.isEmpty)
      #expect(file.sizes[.time] ?? 1 == points)
      #expect(file.sizes[.position] == 2)
      #expect(file.frameCount == points * 6)
      #expect(file.attributes.sequenceCount == points * 6)
      #expect(try values(file, points * 6) == (0..<(points * 6)).map(Double.init))
      // The map names what was written last.
      let names = file.chunks.map(\.name)
      #expect(Set(names).count == names.count)
    }
  }

  @Test("The last point of an open-ended loop may lack frames")
  func unevenEnd() throws {
    let description = description([.openEndedTime(), .zStack(count: 3)])
    let writer = try ND2FileWriter(MemorySink(), description: description)
    for index in 0..<4 { try writer.append(frame(index)) }
    try writer.finish()
    #expect(writer.description.frameCount == 6)
    guard case .time(let phase) = writer.description.loops[0] else {
      Issue.record("no time loop")
      return
    }
    #expect(phase.count == 2)
  }

  @Test("Without loops there is one frame")
  func single() throws {
    let bytes = try ND2FileWriter.bytes(description: description([])) { writer in
      try writer.append(frame(7))
      let error = #expect(throws: ND2Error.self) { try writer.append(frame(8)) }
      #expect(error?.message == "there is no frame 1: the loops describe 1")
    }
    #expect(try values(FrameLayoutTests.open(bytes), 1) == [7])
  }

  @Test("Loop indices and frames are each other's inverse")
  func indices() {
    let description = description([
      .time(count: 3), .spectral, .positions(count: 2), .zStack(count: 5),
    ])
    for frame in 0..<description.frameCount {
      #expect(description.frame(atLoopIndices: description.loopIndices(ofFrame: frame)) == frame)
    }
    #expect(description.frame(atLoopIndices: [2, 0, 1, 4]) == 29)
  }

  @Test("The map stands in descending order of names, whatever the order of writing")
  func mapOrder() throws {
    let count = 1203
    let bytes = try ND2FileWriter.bytes(description: description([.time(count: count)])) { writer in
      try writer.append(.init("ImageDataSeq|x!", [1]))
      try writer.append(.init("Zoo|1!", [1]))
      for index in (0..<count).reversed() { try writer.append(frame(index % 250), at: index) }
    }
    let offset = try #require(ChunkMapParser.mapOffset(tail: bytes).flatMap { Int(exactly: $0) })
    var names: [String] = []
    var position = offset + 48
    while let end = bytes[position...].firstIndex(of: UInt8(ascii: "!")) {
      let name = String(decoding: bytes[position...end], as: UTF8.self)
      if name.hasPrefix("ND2 CHUNK MAP") { break }
      names.append(name)
      position = end + 17
    }
    #expect(names.count { $0.hasPrefix("ImageDataSeq|") } == count + 1)
    let sorted = names.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
    #expect(names == sorted)
  }
}
