import ND2
import ND2Export
import ND2TestSupport
import ND2Writer
import Synchronization
import Testing

@Suite("Writing OME-Zarr stores")
struct OMEZarrStoreTests {
  private func sample(_ loops: SampleFile.Loop...) throws -> ND2File {
    let sample = SampleFile(
      width: 40, height: 30, channels: [.init("a"), .init("b")], loops: loops)
    return try ND2File(reading: sample.source())
  }

  private func plain(_ change: (inout OMEZarrOptions) -> Void = { _ in }) -> OMEZarrOptions {
    var options = OMEZarrOptions()
    options.compression = .none
    options.sharding = .none
    change(&options)
    return options
  }

  @Test("A chunk without compression is a plane of the file")
  func plane() throws {
    let directory = try TemporaryDirectory()
    let file = try sample(.time(count: 3), .zStack(count: 2))
    let report = try file.writeOMEZarr(to: directory.file("a.zarr"), options: plain())
    #expect(report.planeCount == 12)
    #expect(report.paths == [directory.file("a.zarr")])
    let chunk = try TemporaryDirectory.readFile(directory.file("a.zarr/0/c/2/1/0/0/0"))
    let plane = try file.read(
      ArraySelection(.time, 2).with(.channel, 1).with(.z, 0))
    #expect(plane.withUnsafeBytes { Array($0) } == chunk)
    #expect(directory.fileNames == ["a.zarr"])
  }

  @Test("A shard has its chunks and an index that points at them")
  func shard() throws {
    let directory = try TemporaryDirectory()
    let file = try sample(.zStack(count: 3))
    try file.writeOMEZarr(
      to: directory.file("a.zarr"), options: plain { $0.sharding = .sizes([.z: 3]) })
    let shard = try TemporaryDirectory.readFile(directory.file("a.zarr/0/c/1/0/0/0"))
    #expect(shard.count == 3 * 2400 + 3 * 16 + 4)
    let index = shard[7200...]
    let plane = try file.read(ArraySelection(.channel, 1).with(.z, 2))
    let entry = Array(index.dropFirst(32).prefix(16)).withUnsafeBytes { bytes in
      (0..<2).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
    }
    #expect(entry[1] == 2400)
    let start = Int(entry[0])
    #expect(plane.withUnsafeBytes { Array($0) } == Array(shard[start..<(start + 2400)]))
  }

