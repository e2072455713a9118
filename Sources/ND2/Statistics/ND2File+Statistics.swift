extension ND2File {
  /// The distribution of the pixel values of each channel.
  ///
  /// Every pixel is read once for samples of 8 and 16 bits, twice for those of 32 bits, and four
  /// times for those of 64 bits; without percentiles always once. Memory does not grow with the file.
  /// Everything is exact but the mean and the standard deviation of wide samples, which are right to
  /// about 15 digits; the result does not depend on the number of threads.
  ///
  /// Frames that are missing, cut off or damaged are left out as a whole, counted, and reported in
  /// ``diagnostics``; they are errors with ``ReadingOptions/isStrict``.
  ///
  /// - Parameters:
  ///   - selection: which part of the file, its channels included.
  ///   - percentiles: percentages from 0 to 100.
  ///   - progress: told the share of the work that is done, from 0 to 1; never by two threads at once.
  /// - Returns: an element for each channel; for colour one for each of red, green and blue.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for a range outside its axis, a percentage outside
  ///   0 to 100, and when the file was opened asynchronously; ``ND2Error/Code/io`` when reading
  ///   fails; ``ND2Error/Code/limitExceeded`` when the file is far too small for what it promises.
  public func channelStatistics(
    _ selection: ArraySelection = .all,
    percentiles: [Double] = ChannelStatistics.usualPercentiles,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> [ChannelStatistics] {
    try located {
      _ = try access.blocking
      return try StatisticsComputation(
        self, selection, percentiles: percentiles, CancellationFlag()
      ).run(progress: progress)
    }
  }

  /// The distribution of the pixel values of each channel; see the blocking form.
  ///
  /// Cancelling the task ends the work between two pieces of a frame with `CancellationError`.
  public func channelStatistics(
    _ selection: ArraySelection = .all,
    percentiles: [Double] = ChannelStatistics.usualPercentiles,
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> [ChannelStatistics] {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await Offload.run {
        try self.located {
          try StatisticsComputation(self, selection, percentiles: percentiles, flag)
            .run(progress: progress)
        }
      }
    } onCancel: {
      flag.set()
    }
  }
}
