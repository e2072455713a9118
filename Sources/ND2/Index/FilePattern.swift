/// A pattern that names files below a folder, as shells and Python's `pathlib` write it.
///
/// `*` stands for any part of a name, `?` for one character, `[abc]`, `[a-z]` and `[!a-z]` for one of
/// a set; a slash stands between folders, and `**` for any number of folders.
///
/// ```swift
/// let pattern = try FilePattern("2024-*/**/well_[A-H]0?.nd2")
/// ```
public struct FilePattern: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    /// `**`.
    case folders
    /// One name.
    case name(NamePattern)
    /// Names that end in `.nd2`, in upper or lower case, without the companion files (`._a.nd2`)
    /// that macOS leaves on foreign disks.
    case nd2
  }

  private let parts: [Part]

  /// ND2 files in the folder itself: their names end in `.nd2`, in upper or lower case.
  public static let nd2 = FilePattern(parts: [.nd2])

  private init(parts: [Part]) { self.parts = parts }

  /// Parses a pattern.
  ///
  /// - Throws: ``ND2Error/Code/invalidRequest`` for patterns that are empty, begin at the root, or
  ///   go upwards.
  public init(_ text: String) throws {
    func refuse(_ reason: String) -> ND2Error {
      ND2Error.invalidRequest("the pattern '\(text)' \(reason)")
    }
    guard text.utf8.count <= 4096 else { throw ND2Error.invalidRequest("the pattern is too long") }
    guard !text.hasPrefix("/") else { throw refuse("must be relative to a folder") }
    let names = text.split(separator: "/").filter { $0 != "." }
    guard !names.isEmpty else { throw refuse("names nothing") }
    guard names.count <= 60 else { throw refuse("has more than 60 parts") }
    guard !names.contains("..") else { throw refuse("leads upwards") }
    parts = names.map { $0 == "**" ? .folders : .name(NamePattern(String($0))) }
  }

  /// The pattern in all folders below: `**` in front of it.
  public var recursive: FilePattern { FilePattern(parts: [.folders] + parts) }

  /// The places of the pattern that a path may have reached, a bit each.
  struct Places: Hashable {
    fileprivate var bits: UInt64
    fileprivate let end: UInt64

    /// Whether the path matches the whole pattern.
    var isMatch: Bool { bits & end != 0 }
    /// Whether there may be matches below.
    var continues: Bool { bits & ~end != 0 }
  }

  /// The places at the beginning.
  var start: Places { reaching(1) }

  /// The places behind a name.
  ///
  /// - Parameter passingFolders: whether `**` may stand for that name.
  func advance(_ places: Places, over name: String, passingFolders: Bool = true) -> Places {
    var bits: UInt64 = 0
    for (index, part) in parts.enumerated() where places.bits & (1 << UInt64(index)) != 0 {
      switch part {
      case .folders: if passingFolders { bits |= 1 << UInt64(index) }
      case .name(let pattern): if pattern.matches(name) { bits |= 1 << UInt64(index + 1) }
      case .nd2: if Self.isND2(name) { bits |= 1 << UInt64(index + 1) }
      }
    }
    return reaching(bits)
  }

  /// With the places behind every `**` that stands for nothing.
  private func reaching(_ bits: UInt64) -> Places {
    var bits = bits
    for (index, part) in parts.enumerated() {
      if case .folders = part, bits & (1 << UInt64(index)) != 0 { bits |= 1 << UInt64(index + 1) }
    }
    return Places(bits: bits, end: 1 << UInt64(parts.count))
  }

  private static func isND2(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard bytes.count > 4, !name.hasPrefix("._") else { return false }
    return bytes.suffix(4).map { $0 | 0x20 } == Array(".nd2".utf8).map { $0 | 0x20 }
      && bytes[bytes.count - 4] == UInt8(ascii: ".") && bytes[bytes.count - 1] == UInt8(ascii: "2")
  }

  /// Whether a path below the folder matches, such as `a/b.nd2`.
  public func matches(_ path: String) -> Bool {
    path.split(separator: "/").reduce(start) { advance($0, over: String($1)) }.isMatch
  }
}

/// A pattern for one name.
struct NamePattern: Hashable, Sendable {
  private enum Element: Hashable, Sendable {
    case scalar(Unicode.Scalar)
    /// `?`
    case one
    /// `*`
    case many
    /// `[a-z]`
    case set([ClosedRange<UInt32>], isNegated: Bool)

    func matches(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .scalar(let own): own == scalar
      case .one: true
      case .many: false
      case .set(let ranges, let isNegated):
        ranges.contains { $0.contains(scalar.value) } != isNegated
      }
    }
  }

  private let elements: [Element]

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    var elements: [Element] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*": if elements.last != .many { elements.append(.many) }
      case "?": elements.append(.one)
      case "[":
        if let (set, end) = Self.set(scalars, from: index) {
          elements.append(set)
          index = end
        } else {
          // A bracket that is never closed is a bracket.
          elements.append(.scalar(scalar))
        }
      default: elements.append(.scalar(scalar))
      }
    }
    self.elements = elements
  }

  /// The set whose inside begins at an index, and the index behind it.
  private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Element, Int)? {
    var index = start
    let isNegated = index < scalars.count && scalars[index] == "!"
    if isNegated { index += 1 }
    var ranges: [ClosedRange<UInt32>] = []
    let first = index
    while index < scalars.count {
      let low = scalars[index]
      // A bracket in front stands for itself.
      if low == "]", index > first { return (.set(ranges, isNegated: isNegated), index + 1) }
      if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
        let high = scalars[index + 2].value
        if low.value <= high { ranges.append(low.value...high) }
        index += 3
      } else {
        ranges.append(low.value...low.value)
        index += 1
      }
    }
    return nil
  }

  /// Whether a name matches, in a time that is at most the product of the two lengths.
  func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var (place, index) = (0, 0)
    var retry: (place: Int, index: Int)?
    while index < scalars.count {
      if place < elements.count, elements[place] == .many {
        place += 1
        retry = (place, index)
      } else if place < elements.count, elements[place].matches(scalars[index]) {
        place += 1
        index += 1
      } else if let last = retry {
        // The last `*` takes one more.
        place = last.place
        index = last.index + 1
        retry = (place, index)
      } else {
        return false
      }
    }
    return elements[place...].allSatisfy { $0 == .many }
  }
}
