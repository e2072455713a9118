import ND2
import ND2Codecs
import Testing

@testable import ND2Export

@Suite("Plans and documents of OME-Zarr stores")
struct ZarrStoreDocumentTests {
  private func plan(
    _ shape: [Int], _ type: SampleType = .uint16,
    _ change: (inout ZarrArrayPlan.Wishes) -> Void = { _ in }
  ) throws -> ZarrArrayPlan {
    var wishes = ZarrArrayPlan.Wishes()
    change(&wishes)
    return try ZarrArrayPlan(
      shape: shape, axes: [.t, .c, .z, .y, .x], type: type, wishes: wishes)
  }

  @Test("Levels halve rows and columns until both are at most 256")
  func levels() throws {
    let plan = try plan([3, 2, 5, 1100, 40])
    #expect(
      plan.levels.map(\.shape) == [
        [3, 2, 5, 1100, 40], [3, 2, 5, 550, 20], [3, 2, 5, 275, 10], [3, 2, 5, 137, 5],
      ])
    #expect(try self.plan([1, 1, 1, 200, 200]).levels.count == 1)
    #expect(try self.plan([1, 1, 1, 3, 1]) { $0.levelCount = 9 }.levels.map(\.height) == [3, 1])
    #expect(throws: ND2Error.self) { try self.plan([1, 1, 1, 3, 1]) { $0.levelCount = 0 } }
  }

  @Test("Chunks are planes or tiles of a plane, shards whole planes of about 64 MB")
  func sizes() throws {
    let large = try plan([10, 2, 100, 2048, 2048]) { $0.sharding = .automatic }.levels[0]
    #expect(large.chunk == [1, 1, 1, 1024, 1024])
    #expect(large.shard == [1, 1, 8, 2048, 2048])
    let small = try plan([10, 2, 3, 100, 100]) { $0.sharding = .automatic }.levels[0]
    #expect(small.shard == [10, 1, 3, 100, 100])
    let given = try plan([10, 2, 7, 100, 90]) {
      $0.chunkSizes = [.z: 2, .y: 64, .x: 500]
      $0.sharding = .sizes([.z: 3, .y: 64])
    }.levels[0]
    #expect(given.chunk == [1, 1, 2, 64, 90])
    #expect(given.shard == [1, 1, 4, 64, 90])
    #expect(given.chunkCounts == [10, 2, 4, 2, 1])
    #expect(try plan([1, 1, 1, 9, 9]) { $0.sharding = .automatic }.levels[0].shard == nil)
    #expect(throws: ND2Error.self) { try self.plan([1, 1, 1, 9, 9]) { $0.chunkSizes = [.z: 0] } }
    #expect(throws: ND2Error.self) {
      try self.plan([1, 1, 1, 9, 9]) { $0.chunkSizes = [.position: 1] }
    }
  }

  @Test("The index of a shard ends with its checksum")
  func shardIndex() {
    let bytes = ShardIndex.bytes([0, 5, .max, .max])
    #expect(bytes.count == 36)
    #expect(bytes[8] == 5)
    #expect(bytes[16..<32].allSatisfy { $0 == 0xFF })
  }

  @Test("Keys and codecs follow the version of Zarr")
  func keys() {
    let new = ZarrDocuments(version: .v0_5, compression: .gzip(level: 5))
    let old = ZarrDocuments(version: .v0_4, compression: .gzip(level: 5))
    #expect(new.key([1, 2, 3, 4, 5], axes: [.t, .y, .x]) == "c/1/4/5")
    #expect(old.key([1, 2, 3, 4, 5], axes: [.t, .y, .x]) == "1/4/5")
    #expect(new.codec(.uint16) == .gzip(level: 5))
    #expect(old.codec(.uint16) == .zlib(level: 5))
  }

  @Test("Pixels of lower levels lie between those that they are made of")
  func transformations() throws {
    let plan = try plan([2, 1, 3, 512, 512])
    var scale = ImageGroup.Scale()
    scale.timeMs = 100
    scale.z = 2
    scale.y = 0.5
    scale.x = 0.5
    let group = ImageGroup(plan: plan, version: .v0_5, name: "cells", scale: scale)
    let image = try #require(group.multiscales.value.elements.first)
    #expect(image["axes"]?.elements.map { $0["name"]?.string } == ["t", "c", "z", "y", "x"])
    #expect(
      image["axes"]?.elements.map { $0["unit"]?.string } == [
        "millisecond", nil, "micrometer", "micrometer", "micrometer",
      ])
    let levels = try #require(image["datasets"]).elements.map {
      $0["coordinateTransformations"]?.elements ?? []
    }
    #expect(levels[0].count == 1)
    #expect(
      levels[0][0]["scale"]?.elements.compactMap(\.double) == [100, 1, 2, 0.5, 0.5])
    #expect(levels[1][0]["scale"]?.elements.compactMap(\.double) == [100, 1, 2, 1, 1])
    #expect(
      levels[1][1]["translation"]?.elements.compactMap(\.double) == [0, 0, 0, 0.25, 0.25])
  }

  @Test("What is not known has the scale 1 and no unit")
  func unknownScale() throws {
    let plan = try plan([2, 1, 3, 9, 9])
    let group = ImageGroup(plan: plan, version: .v0_4, name: "cells", scale: .init())
    let image = try #require(group.multiscales.value.elements.first)
    #expect(image["version"]?.string == "0.4")
    #expect(image["axes"]?.elements.allSatisfy { $0["unit"] == nil } == true)
    let scale = image["datasets"]?.elements[0]["coordinateTransformations"]?.elements[0]["scale"]
    #expect(scale?.elements.compactMap(\.double) == [1, 1, 1, 1, 1])
  }

  @Test("Names of label groups have neither spaces nor parentheses nor slashes")
  func labelNames() {
    #expect(LabelGroup.name(0, "cells (new) a/b") == "label_0_cells_new_a_b")
  }

  @Test("Halving takes the mean, of labels the most frequent one")
  func halving() {
    var pixels: [UInt16] = [1, 2, 9, 3, 4, 9, 7, 7, 7]
    var mean: [UInt16] = [0]
    var label: [UInt16] = [0]
    func halve(_ target: inout [UInt16], isLabels: Bool) {
      pixels.withUnsafeMutableBytes { source in
        target.withUnsafeMutableBytes { target in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          PlaneHalving.halve(
            .init(base: from, width: 3, count: 3), into: .init(base: to, width: 1, count: 1),
            type: .uint16, isLabels: isLabels)
        }
      }
    }
    halve(&mean, isLabels: false)
    #expect(mean == [2])
    pixels = [5, 8, 0, 8, 6, 0, 0, 0, 0]
    halve(&label, isLabels: true)
    #expect(label == [8])
  }

  @Test("Most pixels lie in the window of contrast")
  func windows() throws {
    let window = try #require(ContrastSample.window((0..<10_000).map(Double.init)))
    #expect(window.start == 10)
    #expect(window.end == 9989)
    #expect(window.greatest == 9999)
    let flat = try #require(ContrastSample.window([4, 4, 4]))
    #expect(flat.end > flat.start)
    #expect(ContrastSample.window([]) == nil)
  }
}
