import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Chunk scan")
struct ChunkScanTests {
  private let file = SampleFile(width: 40, height: 30, loops: [.time(count: 6), .zStack(count: 2)])

  /// Names and offsets of the chunks that the map lists.
  private func listed(_ bytes: [UInt8]) throws -> [String: Int] {
    try ChunkPlaces(of: bytes).places.mapValues(\.headerOffset)
  }

  private func found(_ map: ChunkMap) -> [String: Int] {
    Dictionary(
      map.inFileOrder.map { ($0.name, Int(clamping: $0.entry.offset)) }, uniquingKeysWith: max)
  }

  @Test("The walk finds what the map lists, with one small read for each chunk")
  func soundFile() throws {
    let bytes = try file.bytes()
    let scan = ChunkScan.run(over: bytes)
    #expect(try found(scan.map) == listed(bytes))
    #expect(scan.gaps.isEmpty)
    // Some headers are asked for ahead, where the last ones were at equal distances.
    #expect(scan.readCount <= scan.map.count + 2 + 32)
    #expect(scan.byteCount <= scan.readCount * 512)
    let sizes = try ChunkPlaces(of: bytes).places.mapValues(\.byteCount)
    for (name, entry) in scan.map.inFileOrder {
      #expect(entry.byteCount == sizes[name].map { UInt64($0) })
    }
  }

  @Test("All files of the gallery are found whole")
  func gallery() throws {
    for (name, file) in Gallery.all where file.version.major >= 2 {
      let bytes = try file.bytes()
      let scan = ChunkScan.run(over: bytes)
      #expect(try found(scan.map) == listed(bytes), "\(name)")
    }
  }

  @Test("A file without map gives all its chunks")
  func noMap() throws {
    let bytes = try file.bytes()
    let scan = ChunkScan.run(over: Damage.removeMap.applied(to: bytes))
    #expect(try found(scan.map) == listed(bytes))
    #expect(scan.gaps.isEmpty)
  }

  @Test("Bytes cut out of a frame cost that frame only, and are one gap")
  func bytesCutOut() throws {
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frame = try places.frame(4)
    let cut = Damage.cut((frame.dataOffset + 100)..<(frame.dataOffset + 2100)).applied(to: bytes)
    let scan = ChunkScan.run(over: cut)
    let expected = places.places.mapValues {
      $0.headerOffset <= frame.headerOffset ? $0.headerOffset : $0.headerOffset - 2000
    }
    #expect(found(scan.map) == expected)
    #expect(scan.gaps.count == 1)
  }

  @Test("Bytes cut out across a header lose that chunk only")
  func headerCutOut() throws {
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frame = try places.frame(4)
    let cut = Damage.cut((frame.headerOffset - 500)..<(frame.headerOffset + 500)).applied(to: bytes)
    let scan = ChunkScan.run(over: cut)
    var expected = places.places.mapValues(\.headerOffset)
    expected["ImageDataSeq|4!"] = nil
    expected = expected.mapValues { $0 < frame.headerOffset ? $0 : $0 - 1000 }
    #expect(found(scan.map) == expected)
    #expect(scan.gaps.count <= 2)
  }

