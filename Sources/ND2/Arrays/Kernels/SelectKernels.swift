/// Elements by their rank in small pieces of memory, which are reordered.
enum SelectKernels {
  /// The element of a rank and the next one, as doubles; nil when an element is not a number.
  static func neighbours(
    _ type: SampleType, _ x: UnsafeMutableRawPointer, count: Int, _ rank: Rank
  ) -> (Double, Double)? {
    switch type {
    case .uint8: neighbours(x.assumingMemoryBound(to: UInt8.self), count, rank) { Double($0) }
    case .uint16: neighbours(x.assumingMemoryBound(to: UInt16.self), count, rank) { Double($0) }
    case .uint32: neighbours(x.assumingMemoryBound(to: UInt32.self), count, rank) { Double($0) }
    case .int8: neighbours(x.assumingMemoryBound(to: Int8.self), count, rank) { Double($0) }
    case .int16: neighbours(x.assumingMemoryBound(to: Int16.self), count, rank) { Double($0) }
    case .int32: neighbours(x.assumingMemoryBound(to: Int32.self), count, rank) { Double($0) }
    case .float32: neighbours(x.assumingMemoryBound(to: Float.self), count, rank) { Double($0) }
    case .float64: neighbours(x.assumingMemoryBound(to: Double.self), count, rank) { $0 }
    }
  }

  @inline(__always)
  private static func neighbours<T: Comparable & BitwiseCopyable>(
    _ x: UnsafeMutablePointer<T>, _ count: Int, _ rank: Rank, _ double: (T) -> Double
  ) -> (Double, Double)? {
    for index in 0..<count where x[index] != x[index] { return nil }
    select(x, count, rank.lower)
    let low = x[rank.lower]
    if rank.upper == rank.lower { return (double(low), double(low)) }
    var high = x[rank.upper]
    for index in rank.upper..<count where x[index] < high { high = x[index] }
    return (double(low), double(high))
  }

  /// Puts the element of a rank at its place, smaller ones before it and greater ones behind.
  @inline(__always)
  private static func select<T: Comparable & BitwiseCopyable>(
    _ x: UnsafeMutablePointer<T>, _ count: Int, _ rank: Int
  ) {
    var (low, high) = (0, count - 1)
    // After so many rounds that did not halve the rest, the pivot is taken from all of it.
    var rounds = 2 * (Int.bitWidth - count.leadingZeroBitCount)
    while high - low > 16 {
      if rounds == 0 {
        var rest = UnsafeMutableBufferPointer(start: x + low, count: high - low + 1)
        rest.sort()
        return
      }
      rounds -= 1
      let middle = low + (high - low) / 2
      if x[middle] < x[low] { swap(x, middle, low) }
      if x[high] < x[low] { swap(x, high, low) }
      if x[high] < x[middle] { swap(x, high, middle) }
      let pivot = x[middle]
      var (i, j) = (low, high)
      while i <= j {
        while x[i] < pivot { i &+= 1 }
        while pivot < x[j] { j &-= 1 }
        if i <= j {
          swap(x, i, j)
          i &+= 1
          j &-= 1
        }
      }
      if rank <= j {
        high = j
      } else if rank >= i {
        low = i
      } else {
        return
      }
    }
    var end = low + 1
    while end <= high {
      let value = x[end]
      var place = end
      while place > low, value < x[place - 1] {
        x[place] = x[place - 1]
        place &-= 1
      }
      x[place] = value
      end &+= 1
    }
  }

  @inline(__always)
  private static func swap<T>(_ x: UnsafeMutablePointer<T>, _ a: Int, _ b: Int) {
    let kept = x[a]
    x[a] = x[b]
    x[b] = kept
  }
}
