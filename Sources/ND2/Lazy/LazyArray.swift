import ND2Format

/// An array that is not read or computed before it is asked for.
///
/// Slices, arithmetic and projections of a lazy array are lazy arrays: they say what shall be done,
/// and cost nothing. ``compute(_:progress:)-8kkea`` does it, block by block on all cores: only the
/// rows of the file that are needed are read, each of them once, and memory holds a few blocks
/// beside the result, whatever the size of the file. ``blocks(_:)`` hands out the blocks one after
/// the other.
///
/// ```swift
/// let file = try ND2File(path: "cells.nd2")
/// let stack = file.lazyArray()
/// let projection = try stack[.time, 0].max(over: .z)     // nothing is read
/// let picture = try projection.compute()                 // now it is
/// ```
///
/// A lazy array is a value; it keeps its file open.
public struct LazyArray: AxisArray {
  let node: LazyNode

  init(_ node: LazyNode) { self.node = node }

  /// The elements of an array in memory, for computations with others.
  ///
  /// - Parameters:
  ///   - array: the elements.
  ///   - chunkSizes: size of the blocks along some axes; the whole axis along others.
  public init(_ array: AnyNDArray, chunkSizes: [Axis: Int] = [:]) throws {
    node = LazyNode(
      .array(array), sizes: array.sizes, sampleType: array.sampleType,
      chunkShape: try array.sizes.chunkShape(chunkSizes, otherwise: array.shape))
  }

  init(_ source: some LazySource, chunkShape: [Int]) {
    node = LazyNode(
      .source(source), sizes: source.sizes, sampleType: source.sampleType, chunkShape: chunkShape)
  }

  /// The axes with their sizes, outermost first.
  public var sizes: AxisSizes { node.sizes }

  /// The number type of the elements.
  public var sampleType: SampleType { node.sampleType }

  /// Number of elements of a block along each axis; blocks at the end of an axis may be smaller.
  public var chunkShape: [Int] { node.chunkShape }

  /// The same array in blocks of other sizes.
  ///
  /// - Parameter chunkSizes: number of elements along some axes, not above the size of the axis
  ///   needed; along the others blocks stay as they are.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an unknown axis or a size below 1.
  public func rechunked(_ chunkSizes: [Axis: Int]) throws -> LazyArray {
    LazyArray(node.rechunked(try sizes.chunkShape(chunkSizes, otherwise: chunkShape)))
  }
}

extension ND2File {
  /// The pixels of the file as a lazy array with the axes of ``sizes``, in blocks of one frame.
  ///
  /// Nothing is read, and no work is done that depends on the number of frames.
  ///
  /// - Parameters:
  ///   - chunkSizes: blocks of several frames, or of parts of frames: their size along some axes.
  ///   - order: the order of the samples of colour pixels.
  /// - Throws: ``ND2Error/Code/invalidRequest`` for an axis that the file does not have, or a size
  ///   below 1.
  public func lazyArray(
    chunkSizes: [Axis: Int], order: ArraySelection.ComponentOrder = .rgb
  ) throws -> LazyArray {
    try located {
      let shape = try sizes.chunkShape(chunkSizes, otherwise: lazyArray(order: order).chunkShape)
      return LazyArray(FileLazySource(file: self, order: order), chunkShape: shape)
    }
  }

  /// The pixels of the file as a lazy array with the axes of ``sizes``, in blocks of one frame.
  ///
  /// Nothing is read, and no work is done that depends on the number of frames.
  ///
  /// - Parameter order: the order of the samples of colour pixels.
  public func lazyArray(order: ArraySelection.ComponentOrder = .rgb) -> LazyArray {
    LazyArray(
      FileLazySource(file: self, order: order),
      chunkShape: sizes.map { $0.axis.isInFrame ? $0.count : 1 })
  }
}

extension AxisSizes {
  /// The shape of blocks with those sizes along some axes.
  func chunkShape(_ sizes: [Axis: Int], otherwise: [Int]) throws -> [Int] {
    var shape = otherwise
    for (axis, size) in sizes.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      let place = try place(of: axis)
      guard size >= 1 else {
        throw ND2Error.invalidRequest(
          "blocks cannot have \(size) elements along axis \(axis): it must be 1 or more")
      }
      shape[place] = size
    }
    return shape
  }
}

extension LazyArray: CustomStringConvertible {
  /// Number type, axes, and the shape of the blocks. Nothing is read for it.
  public var description: String {
    let chunks = AxisSizes(zip(sizes, chunkShape).map { .init($0.axis, $1) })
    return ArrayDescription.heading(sizes, sampleType, kind: "lazy array")
      + (chunks.isEmpty ? "" : ", in blocks of \(chunks)")
  }
}
