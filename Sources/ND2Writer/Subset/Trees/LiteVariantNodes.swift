import ND2
package import ND2Format

/// Decodes the binary variant for editing, and encodes what was edited.
///
/// A chunk that was not edited is encoded to the bytes that it was decoded from, but for names and
/// texts that are no valid UTF-16 (layout: nd2-format §2.1).
package enum LiteVariantNodes {
  /// The item that a chunk holds; nil when anything about it is unsound.
  package static func decode(
    _ bytes: [UInt8], limits: ParsingLimits = .standard
  ) -> VariantNode? {
    var items = limits.itemCount
    return try? ByteReader.over(bytes) { (reader) throws(Malformed) -> VariantNode in
      try item(&reader, depth: 0, limits: limits, itemsLeft: &items)
    }
  }

  private static func item(
    _ reader: inout ByteReader, depth: Int, limits: ParsingLimits, itemsLeft: inout Int
  ) throws(Malformed) -> VariantNode {
    guard itemsLeft > 0, depth <= limits.depth else {
      throw reader.malformed(.limitExceeded(limit: "itemCount", value: UInt64(limits.itemCount)))
    }
    itemsLeft -= 1
    let start = reader.position
    let code: UInt8 = try reader.read()
    let units: UInt8 = try reader.read()
    let name = try reader.readUTF16(units: Int(units))
    var form = VariantNode.LiteForm()
    form.hasNameTerminator = units == 1
    let value: MetadataValue
    switch code {
    case 1:
      let byte: UInt8 = try reader.read()
      form.boolByte = byte
      value = .bool(byte != 0)
    case 2: value = .int32(try reader.read())
    case 3: value = .uint32(try reader.read())
    case 4: value = .int64(try reader.read())
    case 5: value = .uint64(try reader.read())
    case 6: value = .double(try reader.readDouble())
    case 7: value = .pointer(try reader.read())
    case 8: value = .string(try reader.readUTF16())
    case 9:
      let count = try reader.readCount64()
      value = .bytes(try reader.readBytes(count))
    case 11:
      let children = try level(
        &reader, start: start, depth: depth, limits: limits, itemsLeft: &itemsLeft, &form)
      return VariantNode(name, .level(children), form: .lite(form))
    default: throw reader.malformed(.unsupported("metadata type code \(code)"))
    }
    return VariantNode(name, .value(value), form: .lite(form))
  }

  private static func level(
    _ reader: inout ByteReader, start: Int, depth: Int, limits: ParsingLimits,
    itemsLeft: inout Int, _ form: inout VariantNode.LiteForm
  ) throws(Malformed) -> [VariantNode] {
    let count = Int(try reader.read(UInt32.self))
    let length = try reader.readCount64()
    guard count <= reader.remaining / 2 else {
      throw reader.malformed(.unexpected(expected: "\(count) children in a level"))
    }
    var nodes: [VariantNode] = []
    nodes.reserveCapacity(count)
    var places: [Int: Int] = [:]
    for place in 0..<count {
      places[reader.position - start] = place
      nodes.append(try item(&reader, depth: depth + 1, limits: limits, itemsLeft: &itemsLeft))
    }
    guard reader.position - start == length else {
      throw reader.malformed(.unexpected(expected: "\(count) children in a level"))
    }
    var order: [Int] = []
    for _ in 0..<count {
      let offset: UInt64 = try reader.read()
      if let place = Int(exactly: offset).flatMap({ places[$0] }) { order.append(place) }
    }
    form.tableOrder = order.count == count ? order : nil
    return nodes
  }

  /// The bytes of an item.
  package static func encode(_ node: VariantNode) -> [UInt8] {
    var out: [UInt8] = []
    append(node, to: &out)
    return out
  }

  private static func append(_ node: VariantNode, to out: inout [UInt8]) {
    var form = VariantNode.LiteForm()
    if case .lite(let known) = node.form { form = known }
    guard case .level(let children) = node.content else {
      var item = LiteVariantEncoder.encode(MetadataField(node.name, node.value))
      if node.name.isEmpty, form.hasNameTerminator {
        item.replaceSubrange(1..<2, with: [1, 0, 0])
      }
      if case .value(.bool(true)) = node.content, let byte = form.boolByte, byte != 0 {
        item[item.count - 1] = byte
      }
      out += item
      return
    }
    let start = out.count
    // The encoder writes an empty level; its name is what is wanted of it.
    var head = LiteVariantEncoder.encode(MetadataField(node.name, .level([])))
    if node.name.isEmpty, form.hasNameTerminator { head.replaceSubrange(1..<2, with: [1, 0, 0]) }
    out += head.dropLast(12)
    out.append(littleEndian: UInt32(clamping: children.count))
    let lengthPlace = out.count
    out.append(littleEndian: UInt64(0))
    var offsets: [Int] = []
    for child in children {
      offsets.append(out.count - start)
      append(child, to: &out)
    }
    out.replace(at: lengthPlace, littleEndian: UInt64(out.count - start))
    for place in tableOrder(children, known: form.tableOrder) {
      out.append(littleEndian: UInt64(offsets[place]))
    }
  }

  /// The children by the code points of their names; equal names as the file had them.
  private static func tableOrder(_ children: [VariantNode], known: [Int]?) -> [Int] {
    if let known, known.count == children.count, Set(known) == Set(children.indices),
      zip(known, known.dropFirst()).allSatisfy({
        !children[$1].name.utf8.lexicographicallyPrecedes(children[$0].name.utf8)
      })
    {
      return known
    }
    return children.indices.ordered { left, right in
      let (a, b) = (children[left].name, children[right].name)
      if a.utf8.elementsEqual(b.utf8) { return left < right }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }
}
