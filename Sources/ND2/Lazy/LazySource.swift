/// Where the elements of a lazy array come from.
protocol LazySource: Sendable {
  /// The axes with their sizes, outermost first.
  var sizes: AxisSizes { get }
  var sampleType: SampleType { get }
  /// Equal for sources that give the same elements.
  var identity: LazySourceIdentity { get }
  /// Whether a part of a frame costs no more than its own bytes: not so when frames are compressed
  /// or requests are dear.
  var isDivisible: Bool { get }
  /// How many reads shall be under way at a time; nil for one a core.
  var concurrency: Int? { get }

  /// Reads a box, dense and row-major, on the calling thread.
  ///
  /// - Parameters:
  ///   - box: one range for each axis, none of them empty.
  ///   - destination: memory of exactly its size; all of it is written.
  func read(_ box: [Range<Int>], into destination: UnsafeMutableRawBufferPointer) throws

  /// Reads a box, dense and row-major, with several threads of its own.
  func read(
    _ box: [Range<Int>], into destination: UnsafeMutableRawBufferPointer, threadCount: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws

  /// Checks that blocking reads are possible.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` when the source can only be awaited.
  func checkBlocking() throws

  /// Checks that the source can hold as many elements as a box has.
  ///
  /// - Throws: ``ND2Error/Code/limitExceeded``: nothing is done on the word of a damaged file.
  func check(_ box: [Range<Int>]) throws
}

/// Tells sources apart.
struct LazySourceIdentity: Hashable, Sendable {
  var object: ObjectIdentifier
  var order: ArraySelection.ComponentOrder
}
