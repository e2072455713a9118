package import ND2Format

/// The data of a chunk and where it lay.
package struct ChunkData: Sendable {
  /// Name of the chunk, with its `!`.
  package var name: String
  /// Position of its data in the file.
  package var offset: UInt64
  /// The data; shorter than the header says when the file is cut.
  package var bytes: [UInt8]
}

/// Fetches chunks by name, verifying each: magic and name must stand where the map says.
///
/// A chunk that is not in its place is searched for around it; what is found nowhere is left out
/// and reported. Ordinary chunks take one round of reads.
package struct ChunkFetchPlan: ReadPlan {
  /// The chunks that were found, by name, and what was wrong on the way.
  package struct Outcome: Sendable {
    package var chunks: [String: ChunkData] = [:]
    /// Names in the map for which no chunk could be found.
    package var lost: [String] = []
    package var diagnostics = DiagnosticLog()
  }

  private enum Stage: Sendable {
    /// Header and data at the expected place.
    case whole(ChunkEntry)
    /// Header only, at the expected place.
    case header(ChunkEntry)
    /// The data, whose place is known from the header.
    case data(Range<UInt64>, isCut: Bool)
    /// A window around the expected place.
    case search(ChunkEntry, Range<UInt64>)
  }

  private struct Job: Sendable {
    var name: String
    var stage: Stage
  }

  private let fileByteCount: UInt64
  private let options: ReadingOptions
  private let fetched: FetchedBytes
  private let container: ChunkMap.Container
  /// Where the data of torn chunks ends.
  private let tornEnds: [UInt64: UInt64]
  private var waiting: [Job]
  private var asked: [Job] = []
  private var outcome = Outcome()
  /// Bytes that sizes in the map may still make us read beside headers, that data may still have, and
  /// that may still be searched. Sound chunks do not overlap, so that the file's size is enough.
  private var mappedBytesLeft: UInt64
  private var dataBytesLeft: UInt64
  private var searchBytesLeft: UInt64
  /// Most bytes of one round of reads, unless a single chunk has more.
  private static let mostBytesOfRound: UInt64 = 8 << 20

  /// Plans to fetch those of `names` that the map has.
  package init(
    _ names: [String], in map: ChunkMap, fileByteCount: UInt64, options: ReadingOptions,
    fetched: FetchedBytes = FetchedBytes()
  ) {
    self.fileByteCount = fileByteCount
    self.options = options
    self.fetched = fetched
    container = map.container
    tornEnds = map.tornEnds
    mappedBytesLeft = Checked.sum(fileByteCount, 1 << 20) ?? .max
    dataBytesLeft = Checked.sum(fileByteCount, 1 << 16) ?? .max
    searchBytesLeft = Checked.sum(fileByteCount, 16 << 20) ?? .max
    waiting = []
    for name in names {
      guard let entry = map[name] else { continue }
      waiting.append(Job(name: name, stage: stage(entry)))
    }
  }

  package mutating func advance(_ supplied: [[UInt8]]) throws -> ReadStep<Outcome> {
    for (job, bytes) in zip(asked, supplied) { take(bytes, for: job) }
    asked = []
    var round: UInt64 = 0
    while round < Self.mostBytesOfRound, let job = waiting.popLast() {
      guard let range = range(of: job) else {
        lose(job.name)
        continue
      }
      if let bytes = fetched.bytes(range) {
        take(bytes, for: job)
      } else {
        asked.append(job)
        round += range.upperBound - range.lowerBound
      }
    }
    if asked.isEmpty { return .done(outcome) }
    return .needs(asked.compactMap { range(of: $0) })
  }

  /// Reads a chunk at once, unless the sizes in the map add up to more than there can be.
  private mutating func stage(_ entry: ChunkEntry) -> Stage {
    Self.take(min(entry.byteCount ?? 0, fileByteCount), from: &mappedBytesLeft)
      ? .whole(entry) : .header(entry)
  }

  /// Makes sure that sizes which overlap cannot make us read much more than the file has.
  private static func take(_ count: UInt64, from left: inout UInt64) -> Bool {
    guard count <= left else { return false }
    left -= count
    return true
  }

  private func range(of job: Job) -> Range<UInt64>? {
    switch job.stage {
    case .data(let range, _), .search(_, let range): return range
    case .header(let entry):
      guard entry.offset < fileByteCount else { return nil }
      return entry.offset..<(entry.offset + min(4096, fileByteCount - entry.offset))
    case .whole(let entry):
      guard entry.offset < fileByteCount else { return nil }
      // Writers pad a metadata chunk so that its data ends on a 4096 boundary (nd2-format §1.3).
      let overhead = UInt64(ChunkHeader.byteCount + 20 + job.name.utf8.count)
      let payload = min(entry.byteCount ?? 0, UInt64(options.limits.chunkByteCount))
      let end = Checked.sum(entry.offset, overhead)
        .flatMap { Checked.sum($0, payload) }.flatMap { Checked.roundUp($0, to: 4096) }
      return entry.offset..<min(end ?? fileByteCount, fileByteCount)
    }
  }

  private mutating func take(_ bytes: [UInt8], for job: Job) {
    switch job.stage {
    case .data(let range, let isCut): finish(job.name, range.lowerBound, bytes, isCut: isCut)
    case .search(let entry, let range):
      guard
        let found = ChunkSearch.find(job.name, in: bytes, at: range.lowerBound, near: entry.offset)
      else {
        lose(job.name)
        return
      }
      outcome.diagnostics.warning(
        "the chunk lies at \(found), not at \(entry.offset) as the chunk map says", chunk: job.name)
      waiting.append(
        Job(
          name: job.name, stage: stage(ChunkEntry(offset: found, byteCount: entry.byteCount))))
    case .whole(let entry), .header(let entry):
      guard let header = ContainerHeader(bytes, of: job.name, at: entry.offset, in: container)
      else {
        // Boxes do not say their names.
        guard container == .chunks else {
          lose(job.name)
          return
        }
        let low = entry.offset - min(entry.offset, options.searchWindow)
        let high = min(fileByteCount, entry.offset + min(options.searchWindow, fileByteCount))
        guard Self.take(high - low, from: &searchBytesLeft) else {
          lose(job.name)
          return
        }
        waiting.append(Job(name: job.name, stage: .search(entry, low..<high)))
        return
      }
      takeData(after: header, of: job, at: entry.offset, in: bytes)
    }
  }

  private mutating func takeData(
    after header: ContainerHeader, of job: Job, at offset: UInt64, in bytes: [UInt8]
  ) {
    let start = offset + header.dataOffset
    guard start <= fileByteCount else {
      lose(job.name)
      return
    }
    let dataByteCount = header.dataByteCount ?? fileByteCount - start
    let limit = max(start, min(fileByteCount, tornEnds[offset] ?? fileByteCount))
    guard dataByteCount <= UInt64(options.limits.chunkByteCount) else {
      outcome.diagnostics.damage(
        "\(dataByteCount) bytes exceed the limit chunkByteCount", chunk: job.name,
        offset: offset)
      return
    }
    let isCut = dataByteCount > limit - start
    let count = min(dataByteCount, limit - start)
    guard Self.take(count, from: &dataBytesLeft) else {
      outcome.diagnostics.damage(
        "chunks overlap: together they have more bytes than the file", chunk: job.name,
        offset: offset)
      return
    }
    if header.dataOffset + count <= UInt64(bytes.count) {
      let from = Int(header.dataOffset)
      finish(job.name, start, Array(bytes[from..<(from + Int(count))]), isCut: isCut)
    } else {
      waiting.append(Job(name: job.name, stage: .data(start..<(start + count), isCut: isCut)))
    }
  }

  private mutating func finish(_ name: String, _ offset: UInt64, _ bytes: [UInt8], isCut: Bool) {
    if isCut {
      outcome.diagnostics.damage("part of this chunk is missing", chunk: name, offset: offset)
    }
    outcome.chunks[name] = ChunkData(name: name, offset: offset, bytes: bytes)
  }

  private mutating func lose(_ name: String) {
    outcome.lost.append(name)
    outcome.diagnostics.damage("the chunk map names a chunk that is not there", chunk: name)
  }
}

