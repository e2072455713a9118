import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("What a small file can ask for")
struct LimitTests {
  @Test("Everything but the pixels of a hostile file fits into the memory that is promised")
  func memory() throws {
    // Sanitizers have memory of their own, which counts as well.
    guard let probe = Probe.path, getenv("ND2_SANITIZED") == nil else { return }
    let directory = try TemporaryDirectory()
    for hostile in try HostileFile.all() {
      let path = try directory.write(hostile.bytes, as: "hostile.nd2")
      let (bytes, seconds) = try #require(Probe.run(probe, path, directory), "\(hostile.name)")
      let budget = ParsingLimits.memoryBudget(forByteCount: UInt64(hostile.bytes.count))
      #expect(UInt64(bytes) <= budget, "\(hostile.name): \(bytes) bytes, \(seconds) s")
      // The rule is 2 s and 1 s for each megabyte; machines that run tests are busy.
      let rule = 2 + Double(hostile.bytes.count) / 1e6
      #expect(seconds <= rule * 20, "\(hostile.name): \(seconds) s")
      // A folder that keeps the files, and the numbers.
      if let folder = getenv("ND2_SHOW_LIMITS").map({ String(cString: $0) }) {
        print(
          "limits\t\(hostile.name)\t\(hostile.bytes.count)\t\(bytes)\t\(budget)\t\(seconds)")
        _ = system("cp '\(path)' '\(folder)/\(hostile.name).nd2'")
      }
    }
  }

  @Test("The budget is 64 MB and 32 times the size of the file")
  func budget() {
    #expect(ParsingLimits.memoryBudget(forByteCount: 0) == 64 << 20)
    #expect(ParsingLimits.memoryBudget(forByteCount: 1000) == 64 << 20 + 32_000)
    #expect(ParsingLimits.memoryBudget(forByteCount: .max) == .max)
  }

  @Test("Limits are narrowed to the size of a file, unless that is switched off")
  func narrowing() throws {
    var sample = SampleFile(width: 8, height: 8)
    sample.customChunks = [
      .init("CustomDataVar|Many!", LiteVariantEncoder.encode(.object([:])))
    ]
    let bytes = try sample.bytes()
    var options = ReadingOptions()
    #expect(
      try ND2File(reading: MemorySource(bytes), options: options).options.limits.itemCount
        < ParsingLimits.standard.itemCount)
    options.limits.fitsFileSize = false
    #expect(
      try ND2File(reading: MemorySource(bytes), options: options).options.limits == options.limits)
  }

  @Test("A limit that is met is named")
  func named() throws {
    let items = (0..<3000).map { _ in MetadataField("", .bool(true)) }
    var sample = SampleFile(width: 8, height: 8)
    sample.customChunks = [
      .init(
        "CustomDataVar|Many!", LiteVariantEncoder.encode(.object(["Many": .level(items)])))
    ]
    var options = ReadingOptions()
    options.limits.itemCount = 2000
    let file = try ND2File(reading: MemorySource(try sample.bytes()), options: options)
    _ = try file.customData()
    #expect(file.diagnostics.contains { $0.message.contains("itemCount") })
  }

  @Test("Phases within phases are visited once or twice, not twice for every level")
  func phases() throws {
    var tree = MetadataValue.object([
      "eType": .uint32(1), "uLoopPars": .object(["uiCount": .uint32(2)]),
    ])
    for _ in 0..<40 {
      tree = .object([
        "eType": .uint32(8),
        "uLoopPars": .object([
          "pPeriod": .object(["a0": .object(["uiCount": .uint32(2)])]),
          "pSubLoops": .object(["a0": .object(["ppNextLevelEx": .object(["a0": tree])])]),
        ]),
      ])
    }
    var log = DiagnosticLog()
    let plan = ExperimentDecoder.decode(
      .object(["SLxExperiment": tree]), frameCount: 10, log: &log)
    #expect(!plan.loops.isEmpty)
  }

  @Test("Chunks that overlap are read as far as a file can have bytes, and reported")
  func overlap() throws {
    let hostile = try #require(HostileFile.all().first { $0.name == "chunks that overlap" })
    let file = try ND2File(reading: MemorySource(hostile.bytes))
    _ = try file.customData()
    #expect(file.diagnostics.contains { $0.message.contains("overlap") })
  }

  @Test("Byte arrays that would be long lists of numbers are text")
  func byteArrays() throws {
    var sample = SampleFile(width: 8, height: 8)
    let large = [UInt8](repeating: 7, count: 3 << 20)
    sample.customChunks = [
      .init(
        "CustomDataVar|Large!",
        try LiteVariantEncoder.compress(
          LiteVariantEncoder.encode(
            .object(["Large": .object(["baSmall": .bytes([1, 2]), "baLarge": .bytes(large)])]))))
    ]
    let file = try ND2File(reading: MemorySource(try sample.bytes()))
    let shown = try file.customData()["Large"]?["Large"]
    #expect(shown?["Small"] == [1, 2])
    #expect(shown?["Large"]?.string?.utf8.count == 4 << 20)
    #expect(file.diagnostics.contains { $0.message.contains("base64") })
  }
}

/// The program that measures in a process of its own; built beside the tests.
private enum Probe {
  static var path: String? {
    #if os(Linux)
      var path = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/exe", &path, path.count - 1)
      guard count > 0 else { return nil }
      let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let probe = folder.joined(separator: "/") + "/nd2-memory-probe"
      return access(probe, X_OK) == 0 ? probe : nil
    #else
      return nil
    #endif
  }

  static func run(
    _ program: String, _ file: String, _ directory: TemporaryDirectory
  ) -> (bytes: Int, seconds: Double)? {
    let output = directory.file("output")
    guard system("'\(program)' '\(file)' > '\(output)'") == 0,
      let text = try? TemporaryDirectory.readFile(output)
    else { return nil }
    let words = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count == 2, let bytes = Int(words[0]), let seconds = Double(words[1]) else {
      return nil
    }
    return (bytes, seconds)
  }
}
