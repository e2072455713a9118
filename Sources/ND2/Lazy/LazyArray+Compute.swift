/// How a lazy array is computed.
public struct ComputeOptions: Hashable, Sendable {
  /// Threads that work side by side; nil for one a core, or as many as the file's options allow
  /// requests at a time where the file is read asynchronously.
  public var threadCount: Int?
  /// Memory that may be used beside the result, in bytes, as far as the chunks allow it.
  ///
  /// A single compressed frame, or a block that must be there as a whole, may be larger.
  public var memoryByteCount = 256 << 20

  /// Creates options with the defaults.
  public init(threadCount: Int? = nil, memoryByteCount: Int = 256 << 20) {
    self.threadCount = threadCount
    self.memoryByteCount = memoryByteCount
  }
}

extension LazyArray {
  /// Reads and computes the array.
  ///
  /// The work is done block by block on all cores. What is needed on several ways, such as a channel
  /// in two quotients, is read once while memory suffices.
  ///
  /// - Parameters:
  ///   - options: threads and memory.
  ///   - progress: told the share of the work that is done, from 0 to 1; never by two threads at once.
  /// - Throws: ``ND2Error``: those of reading, ``ND2Error/Code/limitExceeded`` when the result does
  ///   not fit into memory, ``ND2Error/Code/invalidRequest`` when a file was opened asynchronously.
  public func compute(
    _ options: ComputeOptions = ComputeOptions(), progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> AnyNDArray {
    try LazyComputation(node, options: options, cancellation: CancellationFlag(), mayAwait: false)
      .run(progress: progress)
  }

  /// Reads and computes the array; see the blocking form.
  ///
  /// Cancelling the task ends the work between two steps with `CancellationError`.
  public func compute(
    _ options: ComputeOptions = ComputeOptions(), progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> AnyNDArray {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await Offload.run {
        try LazyComputation(node, options: options, cancellation: flag, mayAwait: true)
          .run(progress: progress)
      }
    } onCancel: {
      flag.set()
    }
  }
}
