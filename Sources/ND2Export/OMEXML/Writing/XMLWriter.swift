/// Writes elements and attributes of XML 1.0 as UTF-8, and passes them on in large pieces.
///
/// Names are those of a schema, known when the program is built; texts and values come from anywhere
/// and are escaped. Characters that XML does not allow become U+FFFD.
struct XMLWriter {
  private var bytes: [UInt8] = []
  private var open: [StaticString] = []
  /// Whether the start tag of the innermost element still takes attributes.
  private var isTagOpen = false
  /// Whether the innermost element has text, so that no line break may be added.
  private var hasText = false
  private let pieceSize: Int
  private let pass: (UnsafeRawBufferPointer) throws -> Void

  /// Begins a document; `pass` gets its bytes, piece by piece.
  init(pieceSize: Int = 1 << 16, pass: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.pieceSize = pieceSize
    self.pass = pass
    bytes.reserveCapacity(pieceSize + pieceSize / 4)
    append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
  }

  // MARK: - Elements

  /// Begins an element; attributes may follow, then children or text, then ``end()``.
  mutating func begin(_ name: StaticString) {
    closeTag()
    lineBreak()
    bytes.append(UInt8(ascii: "<"))
    append(name)
    open.append(name)
    isTagOpen = true
  }

  /// Ends the innermost element.
  mutating func end() {
    guard let name = open.popLast() else { return }
    if isTagOpen {
      append("/>")
    } else {
      if !hasText { lineBreak() }
      append("</")
      append(name)
      bytes.append(UInt8(ascii: ">"))
    }
    isTagOpen = false
    hasText = false
  }

  /// Writes text into the innermost element.
  mutating func text(_ text: String) {
    closeTag()
    hasText = true
    escape(text, isAttribute: false)
  }

  /// Passes on what is there when it is much. To be called now and then in loops.
  mutating func relieve() throws {
    if bytes.count >= pieceSize { try drain() }
  }

  /// Ends the document.
  mutating func finish() throws {
    while !open.isEmpty { end() }
    bytes.append(0x0A)
    try drain()
  }

  // MARK: - Attributes

  /// Writes an attribute; nothing for nil.
  mutating func attribute(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    beginAttribute(name)
    escape(value, isAttribute: true)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes an attribute; nothing for nil.
  mutating func attribute(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    beginAttribute(name)
    XMLNumber.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes an attribute; nothing for nil.
  mutating func attribute(_ name: StaticString, _ value: Bool?) {
    guard let value else { return }
    beginAttribute(name)
    append(value ? "true" : "false")
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a number, with its unit as a further attribute; nothing for nil and for what is no finite
  /// 32-bit number, which is what the schema allows.
  mutating func attribute(
    _ name: StaticString, _ value: Double?, unit: (name: StaticString, symbol: StaticString)? = nil
  ) {
    guard let value, Float(value).isFinite else { return }
    beginAttribute(name)
    XMLNumber.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    guard let unit else { return }
    beginAttribute(unit.name)
    append(unit.symbol)
    bytes.append(UInt8(ascii: "\""))
  }

  /// The same for numbers that the schema wants above zero.
  mutating func positiveAttribute(
    _ name: StaticString, _ value: Double?, unit: (name: StaticString, symbol: StaticString)? = nil
  ) {
    guard let value, Float(value) > 0 else { return }
    attribute(name, value, unit: unit)
  }

  /// Points as the schema has them: `x,y x,y`.
  mutating func attribute(_ name: StaticString, points: [OME.Point]) {
    beginAttribute(name)
    for (index, point) in points.enumerated() {
      if index > 0 { bytes.append(0x20) }
      XMLNumber.append(point.x, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      XMLNumber.append(point.y, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  // MARK: - Bytes

  private mutating func beginAttribute(_ name: StaticString) {
    bytes.append(0x20)
    append(name)
    bytes.append(UInt8(ascii: "="))
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func closeTag() {
    guard isTagOpen else { return }
    bytes.append(UInt8(ascii: ">"))
    isTagOpen = false
    hasText = false
  }

  private mutating func lineBreak() {
    bytes.append(0x0A)
    for _ in 0..<open.count {
      bytes.append(0x20)
      bytes.append(0x20)
    }
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func drain() throws {
    guard !bytes.isEmpty else { return }
    try bytes.withUnsafeBytes { try pass($0) }
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func escape(_ text: String, isAttribute: Bool) {
    var text = text
    text.withUTF8 { XMLEscape.append($0, isAttribute: isAttribute, to: &bytes) }
  }
}
