import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Commands

/// The same rows as `python -m nd2.index`, except where the differences are deliberate.
@Suite(
  "nd2 index beside nd2.index",
  .enabled(if: PeerPython.isPresent, "needs the programs of scripts/setup-peers"))
struct IndexPeerTests {
  /// The columns that differ, by file; nil for files that the peer refuses.
  private func differences(in folder: String) throws -> (byFile: [String: [String]?], last: String)
  {
    let place = try TemporaryFolder()
    let rows = place.path("rows.json")
    _ = CommandRun("index", folder, "-g", "*.nd2", "-f", "json", "-q", "-o", rows)
    let outcome = try #require(PeerPython.shared).run(
      script: "compare_index.py", arguments: [rows, folder])
    #expect(outcome.status == 0, "\(outcome.output)")
    var found: [String: [String]?] = [:]
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in lines.dropLast() where line.hasPrefix("[") {
      let pair = try JSONParser.parse(Array(line.utf8)).elements
      let name = try #require(pair.first?.string)
      let columns = pair.last?.members.map(\.name) ?? []
      found[name] = .some(columns == ["peer fails"] ? nil : columns)
    }
    return (found, lines.last ?? "")
  }

  @Test("Made files of all kinds have the same rows")
  func madeFiles() throws {
    let folder = try TemporaryDirectory()
    for (name, sample) in Gallery.all where name != "pyramid" {
      _ = try folder.write(try sample.bytes(), as: "\(name).nd2")
    }
    let (byFile, last) = try differences(in: folder.path)
    for (name, columns) in byFile {
      // The peer does not read dates of old files and raster masks, and takes all 32-bit and signed
      // pixels for something else.
      guard let columns else { continue }
      #expect(Set(columns).isSubset(of: ["acquired", "binary", "dtype"]), "\(name): \(columns)")
    }
    #expect(byFile.count < Gallery.all.count / 2, "\(last)")
  }

  @Test(
    "The collection of samples has the same rows, but for known differences",
    .enabled(if: SampleCollection.isPresent, "needs the collection of samples"))
  func samples() throws {
    let (byFile, last) = try differences(in: try #require(SampleCollection.directory))
    for (name, columns) in byFile {
      switch (name.prefix(3), columns) {
      // Damaged files, and one that its legacy reader trips over.
      case ("bad", nil), ("v1_", nil): continue
      // The date of old files is a text, which the peer leaves out.
      case ("v1_", ["acquired"]): continue
      // Masks as rasters; whole numbers of 32 bits, and with a sign.
      case (_, ["binary"]): #expect(name == "v3_binary_raster.nd2")
      case (_, ["dtype"]): #expect(["v3_i16.nd2", "v3_u32.nd2"].contains(name))
      default: Issue.record("\(name): \(columns ?? ["peer fails"])")
      }
    }
    #expect(byFile.count <= 10, "\(last)")
  }
}
