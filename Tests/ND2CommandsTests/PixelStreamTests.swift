import ND2
import ND2Codecs
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("Reading in blocks")
struct PixelStreamTests {
  @Test("Blocks one after the other are the array")
  func blocks() throws {
    let folder = try TemporaryFolder()
    // 72 frames of 1 kB.
    var sample = SampleFile(
      width: 32, height: 16,
      loops: [
        .time(count: 3, periodMs: 100), .zStack(count: 24),
      ])
    sample.missingFrames = Set((0..<72).filter { $0 % 9 != 4 })
    let file = try ND2File(path: try folder.save(sample))
    // Blocks of several frames, cut by a loop's end; of one frame; of several times.
    for (selection, size, count) in [
      (ArraySelection.all, 10_000, 9), (.all, 100, 72), (.all, 50_000, 2), (.all, 1 << 30, 1),
      (ArraySelection(.time, 1..<3).with(.z, 2..<23), 10_000, 6),
    ] {
      let stream = try PixelStream(file, selection, blockByteCount: size)
      #expect(stream.blockCount == count)
      var hash = SHA256()
      var byteCount = 0
      try stream.forEachBlock { bytes in
        hash.update(bytes)
        byteCount += bytes.count
      }
      let array = try file.read(selection)
      #expect(stream.sizes == array.sizes)
      #expect(byteCount == array.byteCount)
      #expect(hash.hexadecimal() == array.withUnsafeBytes { SHA256.hexadecimal(of: $0) })
    }
  }

  @Test("Frames of a file far away are blocks, many of which are read at a time")
  func remote() throws {
    var sample = SampleFile(width: 64, height: 32, loops: [.time(count: 3), .zStack(count: 8)])
    sample.missingFrames = [4]
    let source = DistantSource(try sample.source())
    let file = try ND2File(reading: BlockingSource(source))
    let near = try ND2File(reading: try sample.source())
    for (selection, count) in [
      (ArraySelection.all, 24), (ArraySelection(.time, 1..<3).with(.z, 0..<7), 14),
    ] {
      source.begin { $0.companions = 10 }
      let stream = try PixelStream(file, selection)
      #expect(stream.blockCount == count)
      var all: [UInt8] = []
      var blocks = 0
      try stream.forEachBlock { bytes in
        all += bytes
        blocks += 1
      }
      #expect(blocks == count && source.mostAtOnce >= 10 && source.readsOnce)
      let array = try near.read(selection)
      #expect(stream.sizes == array.sizes)
      #expect(array.withUnsafeBytes { Array($0) } == all)
    }
  }

  @Test("A small selection is one block")
  func small() throws {
    let folder = try TemporaryFolder()
    let file = try ND2File(path: try folder.saveDemo())
    #expect(try PixelStream(file, .all).blockCount == 1)
    #expect(throws: ND2Error.self) { try PixelStream(file, ArraySelection(.z, 0..<9)) }
  }
}
