import ND2Format
import ND2Writer
import Testing

@Suite("Tree building")
struct TreeBuildingTests {
  @Test("Values are set, added and removed by paths")
  func paths() {
    var tree = MetadataValue.object(["a": .object(["b": .int32(1)]), "l": .list([.int32(5)])])
    tree.set("a/b", .int32(2))
    tree.set("a/c/d", .int32(3))
    tree.set("l/0", .int32(6))
    #expect(
      tree
        == .object([
          "a": .object(["b": .int32(2), "c": .object(["d": .int32(3)])]),
          "l": .list([.int32(6)]),
        ]))
    tree.remove("a/c")
    tree.remove("a/x")
    tree.remove("l")
    #expect(tree == .object(["a": .object(["b": .int32(2)])]))
    tree.update("a/b") { $0 = .int32(($0.int32 ?? 0) + 40) }
    #expect(tree["a"]?["b"] == .int32(42))
  }

  @Test("Children are numbered, with zeros in front on request")
  func numbers() {
    #expect(
      MetadataValue.numbered("_", (0..<11).map { .int32($0) }, digits: 2).fields.map(\.name)
        == ["_00", "_01", "_02", "_03", "_04", "_05", "_06", "_07", "_08", "_09", "_10"])
  }
}

extension MetadataValue {
  /// The number of a 32-bit integer.
  fileprivate var int32: Int32? {
    if case .int32(let value) = self { return value }
    return nil
  }
}
