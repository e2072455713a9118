package import ND2Format

/// A node of a metadata chunk that is going to be edited: what ``MetadataValue`` holds, and with it
/// how the node was stored, so that what is not edited is written as it was.
package struct VariantNode: Hashable, Sendable {
  /// A scalar, or children.
  package enum Content: Hashable, Sendable {
    case value(MetadataValue)
    case level([VariantNode])
  }

  /// How a node was stored, beyond its name and value.
  package enum Form: Hashable, Sendable {
    /// Nothing is known: the node is new.
    case plain
    /// An item of the binary variant.
    case lite(LiteForm)
    /// An element of the XML variant.
    case xml(XMLForm)
  }

  /// Details of an item of the binary variant.
  package struct LiteForm: Hashable, Sendable {
    /// Whether an empty name has its closing NUL.
    var hasNameTerminator = false
    /// The byte of a truth value, which may be any but zero.
    var boolByte: UInt8?
    /// The places of the children in the order of the table of offsets.
    var tableOrder: [Int]?
  }

  /// Details of an element of the XML variant.
  package struct XMLForm: Hashable, Sendable {
    /// The element's name as stored.
    var elementName: String
    /// The attributes but `value`, as stored.
    var attributes: [Attribute]
    /// The text of `value` as stored, and what it says.
    var stored: (text: String, value: MetadataValue)? {
      get { storedText.flatMap { text in storedValue.map { (text, $0) } } }
      set { (storedText, storedValue) = (newValue?.text, newValue?.value) }
    }
    /// Whether the value stands between the tags instead of in an attribute.
    var isText = false
    /// Whether the element opens and closes with one tag.
    var isEmptyTag = true
    private var storedText: String?
    private var storedValue: MetadataValue?

    init(elementName: String, attributes: [Attribute]) {
      self.elementName = elementName
      self.attributes = attributes
    }

    /// An attribute as stored.
    struct Attribute: Hashable, Sendable {
      var name: String
      var text: String
    }
  }

  /// The raw name; empty for members of a list.
  package var name: String
  /// The value or the children.
  package var content: Content
  /// How the node was stored.
  package var form: Form

  package init(_ name: String, _ content: Content, form: Form = .plain) {
    self.name = name
    self.content = content
    self.form = form
  }

  /// A new node with the tree of a value.
  package init(_ field: MetadataField) {
    self.init(field.name, .value(field.value))
    if case .level(let fields) = field.value { content = .level(fields.map(VariantNode.init)) }
  }

  /// The tree without what is known of its storage.
  package var field: MetadataField { MetadataField(name, value) }

  /// The value: the scalar, or a level of the children's values.
  package var value: MetadataValue {
    switch content {
    case .value(let value): value
    case .level(let nodes): .level(nodes.map(\.field))
    }
  }
}

// MARK: - Looking up

extension VariantNode {
  /// The children of a level; none of a scalar.
  package var children: [VariantNode] {
    get {
      if case .level(let nodes) = content { return nodes }
      return []
    }
    set { content = .level(newValue) }
  }

  /// Whether this is a level with children.
  package var hasChildren: Bool { !children.isEmpty }

  /// Place of the child of a name; of several that of the last.
  package func place(of name: String) -> Int? { children.lastIndex { $0.name == name } }

  /// The child of a name; of several the last.
  package subscript(name: String) -> VariantNode? { place(of: name).map { children[$0] } }

  /// Whether the only child is an unnamed level, which wraps an object into a list of one.
  package var isWrapper: Bool {
    guard children.count == 1, children[0].name.isEmpty, case .level = children[0].content else {
      return false
    }
    return true
  }

  /// The number as an integer.
  package var int: Int? { scalar?.int }
  /// The number, when it is finite.
  package var double: Double? { scalar?.finiteDouble }
  /// The text.
  package var string: String? { scalar?.string }
  /// The truth value.
  package var bool: Bool? { scalar?.bool }
  /// The opaque bytes.
  package var bytes: [UInt8]? { scalar?.bytes }

