import ND2
import ND2TestSupport
import ND2Writer
import Testing

/// Sources far away give the same pixels as those at hand, in few requests.
@Suite("Reading from asynchronous sources")
struct RemoteReadingTests {
  private static func box(of file: ND2File) -> ArraySelection {
    var box = ArraySelection.all
    for element in file.sizes where element.axis != .sample {
      let low = element.count / 3
      box = box.with(element.axis, low..<max(low + 1, element.count - element.count / 4))
    }
    return box
  }

  private static func check(_ bytes: [UInt8], _ name: String) async throws {
    let near = try ND2File(reading: MemorySource(bytes))
    let far = try await ND2File(reading: CountingAsyncSource(bytes))
    let waiting = try ND2File(reading: BlockingSource(CountingAsyncSource(bytes)))
    #expect(far.sizes == near.sizes, "\(name)")
    #expect(waiting.sizes == near.sizes, "\(name)")
    for selection in [ArraySelection.all, box(of: near), .all.with(.stored)] {
      let expected = try readBlocking(near, selection)
      #expect(try await far.read(selection) == expected, "\(name)")
      #expect(try await waiting.read(selection) == expected, "\(name)")
      #expect(try readBlocking(waiting, selection) == expected, "\(name)")
    }
    let damage = Set(near.diagnostics.filter { $0.severity == .damage }.map(\.message))
    #expect(
      Set(far.diagnostics.filter { $0.severity == .damage }.map(\.message)) == damage, "\(name)")
  }

  private static func readBlocking(_ file: ND2File, _ box: ArraySelection) throws -> AnyNDArray {
    try file.read(box)
  }

  @Test("Sound files of every kind read alike near and far")
  func gallery() async throws {
    for (name, sample) in Gallery.all {
      try await Self.check(try sample.bytes(), name)
    }
  }

  @Test("Crafted and damaged files read alike near and far")
  func crafted() async throws {
    for file in try CraftedFile.all() {
      guard let bytes = try? file.bytes(), (try? ND2File(reading: MemorySource(bytes))) != nil
      else { continue }
      try await Self.check(bytes, file.name)
    }
  }

  @Test("A stack takes one request a frame, and no more bytes than its frames")
  func requests() async throws {
    let sample = SampleFile(width: 200, height: 100, loops: [.zStack(count: 7)])
    let source = CountingAsyncSource(try sample.bytes())
    let file = try await ND2File(reading: source)
    let (rounds, bytes) = (await source.roundCount, await source.byteTotal)
    _ = try await file.read()
    #expect(await source.roundCount == rounds + 7)
    #expect(await source.byteTotal - bytes == 7 * (200 * 100 * 2 + 64))
  }

  @Test("A crop of very wide rows reads the wanted part of each row only")
  func wideRows() async throws {
    let sample = SampleFile(
      width: 40_000, height: 12, channels: [.init("a"), .init("b")], loops: [.time(count: 2)])
    let bytes = try sample.bytes()
    let source = CountingAsyncSource(bytes)
    let file = try await ND2File(reading: source)
    let before = await source.byteTotal
    let box = ArraySelection.all.with(.y, 3..<9).with(.x, 20_000..<20_100)
    let crop = try await file.read(box)
    #expect(await source.byteTotal - before == 2 * (6 * 100 * 4 + 64))
    let expected = ArrayReadingTests.expectedArray(
      sample, planes: [[0], [1]], rows: 3..<9, columns: 20_000..<20_100)
    #expect(ArrayReadingTests.bytes(crop) == expected)
  }

  @Test("A source that waits gives everything that a file is asked for without tasks")
  func waiting() throws {
    let sample = Gallery.all["rois"] ?? SampleFile.demo()
    let bytes = try sample.bytes()
    let near = try ND2File(reading: MemorySource(bytes))
    let far = try ND2File(reading: BlockingSource(CountingAsyncSource(bytes)))
    #expect(try far.rois() == near.rois())
    #expect(try far.frameTimes() == near.frameTimes())
    #expect(try far.lazyArray().compute() == near.read())
    #expect(try far.channelStatistics() == near.channelStatistics())
    #expect(
      try far.metadataTree(ofChunk: "ImageAttributesLV")
        == near.metadataTree(ofChunk: "ImageAttributesLV"))
  }
}
