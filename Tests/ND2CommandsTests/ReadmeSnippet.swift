import ND2

/// The library snippets of the README, so that the compiler sees it; ``ReadmeTests`` compares both.
enum ReadmeSnippet {
  static func run() throws {
    // BEGIN
    let file = try ND2File(path: "cells.nd2")
    print(file.sizes)  // T 3 × Z 10 × C 2 × Y 512 × X 512
    print(file.voxelSize)  // micrometres
    for channel in file.metadata.channels {
      print(channel.channel.name, channel.channel.emissionLambdaNm ?? .nan)
    }

    let stack = try file.read(ArraySelection(.time, 0).with(.channel, 1))
    print(stack.shape, stack.sampleType)  // [1, 10, 1, 512, 512] uint16
    stack.as(UInt16.self)?.withUnsafeElements { pixels in
      print(pixels.max() ?? 0)
    }

    for diagnostic in file.diagnostics { print(diagnostic) }
    // END
  }

  static func runArrays(_ file: ND2File) throws {
    // BEGIN ARRAYS
    let cells = try imread("cells.nd2", lazy: .frames, labeled: .squeezed)
    let gfp = try cells.sel(.channel, "GFP").sel(.z, 1.0...3.0)  // by name, by µm
    let projection = try gfp.max(over: .z).compute()
    try projection.values.write(npy: "projection.npy")

    let stack = file.lazyArray()  // reads nothing, however large the file is
    let change = try (stack - stack.mean(over: .time))[.y, 0..<100]
    let result = try change.compute()  // reads these rows, on all cores, each once
    // END
    _ = result
  }
}