  private var scalar: MetadataValue? {
    if case .value(let value) = content { return value }
    return nil
  }

  /// The integer of a child.
  package func int(_ name: String) -> Int? { self[name]?.int }
  /// The finite number of a child.
  package func double(_ name: String) -> Double? { self[name]?.double }
}

// MARK: - Editing

extension VariantNode {
  /// Edits the child of a name, when there is one.
  ///
  /// - Returns: whether there is.
  @discardableResult
  package mutating func edit<E: Error>(
    _ name: String, _ body: (inout VariantNode) throws(E) -> Void
  ) throws(E) -> Bool {
    guard case .level(var nodes) = content, let place = nodes.lastIndex(where: { $0.name == name })
    else { return false }
    // The node leaves the tree while it is edited, so that no copy is made of what it holds.
    content = .level([])
    defer { content = .level(nodes) }
    try body(&nodes[place])
    return true
  }

  /// Edits every child.
  package mutating func editChildren<E: Error>(
    _ body: (Int, inout VariantNode) throws(E) -> Void
  ) throws(E) {
    guard case .level(var nodes) = content else { return }
    content = .level([])
    defer { content = .level(nodes) }
    for place in nodes.indices { try body(place, &nodes[place]) }
  }

  /// Edits the level that a chunk describes, without the wrappers around it.
  package mutating func editContent<E: Error>(
    named wrapper: String, depth: Int = 0, _ body: (inout VariantNode) throws(E) -> Void
  ) throws(E) {
    if depth < 4 {
      if let inner = self[wrapper], case .level = inner.content {
        try edit(wrapper) { (node) throws(E) in
          try node.editContent(named: wrapper, depth: depth + 1, body)
        }
        return
      }
      if isWrapper {
        try edit("") { (node) throws(E) in
          try node.editContent(named: wrapper, depth: depth + 1, body)
        }
        return
      }
    }
    try body(&self)
  }

  /// Edits the object, inside the list of one around it if there is such a list.
  package mutating func editUnwrapped<E: Error>(
    _ body: (inout VariantNode) throws(E) -> Void
  ) throws(E) {
    if isWrapper { try edit("", body) } else { try body(&self) }
  }

  /// Sets the number of a child that is there, which keeps its type.
  ///
  /// - Returns: whether the child was there and its value changed.
  @discardableResult
  package mutating func set(_ name: String, _ number: Double) -> Bool {
    var didChange = false
    edit(name) { node in didChange = node.setNumber(number) }
    return didChange
  }

  /// Sets the number of a child that is there, which keeps its type.
  @discardableResult
  package mutating func set(_ name: String, _ number: Int) -> Bool { set(name, Double(number)) }

  /// Sets the number of a scalar, which keeps its type; whole numbers are rounded and clamped.
  @discardableResult
  package mutating func setNumber(_ number: Double) -> Bool {
    guard case .value(let old) = content else { return false }
    let new: MetadataValue
    switch old {
    case .bool: new = .bool(number != 0)
    case .int32: new = .int32(Int32(clamping: Self.whole(number)))
    case .uint32: new = .uint32(UInt32(clamping: Self.whole(number)))
    case .int64: new = .int64(Int64(clamping: Self.whole(number)))
    case .uint64: new = .uint64(UInt64(clamping: Self.whole(number)))
    case .double: new = .double(number)
    default: return false
    }
    content = .value(new)
    return new != old
  }

  private static func whole(_ number: Double) -> Int {
    Int(exactly: number.rounded()) ?? (number > 0 ? .max : .min)
  }

  /// Sets the text of a scalar that is text.
  ///
  /// - Returns: whether the text changed.
  @discardableResult
  package mutating func setText(_ text: String) -> Bool {
    guard case .value(.string(let old)) = content, old != text else { return false }
    content = .value(.string(text))
    return true
  }
}
