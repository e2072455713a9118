/// Pieces of sources that a computation needs on several ways: each is read once, by whoever needs it
/// first, and kept while there is room.
final class PieceStore: Sendable {
  /// A piece: one index along the axes outside frames, a run of rows.
  private struct Key: Hashable, Sendable {
    var source: LazySourceIdentity
    var outer: [Int]
    var band: Int
  }

  /// A piece that is being read, or has been.
  private final class Piece: Sendable {
    let array = Lock<AnyNDArray?>(nil)
  }

  private struct State: Sendable {
    var pieces: [Key: (piece: Piece, lastUse: Int, byteCount: Int)] = [:]
    /// All uses in their order; those that are not the last of their piece say nothing.
    var uses: [(key: Key, time: Int)] = []
    var firstUse = 0
    var time = 0
    var byteCount = 0

    mutating func noteUse(_ key: Key) {
      time += 1
      pieces[key]?.lastUse = time
      uses.append((key, time))
    }
  }

  private let boxes: [LazySourceIdentity: [Range<Int>]]
  private let rowsPerPiece: Int
  private let mostBytes: Int
  private let state = Lock(State())

  /// - Parameters:
  ///   - boxes: for each source all that is needed of it.
  ///   - rowsPerPiece: height of the pieces of sources that can be read in parts.
  ///   - mostBytes: how much is kept.
  init(boxes: [LazySourceIdentity: [Range<Int>]], rowsPerPiece: Int, mostBytes: Int) {
    self.boxes = boxes
    self.rowsPerPiece = max(1, rowsPerPiece)
    self.mostBytes = mostBytes
  }

  /// Whether a source is read through the store.
  func holds(_ source: any LazySource) -> Bool { boxes[source.identity] != nil }

  /// A part of a source, put together from pieces.
  func read(
    _ region: LazyRegion, of source: any LazySource, with reader: inout SourceReader
  ) throws -> AnyNDArray {
    guard let needed = boxes[source.identity] else { return try reader.read(region, of: source) }
    let outer = source.sizes.indices.filter { !source.sizes[$0].axis.isInFrame }
    let rowPlace = source.isDivisible ? source.sizes.index(of: .y) : nil
    let bands = rowPlace.map { Self.bands(region.slices[$0], rowsPerPiece) } ?? [(0, 0..<1)]
    let frames = outer.reduce(1) { $0 * region.slices[$1].count }
    var result: AnyNDArray?
    for frame in 0..<frames {
      var (rest, indices) = (frame, [Int](repeating: 0, count: outer.count))
      for place in outer.indices.reversed() {
        indices[place] = rest % region.slices[outer[place]].count
        rest /= region.slices[outer[place]].count
      }
      for (band, taken) in bands {
        var box = needed
        var slices = region.slices
        var origin = [Int](repeating: 0, count: slices.count)
        var elements: [Int] = []
        for (place, index) in zip(outer, indices) {
          let element = slices[place].start + index * slices[place].step
          elements.append(element)
          box[place] = element..<(element + 1)
          slices[place] = .all(1)
          origin[place] = index
        }
        if let rowPlace {
          let rows = needed[rowPlace]
          box[rowPlace] =
            max(
              rows.lowerBound, band * rowsPerPiece)..<min(
              rows.upperBound, (band + 1) * rowsPerPiece)
          slices[rowPlace].start += taken.lowerBound * slices[rowPlace].step
          slices[rowPlace].count = taken.count
          origin[rowPlace] = taken.lowerBound
        }
        for place in slices.indices where !outer.contains(place) {
          slices[place].start -= box[place].lowerBound
        }
        let key = Key(source: source.identity, outer: elements, band: band)
        let whole = try piece(key) { try reader.read(LazyRegion(box), of: source) }
        let part = AnyNDArray(
          layout: whole.layout.sliced(slices), sampleType: whole.sampleType,
          storage: whole.storage)
        if frames == 1, bands.count == 1 { return part }
        let target =
          try result
          ?? AnyNDArray(uninitialized: region.sizes(source.sizes), sampleType: source.sampleType)
        target.place(part, at: origin)
        result = target
      }
    }
    return try result ?? reader.read(region, of: source)
  }

  /// The bands of rows that a slice touches, each with the elements of the slice that lie in it.
  private static func bands(_ slice: ResolvedSlice, _ height: Int) -> [(Int, Range<Int>)] {
    var bands: [(Int, Range<Int>)] = []
    for index in 0..<slice.count {
      let band = (slice.start + index * slice.step) / height
      if let last = bands.last, last.0 == band {
        bands[bands.count - 1].1 = last.1.lowerBound..<(index + 1)
      } else {
        bands.append((band, index..<(index + 1)))
      }
    }
    return bands
  }

  private func piece(_ key: Key, _ read: () throws -> AnyNDArray) throws -> AnyNDArray {
    let piece = state.withLock { state in
      let piece = state.pieces[key]?.piece ?? Piece()
      if state.pieces[key] == nil { state.pieces[key] = (piece, 0, 0) }
      state.noteUse(key)
      return piece
    }
    // Others who want the piece wait here, not for all pieces.
    return try piece.array.withLock { array in
      if let array { return array }
      let fresh = try read()
      array = fresh
      keep(key, fresh.byteCount)
      return fresh
    }
  }

  /// Notes the size of a piece, and lets those go that were not used for the longest time.
  private func keep(_ key: Key, _ byteCount: Int) {
    state.withLock { state in
      state.pieces[key]?.byteCount = byteCount
      state.byteCount += byteCount
      while state.byteCount > mostBytes, state.firstUse < state.uses.count {
        let (old, time) = state.uses[state.firstUse]
        guard old != key else { break }
        state.firstUse += 1
        guard let piece = state.pieces[old], piece.lastUse == time, piece.byteCount > 0 else {
          continue
        }
        state.byteCount -= piece.byteCount
        state.pieces[old] = nil
      }
      if state.firstUse > 1024, state.firstUse > state.uses.count / 2 {
        state.uses.removeFirst(state.firstUse)
        state.firstUse = 0
      }
    }
  }
}
