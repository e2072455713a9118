import ND2FuzzTargets
import ND2TestSupport
import Testing

/// What fuzzing found once, and what it starts from, given to its targets again.
@Suite("Inputs of the fuzzing targets")
struct FuzzCaseTests {
  /// `Cases/TARGET/…` beside this file.
  private static let folder: String = {
    let parts = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false)
    return (parts.dropLast() + ["Cases"]).joined(separator: "/")
  }()

  @Test("Past findings do no harm any more", arguments: FuzzTarget.allCases)
  func cases(of target: FuzzTarget) throws {
    let folder = "\(Self.folder)/\(target.rawValue)"
    for name in TemporaryDirectory.names(in: folder) {
      target.run(try TemporaryDirectory.readFile("\(folder)/\(name)"))
    }
  }

  @Test("Every folder of findings is that of a target")
  func folders() {
    for name in TemporaryDirectory.names(in: Self.folder) {
      #expect(FuzzTarget(rawValue: name) != nil, "\(name)")
    }
  }

  /// Without the package trait there are no legacy files.
  private static var targets: [FuzzTarget] {
    #if JPEG2000
      FuzzTarget.allCases
    #else
      FuzzTarget.allCases.filter { ![.boxes, .legacyDocuments, .jpeg2000].contains($0) }
    #endif
  }

  @Test("Every target has seeds, and takes them cut and changed", arguments: targets)
  func seeds(of target: FuzzTarget) throws {
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    var random = Randomness(seed: 7)
    for seed in seeds.prefix(12) {
      target.run(seed)
      guard !seed.isEmpty else { continue }
      target.run(Array(seed.prefix(random.int(0..<seed.count))))
      var changed = seed
      for _ in 0..<3 { changed[random.int(0..<seed.count)] = UInt8(random.int(0..<256)) }
      target.run(changed)
    }
  }
}
