/// Decodes the XML variant: element name = key, `runtype` = type, `value` = scalar.
///
/// Runtypes and their meaning: nd2-format §2.2. Members of a list, which the files call `no_name`,
/// get an empty name as in the binary variant; every element is kept, zeros too.
package enum XMLVariantDecoder {
  /// Defects of which no more are told.
  private static let mostProblems = 100

  private struct OpenElement {
    var name: String
    var type: VariantType
    var value: UnsafeRawBufferPointer?
    var text: String?
    var fields: [MetadataField] = []
  }

  /// Decodes a document in UTF-8 or, with a byte order mark, UTF-16.
  ///
  /// - Parameter keepsAttributes: whether attributes that are neither type nor value become
  ///   children, as the documents of version 1.0 need it.
  package static func decode(
    _ bytes: [UInt8], keepsAttributes: Bool = false, limits: ParsingLimits = .standard,
    at offset: UInt64 = 0
  ) throws(Malformed) -> DecodedMetadata {
    try utf8(bytes).withUnsafeBufferPointer { (text) throws(Malformed) -> DecodedMetadata in
      try decode(
        XMLScanner(UnsafeRawBufferPointer(text), at: offset), keepsAttributes: keepsAttributes,
        limits: limits)
    }
  }

  private static func decode(
    _ document: XMLScanner, keepsAttributes: Bool, limits: ParsingLimits
  ) throws(Malformed) -> DecodedMetadata {
    var scanner = document
    var problems: [Malformed] = []
    // The bottom of the stack is the document itself.
    var open = [OpenElement(name: "", type: .other)]
    var itemsLeft = limits.itemCount

    while let token = scanner.next() {
      switch token {
      case .start, .empty:
        guard itemsLeft > 0 else {
          throw Malformed(
            .limitExceeded(limit: "itemCount", value: UInt64(clamping: limits.itemCount)),
            at: scanner.offset)
        }
        guard open.count <= limits.depth else {
          throw Malformed(
            .limitExceeded(limit: "depth", value: UInt64(clamping: limits.depth)),
            at: scanner.offset)
        }
        itemsLeft -= 1
        var element = OpenElement(
          name: scanner.name.equals("no_name") ? "" : String(decoding: scanner.name, as: UTF8.self),
          type: VariantType(scanner.attribute("runtype")), value: scanner.attribute("value"))
        if keepsAttributes {
          element.fields = Self.fields(of: scanner.attributes)
          itemsLeft = max(0, itemsLeft - element.fields.count)
        }
        if case .empty = token {
          close(element, in: &open[open.count - 1], &problems, at: scanner.offset)
        } else {
          open.append(element)
        }
      case .end:
        guard open.count > 1 else { continue }
        let element = open.removeLast()
        close(element, in: &open[open.count - 1], &problems, at: scanner.offset)
      case .text:
        // In place: a text in many pieces must not be copied for each of them.
        open[open.count - 1].text = open[open.count - 1].text ?? ""
        open[open.count - 1].text?.append(XMLText.decode(scanner.text))
      }
    }
    if open.count > 1 {
      problems.append(
        Malformed(.unexpected(expected: "closing tags; the document is cut"), at: scanner.offset))
    }
    while open.count > 1 {
      let element = open.removeLast()
      close(element, in: &open[open.count - 1], &problems, at: scanner.offset)
    }
    guard itemsLeft < limits.itemCount else {
      throw Malformed(.unexpected(expected: "an XML element"), at: scanner.offset)
    }
    return DecodedMetadata(
      root: unwrap(open[0].fields), problems: problems, itemCount: limits.itemCount - itemsLeft)
  }

  /// The attributes that say more than type and value.
  private static func fields(of attributes: [XMLScanner.Attribute]) -> [MetadataField] {
    attributes.compactMap { attribute in
      for known in ["runtype", "value", "version"] as [StaticString]
      where attribute.name.equals(known) { return nil }
      return MetadataField(
        String(decoding: attribute.name, as: UTF8.self),
        .string(XMLText.decode(attribute.value)))
    }
  }

  private static func close(
    _ element: OpenElement, in parent: inout OpenElement, _ problems: inout [Malformed],
    at offset: UInt64
  ) {
    guard element.fields.isEmpty else {
      parent.fields.append(MetadataField(element.name, .level(element.fields)))
      return
    }
    var value: MetadataValue?
    if let raw = element.value {
      value = element.type.value(raw)
    } else if var text = element.text {
      value = text.withUTF8 { element.type.value(UnsafeRawBufferPointer($0)) }
    } else {
      value = element.type == .string ? .string("") : .level([])
    }
    if value == nil, problems.count < mostProblems {
      problems.append(
        Malformed(.unexpected(expected: "a value of type \(element.type)"), at: offset))
    }
    let text = element.value.map { XMLText.decode($0) } ?? element.text ?? ""
    parent.fields.append(MetadataField(element.name, value ?? .string(text)))
  }

  /// Drops the outer `<variant>`, and then a list of one around the whole.
  private static func unwrap(_ document: [MetadataField]) -> MetadataValue {
    var root = MetadataValue.level(document)
    if document.count == 1, document[0].name == "variant", case .level = document[0].value {
      root = document[0].value
    }
    if case .level(let fields) = root, fields.count == 1, fields[0].name.isEmpty,
      case .level = fields[0].value
    {
      root = fields[0].value
    }
    return root
  }

  /// The document as UTF-8 without a byte order mark.
  private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    let isMarked = bytes.starts(with: [0xFF, 0xFE])
    if isMarked || bytes.starts(with: [0x3C, 0x00]) {
      return Array(UTF16Text.decode(isMarked ? Array(bytes.dropFirst(2)) : bytes).utf8)
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      var swapped = Array(bytes.dropFirst(2))
      for index in stride(from: 0, to: swapped.count - 1, by: 2) {
        swapped.swapAt(index, index + 1)
      }
      return Array(UTF16Text.decode(swapped).utf8)
    }
    return bytes
  }
}
