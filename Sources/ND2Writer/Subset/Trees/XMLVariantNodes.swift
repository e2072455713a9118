import ND2
package import ND2Format

/// Decodes the XML variant for editing, and encodes what was edited.
///
/// What is not edited keeps its types, its numbers' digits and its references; white space between
/// elements is not kept (nd2-format §2.2).
package enum XMLVariantNodes {
  /// A document: what stands before its first element, and its elements.
  package struct Document: Hashable, Sendable {
    /// The declaration.
    var head: String
    /// The elements at the top, as the children of a nameless level.
    package var root: VariantNode
  }

  /// The elements of a document in UTF-8; nil when it is something else, or is cut short.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard
  ) -> Document? {
    // UTF-16 is left to the tolerant decoder.
    guard let first = bytes.first, first == 0x3C || first == 0xEF || first <= 0x20 else {
      return nil
    }
    if bytes.count > 1, bytes[1] == 0 { return nil }
    return bytes.withUnsafeBytes { decode($0, limits: limits) }
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, limits: ParsingLimits
  ) -> Document? {
    var scanner = XMLScanner(bytes)
    var head: String?
    // Children are gathered apart from their parents, so that appending copies nothing.
    var open = [VariantNode("", .level([]))]
    var gathered: [[VariantNode]] = [[]]
    var itemsLeft = limits.itemCount
    while let token = scanner.next() {
      switch token {
      case .start, .empty:
        guard itemsLeft > 0, open.count <= limits.depth else { return nil }
        itemsLeft -= 1
        if head == nil, let base = bytes.baseAddress, let name = scanner.name.baseAddress {
          let count = max(0, name - base - 1)
          head = String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        var node = element(scanner)
        if case .empty = token {
          gathered[gathered.count - 1].append(node)
        } else {
          if case .xml(var form) = node.form {
            form.isEmptyTag = false
            node.form = .xml(form)
          }
          if case .value = node.content, scanner.attribute("value") == nil {
            // Children or text may follow.
            node.content = .level([])
          }
          open.append(node)
          gathered.append([])
        }
      case .end:
        guard open.count > 1 else { continue }
        var node = open.removeLast()
        let children = gathered.removeLast()
        if !children.isEmpty { node.children = children }
        gathered[gathered.count - 1].append(closed(node))
      case .text:
        guard open.count > 1, gathered[gathered.count - 1].isEmpty else { continue }
        setText(scanner.text, of: &open[open.count - 1])
      }
    }
    guard open.count == 1, let head, !gathered[0].isEmpty else { return nil }
    return Document(head: head, root: VariantNode("", .level(gathered[0])))
  }

  private static func element(_ scanner: XMLScanner) -> VariantNode {
    let name = String(decoding: scanner.name, as: UTF8.self)
    var form = VariantNode.XMLForm(
      elementName: name,
      attributes: scanner.attributes.compactMap { attribute in
        attribute.name.equals("value")
          ? nil
          : .init(
            name: String(decoding: attribute.name, as: UTF8.self),
            text: String(decoding: attribute.value, as: UTF8.self))
      })
    let type = VariantType(scanner.attribute("runtype"))
    var content = VariantNode.Content.level([])
    if let raw = scanner.attribute("value") {
      let value = type.value(raw) ?? .string(XMLText.decode(raw))
      form.stored = (String(decoding: raw, as: UTF8.self), value)
      content = .value(value)
    } else if case .string = type {
      content = .value(.string(""))
    }
    return VariantNode(name == "no_name" ? "" : name, content, form: .xml(form))
  }

  /// A text element that turned out to be empty is an empty text.
  private static func closed(_ node: VariantNode) -> VariantNode {
    guard case .xml(let form) = node.form, case .level(let children) = node.content,
      children.isEmpty, form.stored == nil,
      form.attributes.contains(where: { $0.name == "runtype" && $0.text == "CLxStringW" })
    else { return node }
    var node = node
    node.content = .value(.string(""))
    return node
  }

  private static func setText(_ raw: UnsafeRawBufferPointer, of node: inout VariantNode) {
    guard case .xml(var form) = node.form, node.children.isEmpty, form.stored == nil else { return }
    let runtype = form.attributes.first { $0.name == "runtype" }?.text ?? ""
    let type = Array(runtype.utf8).withUnsafeBytes { VariantType($0) }
    let value = type.value(raw) ?? .string(XMLText.decode(raw))
    form.stored = (String(decoding: raw, as: UTF8.self), value)
    form.isText = true
    node.form = .xml(form)
    node.content = .value(value)
  }

  /// The bytes of a document.
  package static func encode(_ document: Document) -> [UInt8] {
    var out = Array(document.head.utf8)
    for node in document.root.children { append(node, to: &out) }
    return out
  }

  private static func append(_ node: VariantNode, to out: inout [UInt8]) {
    guard case .xml(let form) = node.form else {
      out += XMLVariantEncoder.elements([node.field])
      return
    }
    out += "<\(form.elementName)".utf8
    for attribute in form.attributes {
      out += " \(attribute.name)=\"\(escapingQuotes(attribute.text))\"".utf8
    }
    switch node.content {
    case .value(let value):
      let text = text(of: value, form)
      if form.isText {
        out += ">\(text)</\(form.elementName)>".utf8
      } else if form.stored == nil, value == .string("") {
        out += form.isEmptyTag ? "/>".utf8 : "></\(form.elementName)>".utf8
      } else {
        out += " value=\"\(escapingQuotes(text))\"".utf8
        out += form.isEmptyTag ? "/>".utf8 : "></\(form.elementName)>".utf8
      }
    case .level(let children):
      if children.isEmpty, form.isEmptyTag {
        out += "/>".utf8
        return
      }
      out += ">".utf8
      for child in children { append(child, to: &out) }
      out += "</\(form.elementName)>".utf8
    }
  }

  private static func escapingQuotes(_ text: String) -> String {
    text.utf8.contains(0x22)
      ? text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "&quot;") : text
  }

  /// The text of a value: as stored when it was not edited.
  private static func text(of value: MetadataValue, _ form: VariantNode.XMLForm) -> String {
    if let stored = form.stored, isSame(stored.value, value) { return stored.text }
    guard case .string(let value) = value else { return XMLVariantEncoder.text(of: value) }
    return String(decoding: XMLVariantEncoder.attribute(value), as: UTF8.self)
  }

  /// Equality by which NaN is itself.
  private static func isSame(_ a: MetadataValue, _ b: MetadataValue) -> Bool {
    if case .double(let a) = a, case .double(let b) = b { return a.bitPattern == b.bitPattern }
    return a == b
  }
}
