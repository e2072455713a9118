import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Pictures of files far away")
struct RemotePictureTests {
  private static let sample = SampleFile(
    width: 64, height: 40, channels: [.init("a"), .init("b")],
    loops: [.time(count: 12), .zStack(count: 2)])

  private func open() throws -> (source: DistantSource, far: ND2File, near: ND2File) {
    let bytes = try Self.sample.source()
    let source = DistantSource(bytes)
    let file = try ND2File(reading: BlockingSource(source))
    source.begin()
    return (source, file, try ND2File(reading: bytes))
  }

  private func sequence(
    _ file: ND2File, _ pattern: String, _ view: PictureView = PictureView(),
    style: PictureStyle = PictureStyle(), isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [String: [UInt8]] {
    var renderer = PictureRenderer(file, style: style)
    renderer.isCancelled = isCancelled
    let sequence = try PictureSequence(
      renderer, pattern: FileNamePattern(pattern), view: view, title: "a")
    var written: [String: [UInt8]] = [:]
    try sequence.write { picture, _ in
      picture.bytes
    } to: {
      written[$0] = $1
    }
    return written
  }

  @Test("A sequence has many frames under way, and the pictures are those of a local file")
  func sequences() throws {
    let (source, far, near) = try open()
    // Without a contrast that has to be found first, every frame is read once.
    var style = PictureStyle()
    style.appearance.contrast = .fullScale
    source.begin { $0.companions = 16 }
    let pictures = try sequence(far, "{t:2}{z}.png", style: style)
    #expect(pictures.count == 24 && source.mostAtOnce >= 16)
    #expect(source.readsOnce && source.byteCount == 24 * 64 * 40 * 4)
    #expect(try sequence(near, "{t:2}{z}.png", style: style) == pictures)
    // A file for each channel, and a contrast for all.
    source.begin { $0.companions = 8 }
    let channels = try sequence(far, "{t:2}{z}{c}.png")
    #expect(channels.count == 48 && source.mostAtOnce >= 8)
    #expect(try sequence(near, "{t:2}{z}{c}.png") == channels)
  }

  @Test("Projections have many frames under way") func projections() throws {
    let (source, far, near) = try open()
    var view = PictureView()
    (view.reduction, view.projectedAxes) = (.max, [.time])
    source.begin { $0.companions = 10 }
    let pictures = try sequence(far, "{z}.png", view)
    #expect(pictures.count == 2 && source.mostAtOnce >= 10)
    #expect(try sequence(near, "{z}.png", view) == pictures)
  }

  @Test("Projections of reduced frames have many frames under way")
  func projectionsOfLevels() throws {
    let (source, far, near) = try open()
    var view = PictureView()
    (view.reduction, view.projectedAxes, view.level) = (.mean, [.time], 1)
    source.begin { $0.companions = 8 }
    let pictures = try sequence(far, "{z}.png", view)
    #expect(pictures.count == 2 && source.mostAtOnce >= 8)
    #expect(try sequence(near, "{z}.png", view) == pictures)
  }

  @Test("Animations and montages have many frames under way") func series() throws {
    let (source, far, near) = try open()
    func animation(_ file: ND2File) throws -> [UInt8] {
      var bytes: [UInt8] = []
      try PictureRenderer(file).writeAnimation(of: PictureView().along(.time, of: file)) {
        bytes += $0
      }
      return bytes
    }
    func montage(_ file: ND2File) throws -> [UInt8] {
      try PictureRenderer(file).montage(of: PictureView().along(.time, of: file)).bytes
    }
    source.begin { $0.companions = 6 }
    #expect(try animation(far) == animation(near))
    #expect(source.mostAtOnce >= 6)
    source.begin { $0.companions = 6 }
    #expect(try montage(far) == montage(near))
    #expect(source.mostAtOnce >= 6)
  }

  @Test("A sequence is cancelled while all it does is wait") func cancelled() throws {
    let (source, far, _) = try open()
    var style = PictureStyle()
    style.appearance.contrast = .fullScale
    source.begin { $0.isStuck = true }
    #expect(throws: CancellationError.self) {
      try sequence(far, "{t:2}{z}.png", style: style) { source.now >= 16 }
    }
    #expect(source.now == 0)
  }
}
