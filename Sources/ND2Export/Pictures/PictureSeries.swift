import ND2

extension PictureRenderer {
  /// Writes an animated PNG of several views, picture by picture, with one contrast for all.
  ///
  /// Pictures are made on all cores, a few at a time, and have 8 bits. Cancelling the task ends the
  /// work between two pictures with `CancellationError`.
  ///
  /// - Parameters:
  ///   - views: what the pictures show, in order.
  ///   - options: how it plays.
  ///   - encoder: compression and notes.
  ///   - progress: told the share of the work that is done, from 0 to 1.
  ///   - write: gets the bytes of the file, in order.
  /// - Throws: `ND2Error.Code.invalidRequest` when there are no views or the delay does not fit,
  ///   the errors of reading, and what `write` throws.
  public func writeAnimation(
    of views: [PictureView], options: AnimationOptions = AnimationOptions(),
    encoder: PNGEncoder = PNGEncoder(), progress: ((Double) -> Void)? = nil,
    write: ([UInt8]) throws -> Void
  ) throws {
    guard let firstView = views.first else {
      throw ND2Error(.invalidRequest, "an animation needs a picture")
    }
    var renderer = try withCommonContrast(for: views)
    renderer.style.depth = 8
    renderer = renderer.readingAhead(views)
    defer { renderer.supply?.stop() }
    let first = try renderer.picture(of: firstView)
    var encoder = encoder
    if encoder.pixelSize == nil { encoder.pixelSize = pixelSize(of: firstView, first) }
    var animation = try PNGAnimation(
      frameCount: views.count, width: first.width, height: first.height, layout: first.layout,
      options: options, encoder: encoder)
    try write(animation.head())
    try write(animation.frame(animation.compressed(first)))
    progress?(1 / Double(views.count))
    let plan = animation
    var single = renderer
    single.threadCount = 1
    let maker = single
    let rest = Array(views.dropFirst())
    try renderer.forEach(rest, like: first) { index in
      try plan.compressed(maker.picture(of: rest[index]).converted(to: first.layout))
    } take: { index, data in
      try write(animation.frame(data))
      progress?(Double(index + 2) / Double(views.count))
    }
    try write(PNGEncoder.end)
  }

  /// Makes files of pictures on all cores, a few at a time, and hands them over in order.
  ///
  /// - Parameters:
  ///   - views: what they show.
  ///   - sample: a picture of the size that is expected, by which memory is bounded.
  ///   - make: makes one of them, on any thread.
  ///   - take: gets them on the caller's thread.
  func forEach(
    _ views: [PictureView], like sample: Picture?,
    make: @escaping @Sendable (Int) throws -> [UInt8],
    take: (Int, [UInt8]) throws -> Void
  ) throws {
    let pixelCount = (file.sizes[.y] ?? 1) * (file.sizes[.x] ?? 1)
    let frameByteCount =
      pixelCount * (file.sampleType.byteCount * max(1, file.channelLayout.componentCount) + 6)
      + 2 * (sample?.bytes.count ?? 0)
    // Of a file far away there are frames that are read ahead as well.
    let memoryByteCount = Self.memoryByteCount / (file.isRemote ? 2 : 1)
    let most = max(1, memoryByteCount / max(1, frameByteCount))
    // Frames far away that are not read ahead are read by the threads, each waiting for its own.
    let isWaiting =
      file.isRemote
      && views.allSatisfy { $0.reduction == nil && ($0.level > 0 || $0.frame != nil) }
    let usual = threadCount ?? WorkerTeam.coreCount
    let wanted = isWaiting ? max(usual, file.options.maxConcurrency) : usual
    let threads = max(1, min(wanted, most))
    let count = views.count
    for start in stride(from: 0, to: count, by: threads) {
      try Task.checkCancellation()
      let batch = min(threads, count - start)
      let results = BatchResults()
      let queue = WorkQueue(count: batch)
      WorkerTeam.run(count: batch) { _ in
        while let index = queue.take() {
          do {
            results.keep(try make(start + index), at: index)
          } catch {
            queue.fail(error)
          }
        }
      }
      try queue.finish()
      for index in 0..<batch { try take(start + index, results.take(index)) }
    }
  }

  /// Bytes that pictures in the making may take together.
  private static let memoryByteCount = 192 << 20
}

/// What the threads of a batch made.
private final class BatchResults: Sendable {
  private let made = Lock<[Int: [UInt8]]>([:])

  func keep(_ bytes: [UInt8], at index: Int) { made.withLock { $0[index] = bytes } }
  func take(_ index: Int) -> [UInt8] { made.withLock { $0.removeValue(forKey: index) } ?? [] }
}
