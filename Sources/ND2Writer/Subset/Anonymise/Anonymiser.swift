import ND2
import ND2Format

/// Removes from the chunks of a file what tells of people, places and computers.
///
/// Two rounds: the first removes by the rules and by patterns, and notes what it removed; the
/// second looks for what was removed in all texts that are left.
struct Anonymiser {
  /// What is known of a chunk before it is looked into.
  enum ChunkKind {
    /// Numbers, one or more a frame.
    case numbers
    /// Texts, one a frame.
    case textColumn
    /// Anything.
    case any
  }

  let request: Anonymisation
  let limits: ParsingLimits
  private(set) var audit: [AuditEntry] = []
  private var scrubber = TextScrubber()
  private var kept: Set<String> = []
  private var usesWords = false
  private var chunk = ""
  private let inputStem: String

  init(_ request: Anonymisation, inputName: String, limits: ParsingLimits) {
    self.request = request
    self.limits = limits
    let file = inputName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    inputStem = file.split(separator: ".").first.map(String.init) ?? ""
  }

  /// Notes that a whole chunk is left out.
  mutating func drop(_ name: String, _ what: String, kind: AuditEntry.Kind = .opaque) {
    let entry = AuditEntry(
      chunk: name, path: "", kind: kind, replacement: nil, value: nil)
    if !audit.contains(entry) { audit.append(entry) }
  }

  /// Anonymises chunks.
  ///
  /// - Returns: their data, nil for those that are left out.
  mutating func run(_ chunks: [(name: String, bytes: [UInt8], kind: ChunkKind)]) -> [[UInt8]?] {
    enum Part {
      case tree(EditableChunk, original: EditableChunk)
      case bytes([UInt8])
      case dropped
    }
    if inputStem.utf8.count >= 6 { scrubber.note(inputStem, .path, sparing: []) }
    var parts: [Part] = chunks.map { chunk in
      if let kind = AnonymisationRules.droppedChunks[chunk.name] {
        drop(chunk.name, "", kind: kind)
        return .dropped
      }
      switch chunk.kind {
      case .numbers: return .bytes(chunk.bytes)
      case .textColumn:
        note(chunk.name, "", .text, "", value: nil)
        return .bytes([UInt8](repeating: 0, count: chunk.bytes.count))
      case .any: break
      }
      guard !chunk.bytes.isEmpty else { return .bytes([]) }
      guard let tree = EditableChunk(chunk.bytes, limits: limits) else {
        drop(chunk.name, "")
        return .dropped
      }
      return .tree(tree, original: tree)
    }
    for (place, chunk) in chunks.enumerated() {
      if case .tree(let tree, _) = parts[place] { collectKept(tree.tree, chunk.name) }
    }
    for round in 0..<2 {
      usesWords = round == 1
      for (place, item) in chunks.enumerated() {
        guard case .tree(var tree, let original) = parts[place] else { continue }
        chunk = item.name
        walk(&tree.tree, path: "", rank: 0)
        tree.json = walk(tree.json, name: "", path: "", rank: 0)
        parts[place] = .tree(tree, original: original)
      }
    }
    return zip(parts, chunks).map { part, item in
      switch part {
      case .dropped: return nil
      case .bytes(let bytes): return bytes
      case .tree(let tree, let original):
        if tree.tree == original.tree, tree.json == original.json { return item.bytes }
        return try? tree.encoded()
      }
    }
  }

  /// Names that stay, and so are not looked for: those of channels.
  private mutating func collectKept(_ node: VariantNode, _ chunk: String) {
    for child in node.children {
      if case .level = child.content {
        collectKept(child, chunk)
      } else if child.name == "sDescription", let text = child.string {
        kept.insert(text.lowercased())
      }
    }
  }

  // MARK: - Trees

  private mutating func walk(_ node: inout VariantNode, path: String, rank: Int) {
    switch node.content {
    case .level:
      let isTop = path.isEmpty
      var copy = self
      let parent = node.name
      node.editChildren { place, child in
        let name = child.name.isEmpty ? String(place) : child.name
        let inner = isTop ? name : "\(path)/\(name)"
        // Lists of names carry the rule of the list.
        let ruled = copy.rule(of: child.name) == nil && child.children.isEmpty ? parent : child.name
        if case .value = child.content {
          copy.edit(&child, name: ruled, path: inner, rank: ruled == parent ? place : rank)
        } else {
          copy.walk(&child, path: inner, rank: place)
        }
      }
      self = copy
    case .value: edit(&node, name: node.name, path: path, rank: rank)
    }
  }

  private func rule(of name: String) -> AnonymisationRules.Rule? {
    AnonymisationRules.rule(of: name, in: chunk, removesDates: request.removesDates)
  }

  private mutating func edit(
    _ node: inout VariantNode, name: String, path: String, rank: Int
  ) {
    guard case .value(let value) = node.content else { return }
    switch value {
    case .string(let text):
      if let new = cleaned(text, node: node.name, name: name, path: path, rank: rank) {
        node.content = .value(.string(new))
      }
    case .bytes(let bytes):
      if let new = cleaned(bytes, name: name, path: path) { node.content = .value(.bytes(new)) }
    case .bool, .pointer: break
    default:
      guard case .clear(let kind)? = rule(of: name), kind == .serial || kind == .date,
        let number = node.double, number != 0, kind != .date || number > 1
      else { return }
      note(chunk, path, kind, kind == .date ? "-1" : "0", value: "\(number)")
      node.setNumber(kind == .date ? -1 : 0)
    }
  }

