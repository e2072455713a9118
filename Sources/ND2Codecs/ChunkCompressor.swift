/// Compresses chunks one after the other. Not safe to share between threads: keep one for each.
///
/// The noise of cameras cannot be compressed, and high levels search it in vain: for six times as
/// long, where a few percent are gained. So, unless the level is asked for everywhere, it is used where a
/// sample of a chunk shows that it pays; other chunks are compressed by the fastest coder of the
/// format. A sample that becomes much smaller is not mostly noise, and does not tell what a search finds
/// further away: there the level is used. What a chunk becomes depends on nothing but the chunk.
package final class ChunkCompressor {
  /// Compresses at the level that is asked for; nil for bytes that stay as they are.
  private let thorough: BlockCoder?
  /// Faster ones, the fastest first.
  private let fast: [BlockCoder]
  private var output = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  /// A sample is a piece from the middle of about this share.
  private static let sampleShare = 32
  private static let sampleSizes = (16 << 10)...(64 << 10)
  /// Chunks below this size are compressed at the level at once.
  private static let leastSampled = 64 << 10
  /// The level pays when it saves more than this share of what the faster coder makes.
  private static let leastGain = 16
  /// Samples that become smaller than this share are not mostly noise.
  private static let leastNoise = 4

  /// Creates a compressor.
  ///
  /// - Parameter isLevelExact: whether the level is used for all chunks.
  /// - Throws: ``CodecError/unavailable`` when the library cannot set it up.
  package init(_ codec: ChunkCodec, isLevelExact: Bool = false) throws(CodecError) {
    switch codec {
    case .none: (thorough, fast) = (nil, [])
    case .zstd(let level):
      thorough = try BlockCoder(zstd: level)
      fast = isLevelExact || level <= 1 ? [] : [try BlockCoder(zstd: 1)]
    case .gzip(let level): (thorough, fast) = try Self.deflate(level, .gzip, isLevelExact)
    case .zlib(let level): (thorough, fast) = try Self.deflate(level, .zlib, isLevelExact)
    case .blosc(var blosc):
      thorough = try BlockCoder(blosc)
      let isFast = blosc.level <= 1 || !["zstd", "zlib"].contains(blosc.compressor)
      blosc.level = 1
      fast = isLevelExact || isFast ? [] : [try BlockCoder(blosc)]
    }
  }

  private static func deflate(
    _ level: Int, _ frame: BlockCoder.DeflateFrame, _ isLevelExact: Bool
  ) throws(CodecError) -> (BlockCoder, [BlockCoder]) {
    let thorough = try BlockCoder(deflate: level, in: frame)
    if isLevelExact || level < 1 { return (thorough, []) }
    let fastest = try BlockCoder(fastDeflateIn: frame)
    return (thorough, level == 1 ? [fastest] : [fastest, try BlockCoder(deflate: 1, in: frame)])
  }

  deinit { output.deallocate() }

  /// Compresses bytes; the result is valid until the next call.
  package func compress(
    _ input: UnsafeRawBufferPointer
  ) throws(CodecError) -> UnsafeRawBufferPointer {
    guard let thorough else { return input }
    if let coder = try coderThatDoes(for: input), let bytes = try run(coder, input) {
      return bytes
    }
    guard let bytes = try run(thorough, input) else { throw .unavailable }
    return bytes
  }

  /// The fastest coder that makes a sample nearly as small as the level does.
  private func coderThatDoes(for input: UnsafeRawBufferPointer) throws(CodecError) -> BlockCoder? {
    guard let thorough, !fast.isEmpty, input.count >= Self.leastSampled else { return nil }
    let size = min(
      max(input.count / Self.sampleShare, Self.sampleSizes.lowerBound), Self.sampleSizes.upperBound)
    // Begins where numbers of any size begin.
    let start = (input.count - size) / 2 / 64 * 64
    let sample = UnsafeRawBufferPointer(rebasing: input[start..<(start + size)])
    guard let least = try run(thorough, sample)?.count, least >= size / Self.leastNoise else {
      return nil
    }
    for coder in fast {
      guard let count = try run(coder, sample)?.count else { continue }
      if count - least <= count / Self.leastGain { return coder }
    }
    return nil
  }

  private func run(
    _ coder: BlockCoder, _ input: UnsafeRawBufferPointer
  ) throws(CodecError) -> UnsafeRawBufferPointer? {
    let bound = try coder.bound(input.count)
    if output.count < bound {
      output.deallocate()
      output = .allocate(byteCount: bound, alignment: 64)
    }
    return coder.compress(input, into: output).map { count in
      UnsafeRawBufferPointer(rebasing: output[..<count])
    }
  }
}
