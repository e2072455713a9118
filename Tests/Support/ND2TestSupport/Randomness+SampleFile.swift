import ND2
package import ND2Writer

extension Randomness {
  /// A small sound file at random: number format, size, channels, loops, padding, compression.
  package mutating func sampleFile() -> SampleFile {
    let types = SampleType.allCases
    var file = SampleFile(
      version: oneIn(4) ? .v2_1 : .v3_0, width: int(1..<40), height: int(1..<20),
      sampleType: types[int(0..<types.count)],
      channels: (0..<int(1..<5)).map { SampleFile.Channel("channel \($0)") })
    // XML attributes do not tell signed from unsigned numbers, nor real from whole ones.
    if file.version.major == 2 { file.sampleType = [.uint8, .uint16, .float32][int(0..<3)] }
    if oneIn(4) { file.channels = [.rgb()] }
    var kinds: [SampleFile.Loop] = [
      .time(count: int(1..<4)), .positions(count: int(1..<4)), .zStack(count: int(1..<4)),
    ]
    while !kinds.isEmpty, !oneIn(3) { file.loops.append(kinds.remove(at: int(0..<kinds.count))) }
    if oneIn(3) { file.storage.compression = .lossless }
    if oneIn(3) { file.storage.rowByteCount = file.rowByteCount + int(0..<40) }
    return file
  }
}