/// Where the data of a chunk or of a box lies.
struct ContainerHeader {
  /// Bytes from the header to the data.
  var dataOffset: UInt64
  /// Size of the data; nil when it goes on to the end of the file.
  var dataByteCount: UInt64?

  /// Parses the header; nil when that of another chunk stands there, or none.
  init?(_ bytes: [UInt8], of name: String, at offset: UInt64, in container: ChunkMap.Container) {
    switch container {
    case .chunks:
      guard let header = try? ChunkHeader(bytes, at: offset), header.name == name else {
        return nil
      }
      (dataOffset, dataByteCount) = (header.dataOffset, header.dataByteCount)
    case .boxes:
      guard let header = try? BoxHeader(bytes, at: offset),
        BoxName.matches(name, kind: header.kind)
      else { return nil }
      (dataOffset, dataByteCount) = (header.dataOffset, header.dataByteCount)
    }
  }
}

/// Finds a chunk by its name in bytes around the place where it should be.
package enum ChunkSearch {
  /// File position of the header of the chunk `name` that lies nearest to `expected`.
  package static func find(
    _ name: String, in bytes: [UInt8], at start: UInt64, near expected: UInt64
  ) -> UInt64? {
    func distance(_ position: UInt64) -> UInt64 {
      position > expected ? position - expected : expected - position
    }
    var nearest: UInt64?
    var index = 0
    while let found = bytes[index...].firstIndex(of: 0xDA) {
      index = found + 1
      guard bytes[found...].starts(with: [0xDA, 0xCE, 0xBE, 0x0A]) else { continue }
      let window = Array(bytes[found..<min(bytes.count, found + 512)])
      let position = start + UInt64(found)
      guard let header = try? ChunkHeader(window, at: position), header.name == name else {
        continue
      }
      if distance(position) < nearest.map(distance) ?? .max { nearest = position }
    }
    return nearest
  }
}
