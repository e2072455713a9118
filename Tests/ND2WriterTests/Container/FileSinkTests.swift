import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("File sink")
struct FileSinkTests {
  private let sample = SampleFile(width: 20, height: 10, loops: [.time(count: 3)])

  @Test("A file on disk has the bytes of the file in memory, and nothing is left beside it")
  func sameBytes() throws {
    let directory = try TemporaryDirectory()
    try sample.write(to: directory.file("a.nd2"))
    #expect(try directory.read("a.nd2") == sample.bytes())
    #expect(directory.fileNames == ["a.nd2"])
  }

  @Test("Appends of every size arrive in order")
  func sizes() throws {
    let directory = try TemporaryDirectory()
    let sink = try FileSink(path: directory.file("x"), overwrite: false)
    var expected: [UInt8] = []
    var random = Randomness(seed: 8)
    for count in [0, 1, 100_000, 5, 300_000, 262_144, 262_143, 1, 600_000, 7] {
      let bytes = random.bytes(count)
      try sink.append(bytes)
      expected += bytes
      #expect(sink.position == UInt64(expected.count))
    }
    try sink.commit()
    #expect(try directory.read("x") == expected)
  }

  @Test("An existing file is refused, and stays as it is")
  func refusesExisting() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1, 2, 3], as: "a.nd2")
    let error = #expect(throws: ND2Error.self) { try sample.write(to: path) }
    #expect(error?.code == .invalidRequest)
    #expect(try directory.read("a.nd2") == [1, 2, 3])
    #expect(directory.fileNames == ["a.nd2"])
  }

  @Test("An existing file is replaced on request")
  func overwrites() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1, 2, 3], as: "a.nd2")
    try sample.write(to: path, overwrite: true)
    #expect(try directory.read("a.nd2") == sample.bytes())
    #expect(directory.fileNames == ["a.nd2"])
  }

  @Test("A file that appears meanwhile is not replaced")
  func appearsMeanwhile() throws {
    let directory = try TemporaryDirectory()
    let sink = try FileSink(path: directory.file("a"), overwrite: false)
    try sink.append([9, 9])
    _ = try directory.write([1], as: "a")
    #expect(throws: ND2Error.self) { try sink.commit() }
    #expect(try directory.read("a") == [1])
    #expect(directory.fileNames == ["a"])
  }

  @Test("A sink that is given up leaves nothing behind")
  func givenUp() throws {
    let directory = try TemporaryDirectory()
    do {
      let sink = try FileSink(path: directory.file("a"), overwrite: false)
      try sink.append([UInt8](repeating: 1, count: 1 << 20))
      #expect(directory.fileNames.count == 1)
    }
    #expect(directory.fileNames.isEmpty)
  }

  @Test("A directory that does not exist is an error that names the file")
  func noDirectory() {
    let error = #expect(throws: ND2Error.self) { try sample.write(to: "/nonexistent/a.nd2") }
    #expect(error?.code == .io)
    #expect(error?.location.file == "/nonexistent/a.nd2")
  }
}
