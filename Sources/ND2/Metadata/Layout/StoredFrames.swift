/// How many frames a file says to have, and has.
package struct StoredFrames: Sendable, Hashable {
  /// Number of frames that have a chunk.
  package var storedCount: Int
  /// One more than the highest index that has a chunk.
  package var upperBound: Int
  /// Number of frames that the attributes name.
  package var sequenceCount: Int

  package init(storedCount: Int, upperBound: Int, sequenceCount: Int) {
    self.storedCount = max(0, storedCount)
    self.upperBound = max(0, upperBound)
    self.sequenceCount = max(0, sequenceCount)
  }

  /// Frames to show when no loop says how many there are: those that are stored, at least one.
  ///
  /// A few indices far beyond the others, which only damage makes, are left out.
  var unloopedCount: Int {
    let dense = storedCount > Int.max / 4 - 4096 ? Int.max : storedCount * 4 + 4096
    return max(1, upperBound <= dense ? upperBound : min(storedCount, upperBound))
  }
}