  @Test("Bytes put into a frame shift what follows, and are one gap")
  func bytesPutIn() throws {
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frame = try places.frame(2)
    var random = Randomness(seed: 5)
    let longer = Damage.insert(random.bytes(777), at: frame.dataOffset + 50).applied(to: bytes)
    let scan = ChunkScan.run(over: longer)
    #expect(
      found(scan.map)
        == places.places.mapValues {
          $0.headerOffset <= frame.headerOffset ? $0.headerOffset : $0.headerOffset + 777
        }
    )
    #expect(scan.gaps.count == 1)
  }

  @Test("A file cut inside a frame gives the frame with an unknown size")
  func truncatedFrame() throws {
    let bytes = try file.bytes()
    let frame = try ChunkPlaces(of: bytes).frame(7)
    let scan = ChunkScan.run(over: Array(bytes[..<(frame.dataOffset + 300)]))
    #expect(scan.map.frames.storedCount == 8)
    #expect(scan.map.frames[7] == ChunkEntry(offset: UInt64(frame.headerOffset), byteCount: nil))
    #expect(scan.map.frames[6]?.byteCount != nil)
    #expect(scan.map["ImageMetadataLV!"] != nil)
    #expect(!scan.gaps.isEmpty)
  }

  @Test("A file cut anywhere keeps every chunk before the cut")
  func truncation() throws {
    let bytes = try SampleFile(width: 4, height: 4, loops: [.time(count: 2)]).bytes()
    let places = try ChunkPlaces(of: bytes).places
    for length in stride(from: 0, to: bytes.count, by: 509) {
      let map = ChunkScan.run(over: Array(bytes[..<length])).map
      for (name, place) in places where place.dataOffset + place.byteCount <= length {
        #expect(map[name]?.offset == UInt64(place.headerOffset), "\(length)")
      }
    }
  }

  @Test("A wrong length in a header is found out, and the chunks behind it are found")
  func wrongLength() throws {
    let bytes = try file.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frame = try places.frame(1)
    let lengths: [UInt64] = [0, 1, 1 << 20, UInt64(Int64.max), .max, 4_000]
    for length in lengths {
      var changed = bytes
      changed.replace(at: frame.headerOffset + 8, littleEndian: length)
      let map = ChunkScan.run(over: changed).map
      for (name, place) in places.places where name != "ImageDataSeq|1!" {
        #expect(map[name]?.offset == UInt64(place.headerOffset), "\(name), length \(length)")
      }
    }
  }

  @Test("A damaged signature chunk does not stop the scan")
  func noSignature() throws {
    let bytes = try file.bytes()
    let zeros = [UInt8](repeating: 0, count: 4096)
    let scan = ChunkScan.run(over: Damage.overwrite(zeros, at: 0).applied(to: bytes))
    #expect(try found(scan.map) == listed(bytes))
  }

  @Test("Empty regions between chunks are passed over")
  func emptyRegions() throws {
    var gapped = file
    gapped.flaws.gaps = [
      0: [UInt8](repeating: 0, count: 9000), 3: [UInt8](repeating: 0x41, count: 3_000_000),
    ]
    let bytes = try gapped.bytes()
    let scan = ChunkScan.run(over: bytes)
    #expect(try found(scan.map) == listed(bytes))
    #expect(scan.gaps.count == 2)
  }

  @Test("The magic number inside pixels is not taken for a chunk")
  func magicInPixels() throws {
    var tricky = SampleFile(width: 32, height: 64, loops: [.time(count: 3)])
    let magic: [UInt8] = [0xDA, 0xCE, 0xBE, 0x0A]
    let pixels = (0..<1024).flatMap { _ in magic }
    tricky.pixels = .packed([pixels, pixels, pixels])
    let bytes = try tricky.bytes()
    let places = try ChunkPlaces(of: bytes)
    let frame = try places.frame(1)
    let cut = Damage.cut((frame.dataOffset + 100)..<(frame.dataOffset + 300)).applied(to: bytes)
    let scan = ChunkScan.run(over: cut)
    #expect(
      found(scan.map)
        == places.places.mapValues {
          $0.headerOffset <= frame.headerOffset ? $0.headerOffset : $0.headerOffset - 200
        }
    )
  }

  @Test("Of a chunk that was written twice the later one counts")
  func rewritten() throws {
    var file = SampleFile()
    file.flaws.writesEarlyAttributes = true
    let bytes = try file.bytes()
    let scan = ChunkScan.run(over: bytes)
    #expect(try found(scan.map) == listed(bytes))
    #expect(scan.map.duplicateCount == 1)
  }

  @Test("Files of noise, of magic numbers, or of nothing end")
  func noise() {
    #expect(ChunkScan.run(over: []).map.count == 0)
    #expect(ChunkScan.run(over: [0xDA]).map.count == 0)
    let magic: [UInt8] = [0xDA, 0xCE, 0xBE, 0x0A]
    #expect(ChunkScan.run(over: (0..<50_000).flatMap { _ in magic }).map.count == 0)
    Randomness.repeated(20) { random in
      #expect(ChunkScan.run(over: random.bytes(random.int(0..<9000))).map.count == 0)
    }
  }

  @Test("A header across two windows of the search is found")
  func acrossWindows() throws {
    var bytes = [UInt8](repeating: 0x11, count: 1 << 20)
    let header = try Array(SampleFile().bytes()[4096..<8192])
    // The search reads 1 MB at a time: put the header around its end.
    for shift in [1, 2, 3, 4, 5, 15, 16, 17, 40, 200, 511, 512] {
      let start = (1 << 20) - shift
      bytes =
        [UInt8](repeating: 0x11, count: start) + header + [UInt8](repeating: 0x11, count: 5000)
      let map = ChunkScan.run(over: bytes).map
      #expect(map.inFileOrder.map(\.entry.offset) == [UInt64(start)], "shift \(shift)")
    }
  }
}
