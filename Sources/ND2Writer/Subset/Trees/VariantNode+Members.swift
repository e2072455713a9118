import ND2

// Lists: unnamed members, or members that are numbered by their names.
extension VariantNode {
  /// Prefix and number of a name that ends with a number.
  static func numbered(_ name: String) -> (prefix: String, number: Int, digits: Int)? {
    let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, digits.count <= 9,
      let number = Int(String(decoding: digits.reversed(), as: UTF8.self))
    else { return nil }
    return (
      String(decoding: name.utf8.dropLast(digits.count), as: UTF8.self), number, digits.count
    )
  }

  /// Whether all children are unnamed, or all are numbered.
  package var isMemberList: Bool {
    let nodes = children
    guard !nodes.isEmpty else { return false }
    return nodes.allSatisfy { $0.name.isEmpty }
      || nodes.allSatisfy { Self.numbered($0.name) != nil }
  }

  /// The places of the members in the order of the list: stored order, or that of their numbers.
  package var memberPlaces: [Int] {
    let numbers = children.map { Self.numbered($0.name)?.number }
    guard numbers.allSatisfy({ $0 != nil }) else { return Array(children.indices) }
    return children.indices.ordered { (numbers[$0] ?? 0, $0) < (numbers[$1] ?? 0, $1) }
  }

  /// Keeps some members of a list, in the order of the list, and numbers them anew.
  package mutating func keepMembers(_ chosen: [Int]) {
    let places = memberPlaces
    keepStored(chosen.filter(places.indices.contains).map { places[$0] })
  }

  /// Keeps the children at some places, in that order, and numbers them anew if they have numbers.
  package mutating func keepStored(_ places: [Int]) {
    let nodes = children
    let isNumbered = nodes.allSatisfy { Self.numbered($0.name) != nil }
    children = places.enumerated().map { rank, place in
      var node = nodes[place]
      if isNumbered, let old = Self.numbered(node.name) {
        let text = String(rank)
        let fill = String(repeating: "0", count: max(0, old.digits - text.count))
        // Numbers without leading zeros stay so.
        node.rename((old.prefix) + (Self.isPadded(nodes) ? fill : "") + text)
      }
      return node
    }
  }

  /// Whether numbers of one digit are written with more.
  private static func isPadded(_ nodes: [VariantNode]) -> Bool {
    nodes.contains { numbered($0.name).map { $0.digits > String($0.number).count } ?? false }
  }

  /// Gives the node another name.
  package mutating func rename(_ new: String) {
    name = new
    if case .xml(var form) = form {
      form.elementName = new.isEmpty ? "no_name" : new
      self.form = .xml(form)
    }
  }
}

/// Flags as a byte each, or as numbered truth values.
extension VariantNode {
  /// Number of flags.
  package var flagCount: Int { bytes?.count ?? children.count }

  /// The flags in order.
  package var flags: [Bool] {
    if let bytes { return bytes.map { $0 != 0 } }
    return memberPlaces.map { children[$0].bool ?? true }
  }

  /// Keeps some flags.
  package mutating func keepFlags(_ chosen: [Int]) {
    if let bytes {
      content = .value(.bytes(chosen.filter(bytes.indices.contains).map { bytes[$0] }))
    } else {
      keepMembers(chosen)
    }
  }
}