  /// The text that takes the place of another; nil when it stays.
  private mutating func cleaned(
    _ text: String, node: String, name: String, path: String, rank: Int
  ) -> String? {
    guard !text.isEmpty else { return nil }
    if ChunkName.textInfo.contains(chunk), let item = Self.textItem(node) {
      if let kind = AnonymisationRules.clearedTextItems[item] {
        return replace(text, with: "", kind, path)
      }
      if item == 9, request.removesDates { return replace(text, with: "", .date, path) }
      if item == 5 || item == 6 { return cleanedLines(text, path) }
    }
    switch rule(of: name) {
    case .clear(let kind)?: return replace(text, with: "", kind, path)
    case .number(let kind, let prefix)?:
      let new = "\(prefix)\(rank + 1)"
      return text == new ? nil : replace(text, with: new, kind, path)
    case .keep?: return nil
    case .search?, nil: break
    }
    for serial in TextScrubber.serials(in: text) {
      scrubber.note(serial, .serial, sparing: kept)
    }
    guard let (new, kind) = scrubber.scrub(text, usesWords: usesWords), new != text else {
      return nil
    }
    note(chunk, path, kind, new, value: text)
    return new
  }

  private mutating func replace(
    _ text: String, with new: String, _ kind: AuditEntry.Kind, _ path: String
  ) -> String {
    note(chunk, path, kind, new, value: text)
    switch kind {
    case .person, .host, .serial, .path, .identity, .name:
      scrubber.note(text, kind, sparing: kept)
    default: break
    }
    return new
  }

  private static func textItem(_ name: String) -> Int? {
    name.hasPrefix("TextInfoItem_") ? Int(name.dropFirst(13)) : nil
  }

  /// The lines that the program writes; what else stands there was entered by users.
  private mutating func cleanedLines(_ text: String, _ path: String) -> String? {
    var lines: [String] = []
    var didRemove = false
    for bytes in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = String(decoding: bytes, as: UTF8.self)
      let body = line.drop { $0 == " " || $0 == "\t" }.lowercased()
      let isEmpty = body.allSatisfy { $0 == "\r" || $0 == " " }
      guard
        isEmpty || body.contains("\t{")
          || AnonymisationRules.technicalLines.contains(where: body.hasPrefix)
      else {
        didRemove = true
        for serial in TextScrubber.serials(in: line) {
          scrubber.note(serial, .serial, sparing: kept)
        }
        continue
      }
      for serial in TextScrubber.serials(in: line) {
        scrubber.note(serial, .serial, sparing: kept)
      }
      if let (new, kind) = scrubber.scrub(line, usesWords: usesWords), new != line {
        note(chunk, path, kind, nil, value: line)
        lines.append(line.hasSuffix("\r") && !new.hasSuffix("\r") ? new + "\r" : new)
      } else {
        lines.append(line)
      }
    }
    let new = lines.joined(separator: "\n")
    guard new != text else { return nil }
    if didRemove { note(chunk, path, .text, "lines of the program only", value: text) }
    return new
  }

  // MARK: - Bytes

  /// Bytes without what is in them: a further tree is walked, text is blanked.
  private mutating func cleaned(_ bytes: [UInt8], name: String, path: String) -> [UInt8]? {
    if case .clear(let kind)? = rule(of: name), bytes.contains(where: { $0 != 0 }) {
      note(chunk, path, kind, "zeros", value: nil)
      return [UInt8](repeating: 0, count: bytes.count)
    }
    if bytes.count >= 16, NestedVariant.decode(bytes, limits: limits) != nil,
      var inner = EditableChunk(bytes, limits: limits)
    {
      let original = inner.tree
      walk(&inner.tree, path: path, rank: 0)
      return inner.tree == original ? nil : try? inner.encoded()
    }
    guard Self.holdsText(bytes) else { return nil }
    note(chunk, path, .opaque, "zeros", value: nil)
    return [UInt8](repeating: 0, count: bytes.count)
  }

  /// Whether bytes hold eight printable signs in a row, each of one byte or of two.
  static func holdsText(_ bytes: [UInt8]) -> Bool {
    func isPrintable(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) }
    var run = 0
    for byte in bytes {
      run = isPrintable(byte) ? run + 1 : 0
      if run >= 8 { return true }
    }
    for start in 0..<2 {
      run = 0
      for index in stride(from: start, to: bytes.count - 1, by: 2) {
        run = isPrintable(bytes[index]) && bytes[index + 1] == 0 ? run + 1 : 0
        if run >= 8 { return true }
      }
    }
    return false
  }

  // MARK: - JSON

  private mutating func walk(
    _ value: JSONValue, name: String, path: String, rank: Int
  ) -> JSONValue {
    switch value {
    case .object(let members):
      var new: [JSONValue.Member] = []
      for member in members {
        let inner = path.isEmpty ? member.name : "\(path)/\(member.name)"
        new.append(
          .init(member.name, walk(member.value, name: member.name, path: inner, rank: rank)))
      }
      return .object(new)
    case .array(let elements):
      var new: [JSONValue] = []
      for (place, element) in elements.enumerated() {
        let inner = path.isEmpty ? String(place) : "\(path)/\(place)"
        new.append(walk(element, name: name, path: inner, rank: place))
      }
      return .array(new)
    case .string(let text):
      return cleaned(text, node: name, name: name, path: path, rank: rank)
        .map { .string($0) } ?? value
    case .integer, .unsigned, .double:
      guard case .clear(let kind)? = rule(of: name), kind == .serial || kind == .date,
        value.double != 0, value.double != -1
      else { return value }
      note(chunk, path, kind, "0", value: value.text())
      return .integer(0)
    default: return value
    }
  }

  private mutating func note(
    _ chunk: String, _ path: String, _ kind: AuditEntry.Kind, _ replacement: String?,
    value: String?
  ) {
    audit.append(
      AuditEntry(
        chunk: chunk, path: path, kind: kind, replacement: replacement,
        value: request.recordsValues ? value : nil))
  }
}
