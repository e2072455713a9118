import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 convert when the disk is full or a signal comes")
struct ConvertFailureTests {
  /// What a conversion of pixels without pattern into each format takes.
  static let outputs = [
    "out.npy", "out.npz", "out.raw", "out.tif", "out.ome.tif --compression zstd",
    "out.zarr --zarr-compression none --shards none", "out.zarr", "out.nd2",
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 600, height: 500, loops: [.time(count: 4)])
    // Noise, which no compression makes small.
    sample.pixels = .computed { place in
      let number = UInt64((place.frame * 500 + place.y) * 600 + place.x)
      return Double(SplitMix64.mix(number) >> 48)
    }
    _ = try folder.save(sample)
    return folder
  }

  @Test(
    "Files that may not grow: a clear error, nothing left, what is there stays",
    .enabled(if: CommandProcess.path != nil), arguments: outputs)
  func limited(output: String) throws {
    let folder = try folder()
    for overwrite in ["", " --overwrite"] {
      if !overwrite.isEmpty, !output.contains("zarr") {
        try folder.write([7], to: String(output.prefix { $0 != " " }))
      }
      let before = folder.names()
      let (status, text) = CommandProcess.shell(
        "cd '\(folder.root)' && ( ulimit -f 128; exec \"$ND2\" convert sample.nd2 \(output)\(overwrite) )"
      )
      #expect(status == 1, "\(text)")
      #expect(text.contains("cannot write"), "\(text)")
      #expect(folder.names() == before, "\(folder.names())")
    }
    if !output.contains("zarr") {
      #expect(try folder.bytes(String(output.prefix { $0 != " " })) == [7])
    }
  }

  @Test("A sequence of pictures leaves nothing either", .enabled(if: CommandProcess.path != nil))
  func pictures() throws {
    let folder = try folder()
    let (status, text) = CommandProcess.shell(
      "cd '\(folder.root)' && ( ulimit -f 16; exec \"$ND2\" sequence sample.nd2 pictures )")
    #expect(status == 1, "\(text)")
    #expect(folder.names() == ["sample.nd2"])
  }

  @Test(
    "A small file system that is full is a clear error", .enabled(if: CommandProcess.path != nil),
    arguments: outputs + ["sequence"])
  func full(output: String) throws {
    let folder = try folder()
    let verb =
      output == "sequence"
      ? "sequence sample.nd2 small/pictures" : "convert sample.nd2 small/\(output)"
    let (_, text) = CommandProcess.shell(
      """
      cd '\(folder.root)' && mkdir small && unshare -m sh -c '
      mount -t tmpfs -o size=300k none small || { echo skipped; exit 0; }
      "$0" \(verb); echo "status $?"; echo "left $(ls -A small | wc -l)"' "$ND2" || echo skipped
      """)
    if text.contains("skipped") { return }
    #expect(text.contains("status 1"), "\(text)")
    #expect(text.contains("left 0"), "\(text)")
    #expect(text.contains("space") || text.contains("free"), "\(text)")
  }

  @Test(
    "Signals leave nothing, and the shell sees them", .enabled(if: CommandProcess.path != nil),
    arguments: [("INT", 130), ("TERM", 143)],
    [
      "convert big.nd2 out.ome.tif --compression zstd:19",
      "convert big.nd2 out.zarr --zarr-level 19",
      "sequence big.nd2 pictures", "convert in out --to ome-tiff --compression zstd:19",
    ])
  func signals(signal: (name: String, status: Int32), arguments: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.save(
      SampleFile(width: 700, height: 600, loops: [.time(count: 60)]), as: "big.nd2")
    let (status, text) = CommandProcess.shell(
      """
      cd '\(folder.root)' && mkdir in && mv big.nd2 in/ && ln in/big.nd2 big.nd2
      command -v bash >/dev/null || { echo skipped; exit; }
      # With job control, a shell lets its children hear SIGINT. The signal comes once the output
      # is begun.
      ND2="$ND2" bash -c 'set -m
      "$ND2" \(arguments) & job=$!
      while kill -0 $job 2>/dev/null && [ "$(ls -A | wc -l)" -le 2 ]; do sleep 0.01; done
      kill -\(signal.name) $job; wait $job'
      """)
    if text.contains("skipped") { return }
    #expect(status == signal.status, "\(text)")
    #expect(folder.names() == ["big.nd2", "in"], "\(folder.names()) \(text)")
  }
}
