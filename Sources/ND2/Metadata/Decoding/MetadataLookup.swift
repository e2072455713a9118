package import ND2Format

// Lookups that the decoders of typed metadata share. Both encodings of the format give the same
// trees but for their wrapping: the binary one names the outermost level, the XML one wraps some
// levels into lists of one (nd2-format §2.1, §2.2).
extension MetadataValue {
  /// Deepest wrapping that is taken off.
  private static var deepestWrapping: Int { 4 }

  /// The level that a chunk describes, without the wrappers around it.
  package func content(named wrapper: String) -> MetadataValue {
    var value = self
    for _ in 0..<Self.deepestWrapping {
      if case .level(let fields)? = value[wrapper] {
        value = .level(fields)
      } else if let inner = value.soleUnnamedLevel {
        value = inner
      } else {
        break
      }
    }
    return value
  }

  /// The only child, when it is an unnamed level: a list of one that wraps an object.
  var soleUnnamedLevel: MetadataValue? {
    guard case .level(let fields) = self, fields.count == 1, let only = fields.first,
      only.name.isEmpty, case .level = only.value
    else { return nil }
    return only.value
  }

  /// Whether this is a level that has children.
  var hasChildren: Bool {
    if case .level(let fields) = self { return !fields.isEmpty }
    return false
  }

  /// The finite number of that child.
  func number(_ name: String) -> Double? { self[name]?.finiteDouble }

  /// The number of that child, when it is finite and above zero.
  func positive(_ name: String) -> Double? {
    number(name).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The integer of that child.
  func integer(_ name: String) -> Int? { self[name]?.int }

  /// The text of that child, or nil when it is empty.
  func text(_ name: String) -> String? { self[name]?.nonEmptyString }

  /// The truth value of that child.
  func flag(_ name: String) -> Bool? { self[name]?.bool }
}

/// Children that are numbered by their names: `_00`, `a0`, `Point0`, `item_3`, `i0000000003`.
enum IndexedChildren {
  /// A child and the number at the end of its name.
  struct Item {
    var index: Int
    var value: MetadataValue
  }

  /// The values in the order of their numbers; in stored order when not all names are numbered.
  ///
  /// Sorted by number, not by text: `_100` comes after `_11` (nd2-format §2.2).
  static func sortedValues(_ value: MetadataValue?) -> [MetadataValue] {
    guard let items = items(value) else { return value?.elements ?? [] }
    return items.map(\.value)
  }

  /// Values at the places that their numbers say, nil where a number is missing.
  ///
  /// Numbers far above the number of children are taken for ranks.
  static func placedValues(_ value: MetadataValue?) -> [MetadataValue?] {
    guard let items = items(value), let last = items.last else { return value?.elements ?? [] }
    guard last.index < items.count * 4 + 16 else { return items.map(\.value) }
    var placed = [MetadataValue?](repeating: nil, count: last.index + 1)
    for item in items { placed[item.index] = item.value }
    return placed
  }

  /// The children by ascending number, or nil when one of them has no number.
  private static func items(_ value: MetadataValue?) -> [Item]? {
    guard let fields = value?.fields, !fields.isEmpty else { return nil }
    var items: [Item] = []
    items.reserveCapacity(fields.count)
    var isAscending = true
    for field in fields {
      guard let index = number(atEndOf: field.name) else { return nil }
      if let last = items.last, last.index > index { isAscending = false }
      items.append(Item(index: index, value: field.value))
    }
    if !isAscending {
      let order = items.indices.ordered { (items[$0].index, $0) < (items[$1].index, $1) }
      items = order.map { items[$0] }
    }
    return items
  }

  /// The decimal number that ends a name; nil when there is none or it has more than 9 digits.
  static func number(atEndOf name: String) -> Int? {
    var digits = 0
    var factor = 1
    var number = 0
    for byte in name.utf8.reversed() {
      guard byte >= 0x30, byte <= 0x39 else { break }
      digits += 1
      if digits > 9 {
        // Leading zeros may be many.
        guard byte == 0x30 else { return nil }
        continue
      }
      number += Int(byte - 0x30) * factor
      factor *= 10
    }
    return digits == 0 ? nil : number
  }
}

/// Flags that say which points or phases of a loop were used: a byte each, or `_00` children.
enum ValidityFlags {
  /// The flags in order; empty when there are none.
  static func decode(_ value: MetadataValue?) -> [Bool] {
    guard let value else { return [] }
    if let bytes = value.bytes { return bytes.map { $0 != 0 } }
    return IndexedChildren.placedValues(value).map { $0?.bool ?? true }
  }
}

extension [Bool] {
  /// The flag at an index; what has no flag is valid.
  func isValid(_ index: Int) -> Bool { index < count ? self[index] : true }
}
