import ND2Codecs
import ND2TestSupport
import Testing

@testable import ND2

@Suite("NumPy archives")
struct NumPyArchiveTests {
  private let a: AnyNDArray
  private let b: AnyNDArray

  init() throws {
    a = try NDArray((0..<600).map { UInt16($0 % 7) }, shape: [20, 30]).erased
    b = try NDArray([1.5, -2] as [Float], shape: [2]).erased
  }

  /// The bytes of an archive.
  static func bytes(
    _ arrays: [(name: String, array: AnyNDArray)], compressing: Bool = false,
    wideFrom: UInt64 = UInt64(UInt32.max)
  ) throws -> [UInt8] {
    let sink = Collected()
    try NumPyArchive.write(
      arrays, compressing: compressing,
      with: ZipWriter(wideFrom: wideFrom) { sink.bytes.append(contentsOf: $0) })
    return sink.bytes
  }

  private final class Collected { var bytes: [UInt8] = [] }

  @Test("What is written is read again", arguments: [false, true], [UInt64(UInt32.max), 0, 200])
  func roundTrip(_ compressing: Bool, _ wideFrom: UInt64) throws {
    var random = Randomness(seed: 12)
    var arrays: [(name: String, array: AnyNDArray)] = [("a", a), ("κ/b", b)]
    for (index, type) in SampleType.allCases.enumerated() {
      arrays.append(("array \(index)", try random.array(type)))
    }
    arrays.append(
      ("large", try AnyNDArray(zeros: AxisSizes(unnamed: [3, 1 << 20]), sampleType: .uint8)))
    let bytes = try Self.bytes(arrays, compressing: compressing, wideFrom: wideFrom)
    let archive = try NumPyArchive(bytes: bytes)
    #expect(archive.names == arrays.map(\.name))
    for (name, array) in arrays { #expect(try archive[name] == array) }
    if compressing { #expect(bytes.count < 1 << 20) }
  }

  @Test("An archive of nothing can be written and read")
  func nothing() throws {
    let archive = try NumPyArchive(bytes: try Self.bytes([]))
    #expect(archive.names == [])
    let error = thrownError { _ = try archive["a"] }
    #expect(error?.message.contains("none") == true)
  }

  @Test("Many arrays need 64-bit numbers, and have them")
  func many() throws {
    let one = try NDArray([7] as [UInt8], shape: [1]).erased
    let arrays = (0..<66_000).map { (name: "\($0)", array: one) }
    let archive = try NumPyArchive(bytes: try Self.bytes(arrays))
    #expect(archive.names.count == 66_000)
    #expect(try archive["65999"] == one)
  }

  @Test("Files are written whole or not at all")
  func files() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.npz")
    try NumPyArchive.write([("a", a), ("b", b)], to: path)
    #expect(directory.fileNames == ["a.npz"])
    let first = try directory.read("a.npz")
    #expect(thrownError { try NumPyArchive.write([("a", a)], to: path) }?.code == .invalidRequest)
    #expect(try directory.read("a.npz") == first)
    try NumPyArchive.write([("a", a)], to: path, compressing: true, overwriting: true)
    let archive = try NumPyArchive(path: path)
    #expect(archive.names == ["a"])
    #expect(try archive.array(named: "a", axes: [.y, .x]).sizes == [.y: 20, .x: 30])
    #expect(directory.fileNames == ["a.npz"])
  }

  @Test("Views are written as they look")
  func views() throws {
    let view = try a.transposed([1, 0])
    for compressing in [false, true] {
      let archive = try NumPyArchive(
        bytes: try Self.bytes([("v", view)], compressing: compressing))
      #expect(try archive["v"].elementsEqual(view))
    }
  }

  @Test("Equal arrays give equal bytes")
  func deterministic() throws {
    #expect(try Self.bytes([("a", a)]) == Self.bytes([("a", a)]))
  }

  @Test("Names that cannot be are refused")
  func names() throws {
    let directory = try TemporaryDirectory()
    for names in [["a", "a"], [""], ["a\0"], [String(repeating: "x", count: 70_000)]] {
      let error = thrownError {
        try NumPyArchive.write(names.map { ($0, b) }, to: directory.file("a.npz"))
      }
      #expect(error?.code == .invalidRequest)
    }
    #expect(directory.fileNames == [])
  }

  @Test("An unknown name is an error that tells the others")
  func unknownName() throws {
    let archive = try NumPyArchive(bytes: try Self.bytes([("cells", a), ("nuclei", b)]))
    let error = thrownError { _ = try archive["cell"] }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("'cells', 'nuclei'") == true)
  }

