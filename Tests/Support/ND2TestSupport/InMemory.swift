package import ND2
package import ND2Writer

extension SampleFile {
  /// The file in memory, ready to be opened.
  package func source(with damage: Damage...) throws -> MemorySource {
    MemorySource(damage.reduce(try bytes()) { $1.applied(to: $0) }, name: "test.nd2")
  }
}
