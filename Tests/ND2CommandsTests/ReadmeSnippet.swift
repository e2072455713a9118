import ND2

/// The library snippet of the README, so that the compiler sees it; ``ReadmeTests`` compares both.
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
}