  @Test("Of two arrays with one name the last one counts")
  func duplicates() throws {
    var writer = ZipWriter { _ in }
    let sink = Collected()
    writer = ZipWriter { sink.bytes.append(contentsOf: $0) }
    for array in [a, b] {
      let bytes = array.npyBytes
      try writer.append(name: "x.npy", byteCount: UInt64(bytes.count)) { take in
        try bytes.withUnsafeBytes(take)
      }
    }
    let text = Array("no array".utf8)
    try writer.append(name: "README", byteCount: UInt64(text.count)) { take in
      try text.withUnsafeBytes(take)
    }
    try writer.finish()
    let archive = try NumPyArchive(bytes: sink.bytes)
    #expect(archive.names == ["x"])
    #expect(try archive["x"] == b)
  }

  @Test("A comment behind the archive, and bytes before it, do no harm")
  func surroundings() throws {
    for wideFrom in [UInt64(UInt32.max), 0] {
      let bytes = try Self.bytes([("a", a), ("b", b)], compressing: true, wideFrom: wideFrom)
      var commented = bytes
      commented[bytes.count - 2] = 11
      commented += Array("PK\u{5}\u{6} trick!".utf8)
      for file in [bytes + [1, 2, 3], commented, [1, 2, 3, 4, 5] + bytes, [9] + commented] {
        let archive = try NumPyArchive(bytes: file)
        #expect(archive.names == ["a", "b"])
        #expect(try archive["a"] == a)
        #expect(try archive["b"] == b)
      }
    }
  }

  @Test("A gap between the directory and its end record does no harm")
  func gap() throws {
    let bytes = try Self.bytes([("a", a)])
    let file = bytes.dropLast(22) + [0, 0, 0, 0, 0, 0, 0] + bytes.suffix(22)
    #expect(try NumPyArchive(bytes: Array(file))["a"] == a)
  }

  @Test("A wrong checksum is an error")
  func checksum() throws {
    for compressing in [false, true] {
      var bytes = try Self.bytes([("a", a)], compressing: compressing)
      let at = try #require(Self.directoryPosition(bytes))
      bytes[at + 16] ^= 1
      let error = thrownError { _ = try NumPyArchive(bytes: bytes)["a"] }
      #expect(error?.code == .malformed)
      #expect(error?.message.contains("checksum") == true)
    }
  }

  @Test("A changed byte of the data is never read without an error")
  func changedData() throws {
    let bytes = try Self.bytes([("b", b)])
    let start = 30 + "b.npy".utf8.count
    for position in start..<(start + 128 + 8) {
      var changed = bytes
      changed[position] ^= 4
      #expect(throws: ND2Error.self) { try NumPyArchive(bytes: changed)["b"] }
    }
  }

