import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2

@Suite("Computing from files far away")
struct RemoteComputationTests {
  private let sample = SampleFile(
    width: 64, height: 40, loops: [.time(count: 2), .zStack(count: 20)])
  private let frameByteCount = 64 * 40 * 2

  private func open() async throws -> (source: DistantSource, far: ND2File, near: ND2File) {
    let bytes = try sample.source()
    let source = DistantSource(bytes)
    return (source, try await ND2File(reading: source), try ND2File(reading: bytes))
  }

  @Test("Projections and arithmetic have many frames under way, each read once")
  func compute() async throws {
    let (source, far, near) = try await open()
    source.begin { $0.companions = 16 }
    let projection = try await far.lazyArray().max(over: .z, .time).compute()
    #expect(source.mostAtOnce >= 16 && source.readsOnce)
    #expect(try await projection == near.lazyArray().max(over: .z, .time).compute())
    source.begin { $0.companions = 16 }
    let sum = try await (far.lazyArray() + 1).compute()
    #expect(source.mostAtOnce >= 16 && source.readsOnce)
    #expect(try await sum == (near.lazyArray() + 1).compute())
  }

  @Test("Blocks have many frames under way, also when there is only one of them")
  func blocks() async throws {
    let (source, far, near) = try await open()
    source.begin { $0.companions = 16 }
    var count = 0
    for try await _ in far.lazyArray().blocks() { count += 1 }
    #expect(count == 40 && source.mostAtOnce >= 16 && source.readsOnce)
    source.begin { $0.companions = 16 }
    let truth = try await near.lazyArray().mean(over: .z, .time).compute()
    for try await block in try far.lazyArray().mean(over: .z, .time).blocks() {
      #expect(block.array == truth)
    }
    #expect(source.mostAtOnce >= 16 && source.readsOnce)
  }

  @Test("Frames under way take no more than the memory that a computation may use")
  func memory() async throws {
    let (source, far, _) = try await open()
    let threads = BlockPlanner.threadCount(
      LazyGraph(try far.lazyArray().max(over: .z).node), wanted: 64,
      memoryByteCount: 100 * frameByteCount)
    #expect(threads > 16 && threads <= 64)
    let few = BlockPlanner.threadCount(
      LazyGraph(try far.lazyArray().max(over: .z).node), wanted: 64, memoryByteCount: 1)
    #expect(few == max(2, WorkerTeam.coreCount))
    source.begin()
    _ = try await far.lazyArray().max(over: .z).compute()
    #expect(source.readsOnce)
  }

  @Test("Statistics have many frames under way, as far as memory allows")
  func statistics() async throws {
    let (source, far, near) = try await open()
    source.begin { $0.companions = 16 }
    let statistics = try await far.channelStatistics()
    #expect(source.mostAtOnce >= 16)
    #expect(try await statistics == near.channelStatistics())
    let walk = FrameWalk(far, try far.geometry.resolve(.all), CancellationFlag())
    #expect(walk.threadCount(memoryPerThread: 1000, limit: 20 * (frameByteCount + 1000)) == 20)
    #expect(walk.threadCount(memoryPerThread: 1000, limit: 5000) == 2)
  }
}
