package import ND2Format

/// Names of metadata fields without the prefix that tells their type and scope.
///
/// `uiWidth` is `Width`, `m_sName` is `Name`, `m_vect2PerMPoint_0` is `2PerMPoint_0`. A name that is
/// all prefix, such as `left`, stays as it is (nd2-format §2.1).
package enum StrippedName {
  /// The name without its leading lower-case letters and underscores.
  package static func of(_ name: String) -> String {
    let rest = name.utf8.drop { $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0) }
    guard !rest.isEmpty, rest.count < name.utf8.count else { return name }
    return String(decoding: rest, as: UTF8.self)
  }
}

/// The children of a level by their stripped names; of several of one name the last counts.
package struct StrippedFields: Sendable {
  private let values: [String: MetadataValue]

  /// Indexes the children of a level; anything else has none.
  package init(_ value: MetadataValue?) {
    let fields = value?.fields ?? []
    values = Dictionary(
      fields.map { (StrippedName.of($0.name), $0.value) }, uniquingKeysWith: { $1 })
  }

  /// Number of different names.
  package var count: Int { values.count }

  /// The child of that stripped name.
  package subscript(name: String) -> MetadataValue? { values[name] }

  /// The number of elements of a list that is stored as `Name_Size`, `Name_0`, `Name_1` …
  ///
  /// A size that is missing is counted; one that is too large for what is there is cut.
  package func listCount(_ name: String) -> Int {
    if let size = values["\(name)_Size"]?.int { return max(0, min(size, values.count)) }
    var count = 0
    while values["\(name)_\(count)"] != nil { count += 1 }
    return count
  }
}

extension MetadataValue {
  /// The child whose name without its type prefix is `name`; of several the one stored last.
  package subscript(stripped name: String) -> MetadataValue? {
    guard case .level(let fields) = self else { return nil }
    return fields.last { StrippedName.of($0.name) == name }?.value
  }
}
