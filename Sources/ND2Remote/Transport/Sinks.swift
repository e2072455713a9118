import ND2

/// Takes answers of any kind into memory, up to a bound.
final class CollectingSink: TransferSink, @unchecked Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var isCut = false
  private let most: Int

  init(most: Int) { self.most = most }

  func begin(_ head: ResponseHead) -> Bool {
    bytes = []
    return true
  }

  func take(_ new: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count + new.count <= most else {
      isCut = true
      return false
    }
    bytes.append(contentsOf: new)
    return true
  }
}

/// Takes answers that hold bytes of an object, or tell why they do not.
///
/// What answers that are of use hold goes to `place`; of all others the beginning is kept, for what it
/// says about the failure.
class ObjectSink: TransferSink, @unchecked Sendable {
  /// Why the answer is of no use, when it is not for its status.
  final var problem: AnswerProblem?
  /// Body of an answer that tells of a failure.
  private(set) final var failureBody: [UInt8] = []
  private final var isUseful = false
  private static let mostFailureBytes = 16 << 10

  init() {}

  final func begin(_ head: ResponseHead) -> Bool {
    problem = nil
    failureBody = []
    isUseful = false
    guard head.status == 200 || head.status == 206 else { return true }
    if !AnswerRules.isIdentity(head) {
      problem = .unusable("the server compresses what it sends, so that parts cannot be read")
      return false
    }
    do {
      try accept(head)
      isUseful = true
      return true
    } catch {
      problem = (error as? AnswerProblem) ?? .unusable("the answer cannot be used")
      return false
    }
  }

  final func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if isUseful { return place(bytes) }
    let room = Self.mostFailureBytes - failureBody.count
    guard room >= bytes.count else { return failureBody.count < Self.mostFailureBytes }
    failureBody.append(contentsOf: bytes)
    return true
  }

  /// Looks at the headers of an answer with status 200 or 206; throws ``AnswerProblem`` when it is of
  /// no use.
  func accept(_ head: ResponseHead) throws {}

  /// Takes bytes of a useful answer; false, with a problem, when they are too many.
  func place(_ bytes: UnsafeRawBufferPointer) -> Bool { false }
}

/// Takes bytes of a part straight into its segments.
final class PartSink: ObjectSink, @unchecked Sendable {
  /// The first byte that is still to come.
  private(set) var position: UInt64
  private let part: RangePart
  private let facts: ObjectFacts
  private var firstSegment = 0

  init(_ part: RangePart, facts: ObjectFacts) {
    self.part = part
    self.facts = facts
    position = part.range.lowerBound
  }

  var isComplete: Bool { position == part.range.upperBound }

  override func accept(_ head: ResponseHead) throws {
    if head.status == 200 {
      let count = head.header("content-length").flatMap { ContentRange.number($0) }
      guard facts.agrees(with: head, total: count) else { throw AnswerProblem.changed }
      // Some servers answer so when all bytes were asked for.
      if position == 0, part.range.upperBound == facts.byteCount, count == facts.byteCount {
        return
      }
      throw AnswerProblem.isWhole(count)
    }
    guard let text = head.header("content-range"), let range = ContentRange(text),
      let bytes = range.bytes
    else { throw AnswerProblem.odd("the server does not say which part it sends") }
    guard facts.agrees(with: head, total: range.total) else { throw AnswerProblem.changed }
    guard bytes.lowerBound == position, bytes.upperBound <= part.range.upperBound else {
      throw AnswerProblem.odd("the server sends another part than was asked for")
    }
  }

  override func place(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let end = position + UInt64(bytes.count)
    guard end <= part.range.upperBound else {
      problem = .odd("the server sends more than was asked for")
      return false
    }
    let segments = part.segments
    while firstSegment < segments.count, segments[firstSegment].end <= position {
      firstSegment += 1
    }
    var index = firstSegment
    while index < segments.count, segments[index].offset < end {
      let segment = segments[index]
      let low = max(segment.offset, position)
      let high = min(segment.end, end)
      if low < high, let base = segment.memory.baseAddress, let source = bytes.baseAddress {
        (base + Int(low - segment.offset)).copyMemory(
          from: source + Int(low - position), byteCount: Int(high - low))
      }
      index += 1
    }
    position = end
    return true
  }
}

/// Takes one end of an object whose size is not known yet, or the whole when the server sends that.
final class EndSink: ObjectSink, @unchecked Sendable {
  /// Where the bytes begin.
  private(set) var start: UInt64 = 0
  private(set) var bytes: [UInt8] = []
  /// Size, tag and date, when the answer is useful.
  private(set) var facts: ObjectFacts?
  private(set) var isWhole = false
  private var expectedCount: UInt64?
  private let range: RemoteRequest.ByteRange
  /// Largest object that is taken whole; nil to refuse the whole.
  private let mostWhole: Int?

  init(_ range: RemoteRequest.ByteRange, mostWhole: Int?) {
    self.range = range
    self.mostWhole = mostWhole
  }

  /// Whether all bytes have arrived that the answer promised.
  var isComplete: Bool { expectedCount.map { $0 == UInt64(bytes.count) } ?? true }

  override func accept(_ head: ResponseHead) throws {
    bytes = []
    facts = nil
    let tag = head.header("etag")
    let date = head.header("last-modified")
    if head.status == 200 {
      let count = head.header("content-length").flatMap { ContentRange.number($0) }
      guard let mostWhole, count ?? 0 <= UInt64(max(0, mostWhole)) else {
        throw AnswerProblem.isWhole(count)
      }
      isWhole = true
      start = 0
      expectedCount = count
      facts = ObjectFacts(byteCount: count ?? 0, entityTag: tag, lastModified: date)
      if let count { bytes.reserveCapacity(Int(count)) }
      return
    }
    guard let text = head.header("content-range"), let content = ContentRange(text),
      let sent = content.bytes
    else { throw AnswerProblem.odd("the server does not say which part it sends") }
    guard let total = content.total else {
      throw AnswerProblem.unusable("the server does not say how large the file is")
    }
    let asked =
      switch range {
      case .span(let range): range.lowerBound..<min(range.upperBound, total)
      case .suffix(let count): (total - min(count, total))..<total
      }
    guard sent == asked else {
      throw AnswerProblem.odd("the server sends another part than was asked for")
    }
    isWhole = false
    start = sent.lowerBound
    expectedCount = sent.upperBound - sent.lowerBound
    facts = ObjectFacts(byteCount: total, entityTag: tag, lastModified: date)
    bytes.reserveCapacity(Int(clamping: sent.upperBound - sent.lowerBound))
  }

  override func place(_ new: UnsafeRawBufferPointer) -> Bool {
    let count = bytes.count + new.count
    if let expectedCount, UInt64(count) > expectedCount {
      problem = .odd("the server sends more than it said")
      return false
    }
    if isWhole, count > mostWhole ?? 0 {
      problem = .isWhole(nil)
      return false
    }
    bytes.append(contentsOf: new)
    return true
  }

  /// The size of an object that came whole without being announced.
  var wholeFacts: ObjectFacts? {
    guard isWhole, var facts else { return facts }
    facts.byteCount = UInt64(bytes.count)
    return facts
  }
}