  @Test("Encrypted arrays and unknown methods are refused by what they are")
  func unsupported() throws {
    let bytes = try Self.bytes([("a", a)])
    let at = try #require(Self.directoryPosition(bytes))
    var encrypted = bytes
    encrypted[at + 8] |= 1
    let error = thrownError { _ = try NumPyArchive(bytes: encrypted)["a"] }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("encrypted") == true)
    var zstandard = bytes
    zstandard[at + 10] = 93
    let other = thrownError { _ = try NumPyArchive(bytes: zstandard)["a"] }
    #expect(other?.code == .unsupported)
    #expect(other?.message.contains("93") == true)
  }

  @Test("A size that cannot come out of the compressed bytes takes no memory")
  func bomb() throws {
    let bytes = try Self.bytes([("a", a)], compressing: true)
    let at = try #require(Self.directoryPosition(bytes))
    var bomb = bytes
    bomb.replaceSubrange((at + 24)..<(at + 28), with: [0xFE, 0xFF, 0xFF, 0xFF])
    let error = thrownError { _ = try NumPyArchive(bytes: bomb)["a"] }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("4294967294") == true)
  }

  @Test("A content of another size than its header tells is an error")
  func wrongSize() throws {
    for extra in [[UInt8](), [0, 0]] {
      let npy = extra.isEmpty ? Array(a.npyBytes.dropLast()) : a.npyBytes + extra
      for compressing in [false, true] {
        let sink = Collected()
        var writer = ZipWriter { sink.bytes.append(contentsOf: $0) }
        if compressing {
          try npy.withUnsafeBytes { _ = try writer.append(name: "a.npy", deflating: [], $0) }
        } else {
          try writer.append(name: "a.npy", byteCount: UInt64(npy.count)) { take in
            try npy.withUnsafeBytes(take)
          }
        }
        try writer.finish()
        let archive = try NumPyArchive(bytes: sink.bytes)
        #expect(thrownError { _ = try archive["a"] }?.code == .malformed)
      }
    }
  }

  @Test("Compressed data whose header has an odd size are read")
  func unaligned() throws {
    for padding in 0..<8 {
      let npy = NumPyBytes.file(
        ">u4", "(200,)", data: [UInt8](repeating: 3, count: 800), padding: padding)
      let sink = Collected()
      var writer = ZipWriter { sink.bytes.append(contentsOf: $0) }
      try npy.withUnsafeBytes { _ = try writer.append(name: "a.npy", deflating: [], $0) }
      try writer.finish()
      let array = try NumPyArchive(bytes: sink.bytes)["a"]
      #expect(array.as(UInt32.self)?.elements == [UInt32](repeating: 0x0303_0303, count: 200))
    }
  }

  @Test("What is no archive is refused")
  func noArchive() {
    for bytes in [[], [1, 2, 3], a.npyBytes, [UInt8](repeating: 0, count: 200_000)] {
      #expect(thrownError { _ = try NumPyArchive(bytes: bytes) }?.code == .malformed)
    }
  }

  @Test("Damaged archives never trap")
  func hostile() throws {
    let small = try NDArray([1, 1, 1, 1, 1, 1, 1, 1] as [UInt16], shape: [8]).erased
    func readAll(_ bytes: [UInt8]) {
      guard let archive = try? NumPyArchive(bytes: bytes) else { return }
      for name in archive.names { _ = try? archive[name] }
    }
    for (compressing, wideFrom) in [(false, UInt64(UInt32.max)), (true, 0), (false, 0)] {
      let bytes = try Self.bytes(
        [("a", small), ("b", small)], compressing: compressing, wideFrom: wideFrom)
      for changed in HostileBytes.prefixes(of: bytes) { readAll(changed) }
      for changed in HostileBytes.flips(of: bytes) { readAll(changed) }
      for changed in HostileBytes.numbers(of: bytes) { readAll(changed) }
    }
  }

  /// Where the directory of a small archive begins.
  private static func directoryPosition(_ bytes: [UInt8]) -> Int? {
    bytes.indices.dropLast(4).first { Array(bytes[$0..<($0 + 4)]) == [0x50, 0x4B, 1, 2] }
  }
}

extension AnyNDArray {
  /// Whether shape and elements are equal, whatever the names of the axes.
  fileprivate func elementsEqual(_ other: AnyNDArray) -> Bool {
    npyBytes == other.npyBytes
  }
}