  @Test("An existing store is replaced only when that is asked for, other folders never")
  func existing() throws {
    let directory = try TemporaryDirectory()
    let file = try sample()
    let path = directory.file("a.zarr")
    try file.writeOMEZarr(to: path, options: plain())
    #expect(throws: ND2Error.self) { try file.writeOMEZarr(to: path, options: self.plain()) }
    try file.writeOMEZarr(to: path + "/", options: plain { $0.overwrites = true })
    #expect(directory.fileNames == ["a.zarr"])
    // A folder of something else.
    try file.writeOMEZarr(to: directory.file("other/sub"), options: plain())
    #expect(throws: ND2Error.self) {
      try file.writeOMEZarr(
        to: directory.file("other"), options: self.plain { $0.overwrites = true })
    }
    _ = try directory.write([1], as: "file.zarr")
    #expect(throws: ND2Error.self) {
      try file.writeOMEZarr(
        to: directory.file("file.zarr"), options: self.plain { $0.overwrites = true })
    }
    #expect(directory.fileNames == ["a.zarr", "file.zarr", "other"])
  }

  @Test("An export that is cancelled leaves nothing, or a part that is taken up")
  func interruption() throws {
    let directory = try TemporaryDirectory()
    let sample = SampleFile(width: 40, height: 30, loops: [.time(count: 8)])
    try sample.write(to: directory.file("a.nd2"))
    let file = try ND2File(path: directory.file("a.nd2"))
    let path = directory.file("a.zarr")
    let count = Atomic<Int>(0)
    let stop: @Sendable () -> Bool = { count.wrappingAdd(1, ordering: .relaxed).oldValue > 3 }
    var options = plain { $0.threadCount = 1 }
    #expect(throws: CancellationError.self) {
      try file.writeOMEZarr(to: path, options: options, isCancelled: stop)
    }
    #expect(directory.fileNames == ["a.nd2"])

    options.isResumable = true
    options.sharding = .sizes([.time: 2])
    count.store(0, ordering: .relaxed)
    #expect(throws: CancellationError.self) {
      try file.writeOMEZarr(to: path, options: options, isCancelled: stop)
    }
    #expect(directory.fileNames == [".a.zarr.nd2-part", "a.nd2"])
    // What was complete is kept: a mark in it stays.
    let kept = directory.file(".a.zarr.nd2-part/0/c/0/0/0")
    let before = try TemporaryDirectory.readFile(kept)

    var others = options
    others.compression = .zstd(level: 1)
    #expect(throws: ND2Error.self) { try file.writeOMEZarr(to: path, options: others) }

    let written = try file.writeOMEZarr(to: path, options: options)
    #expect(directory.fileNames == ["a.nd2", "a.zarr"])
    #expect(try TemporaryDirectory.readFile(directory.file("a.zarr/0/c/0/0/0")) == before)
    // Two of the four shards were there.
    #expect(written.byteCount == 2 * (2 * 2400 + 2 * 16 + 4))
    options.isResumable = false
    try file.writeOMEZarr(to: directory.file("b.zarr"), options: options)
    for shard in 0..<4 {
      #expect(
        try TemporaryDirectory.readFile(directory.file("a.zarr/0/c/\(shard)/0/0"))
          == TemporaryDirectory.readFile(directory.file("b.zarr/0/c/\(shard)/0/0")))
    }
    #expect(TemporaryDirectory.names(in: path).sorted() == ["0", "OME", "zarr.json"])
  }

  @Test("Chunks of missing frames are left out, or zeros, or an error")
  func missingFrames() throws {
    let directory = try TemporaryDirectory()
    var sample = SampleFile(width: 10, height: 8, loops: [.time(count: 3)])
    sample.missingFrames = [1]
    let file = try ND2File(reading: sample.source())
    let report = try file.writeOMEZarr(to: directory.file("a.zarr"), options: plain())
    #expect(report.incompleteFrames == [1])
    #expect(TemporaryDirectory.names(in: directory.file("a.zarr/0/c")) == ["0", "2"])
    try file.writeOMEZarr(
      to: directory.file("b.zarr"), options: plain { $0.omittedChunks = .none })
    #expect(
      try TemporaryDirectory.readFile(directory.file("b.zarr/0/c/1/0/0"))
        == [UInt8](repeating: 0, count: 160))
    #expect(throws: ND2Error.self) {
      try file.writeOMEZarr(
        to: directory.file("c.zarr"), options: self.plain { $0.isStrict = true })
    }
    #expect(directory.fileNames == ["a.zarr", "b.zarr"])
  }

  @Test("Little memory makes bands of rows, and the same store")
  func bands() throws {
    let directory = try TemporaryDirectory()
    let sample = SampleFile(width: 1500, height: 1310, channels: [.init("a"), .init("b")])
    let file = try ND2File(reading: sample.source())
    let sizes: [Axis: Int] = [.y: 64, .x: 500]
    try file.writeOMEZarr(
      to: directory.file("whole.zarr"), options: plain { $0.chunkSizes = sizes })
    try file.writeOMEZarr(
      to: directory.file("bands.zarr"),
      options: plain {
        $0.chunkSizes = sizes
        $0.memoryLimit = 1 << 20
      })
    func files(_ folder: String) -> [String] {
      TemporaryDirectory.names(in: folder).flatMap { name -> [String] in
        let inner = files("\(folder)/\(name)")
        return inner.isEmpty ? [name] : inner.map { "\(name)/\($0)" }
      }
    }
    let names = files(directory.file("whole.zarr"))
    #expect(names.count > 130)
    #expect(files(directory.file("bands.zarr")) == names)
    for name in names where !name.hasSuffix("xml") {
      #expect(
        try TemporaryDirectory.readFile(directory.file("whole.zarr/\(name)"))
          == TemporaryDirectory.readFile(directory.file("bands.zarr/\(name)")), "\(name)")
    }
  }

  @Test("A full disk is an error, and nothing stays")
  func fullDisk() throws {
    let directory = try TemporaryDirectory()
    let file = try sample()
    #expect(throws: ND2Error.self) {
      try file.writeOMEZarr(to: "/proc/nowhere/a.zarr", options: self.plain())
    }
    #expect(throws: ND2Error.self) {
      try file.writeOMEZarr(to: directory.file(""), options: self.plain())
    }
    #expect(directory.fileNames.isEmpty)
  }

  @Test("What a version cannot do, and parts that are not there, are refused")
  func refusals() throws {
    let directory = try TemporaryDirectory()
    let file = try sample(.zStack(count: 2))
    let path = directory.file("a.zarr")
    for change: @Sendable (inout OMEZarrOptions) -> Void in [
      {
        $0.version = .v0_4
        $0.sharding = .sizes([.z: 2])
      }, { $0.levelCount = 0 }, { $0.chunkSizes = [.z: 0] }, { $0.chunkSizes = [.sample: 1] },
      { $0.selection = ExportSelection(ArraySelection(.z, 2)) },
    ] {
      #expect(throws: ND2Error.self) {
        try file.writeOMEZarr(to: path, options: self.plain(change))
      }
    }
    #expect(directory.fileNames.isEmpty)
  }

  @Test("Progress counts all planes, and the asynchronous form writes the same")
  func progress() async throws {
    let directory = try TemporaryDirectory()
    let file = try sample(.positions(count: 2), .zStack(count: 2))
    let last = Lock<ExportProgress?>(nil)
    let report = try await file.writeOMEZarr(
      to: directory.file("a.zarr"), options: plain()
    ) { progress in
      last.withLock { $0 = progress }
    }
    #expect(report.imageCount == 2)
    #expect(last.withLock { $0?.planeCount } == 8)
    #expect(last.withLock { $0?.share } == 1)
    #expect(
      TemporaryDirectory.names(in: directory.file("a.zarr")).sorted() == [
        "0", "1", "OME", "zarr.json",
      ])
  }
}
