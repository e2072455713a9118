/// Decodes the XML variant: element name = key, `runtype` = type, `value` = scalar.
///
/// Runtypes and their meaning: nd2-format §2.2. Members of a list, which the files call `no_name`,
/// get an empty name as in the binary variant; every element is kept, zeros too.
package enum XMLVariantDecoder {
  private struct OpenElement {
    var name: String
    var runtype: String
    var value: String?
    var text: String?
    var fields: [MetadataField] = []
  }

  /// Decodes a document in UTF-8 or, with a byte order mark, UTF-16.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard, at offset: UInt64 = 0
  ) throws(Malformed) -> DecodedMetadata {
    let text = utf8(bytes)
    return try ByteReader.over(text, at: offset) { (reader) throws(Malformed) -> DecodedMetadata in
      try decode(&reader, limits: limits)
    }
  }

  private static func decode(
    _ reader: inout ByteReader, limits: ParsingLimits
  ) throws(Malformed) -> DecodedMetadata {
    var scanner = XMLScanner(reader)
    var problems: [Malformed] = []
    // The bottom of the stack is the document itself.
    var open = [OpenElement(name: "", runtype: "document")]
    var itemsLeft = limits.itemCount
    var sawElement = false

    func close() {
      let element = open.removeLast()
      let field = MetadataField(
        element.name == "no_name" ? "" : element.name,
        value(of: element, problems: &problems, at: scanner.offset))
      open[open.count - 1].fields.append(field)
    }

    while let event = scanner.next() {
      switch event {
      case .start(let name, let attributes, let isEmpty):
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
        sawElement = true
        open.append(
          OpenElement(
            name: name, runtype: attributes.first { $0.name == "runtype" }?.value ?? "",
            value: attributes.first { $0.name == "value" }?.value))
        if isEmpty { close() }
      case .end:
        if open.count > 1 { close() }
      case .text(let text):
        // In place: a text in many pieces must not be copied for each of them.
        open[open.count - 1].text = open[open.count - 1].text ?? ""
        open[open.count - 1].text?.append(text)
      }
    }
    if open.count > 1 {
      problems.append(
        Malformed(.unexpected(expected: "closing tags; the document is cut"), at: scanner.offset))
    }
    while open.count > 1 { close() }
    guard sawElement else {
      throw Malformed(.unexpected(expected: "an XML element"), at: scanner.offset)
    }
    return DecodedMetadata(root: unwrap(open[0].fields), problems: problems)
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

  private static func value(
    of element: OpenElement, problems: inout [Malformed], at offset: UInt64
  ) -> MetadataValue {
    if !element.fields.isEmpty { return .level(element.fields) }
    guard let text = element.value ?? element.text else {
      return isScalar(element.runtype) ? .string("") : .level([])
    }
    switch element.runtype {
    case "bool":
      return .bool(text == "1" || text.lowercased() == "true")
    case "lx_int32":
      if let value = integer(text) { return .int32(Int32(truncatingIfNeeded: value)) }
    case "lx_uint32":
      if let value = integer(text) { return .uint32(UInt32(truncatingIfNeeded: value)) }
    case "lx_int64":
      if let value = integer(text) { return .int64(value) }
    case "lx_uint64":
      if let value = UInt64(text) { return .uint64(value) }
      if let value = integer(text) { return .uint64(UInt64(bitPattern: value)) }
    case "double", "float":
      return .double(double(text))
    case "CLxByteArray":
      if let bytes = Base64.decode(text) { return .bytes(bytes) }
    default: return .string(text)
    }
    problems.append(
      Malformed(.unexpected(expected: "a value of type \(element.runtype)"), at: offset))
    return .string(text)
  }

  private static func isScalar(_ runtype: String) -> Bool {
    switch runtype {
    case "CLxStringW", "unknown": true
    default: false
    }
  }

  private static func integer(_ text: String) -> Int64? {
    if let value = Int64(text) { return value }
    let trimmed = text.filter { $0 != " " }
    return Int64(trimmed) ?? UInt64(trimmed).map { Int64(bitPattern: $0) }
  }

  /// The number, or NaN for texts such as `nan(ind)` and `1.#IND`.
  private static func double(_ text: String) -> Double {
    Double(text) ?? Double(text.filter { $0 != " " }) ?? .nan
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
