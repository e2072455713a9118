import ND2
import ND2Codecs
import ND2Format

/// The data of a chunk in the form in which it can be edited, and back.
struct EditableChunk {
  /// What the data is.
  enum Kind {
    /// A tree of the binary variant, compressed or not.
    case lite(isCompressed: Bool)
    /// A document of the XML variant.
    case xml(head: String)
    /// A JSON document, compressed or not.
    case json(isCompressed: Bool)
  }

  /// What the data is.
  let kind: Kind
  /// The tree; the children of a nameless level are what stands at the top.
  var tree = VariantNode("", .level([]))
  /// The JSON document.
  var json = JSONValue.null
  /// Whether what could not be decoded is left out when the chunk is written.
  private(set) var isLossy = false

  /// Decodes the data of a chunk; nil when it is none of the known kinds.
  init?(_ bytes: [UInt8], limits: ParsingLimits) {
    guard !bytes.isEmpty else { return nil }
    if MetadataDecoder.looksLikeXML(bytes) {
      if let document = XMLVariantNodes.decode(bytes, limits: limits) {
        kind = .xml(head: document.head)
        tree = document.root
        return
      }
      guard let decoded = try? XMLVariantDecoder.decode(bytes, limits: limits) else { return nil }
      kind = .xml(head: #"<?xml version="1.0" encoding="UTF-8"?>"#)
      let inner = VariantNode(MetadataField("", decoded.root))
      tree = VariantNode("", .level([VariantNode("variant", .level([inner]))]))
      isLossy = true
      return
    }
    let isCompressed = bytes[0] == LiteVariantDecoder.compressedMark
    if isCompressed || (1...11).contains(bytes[0]) {
      var stream = bytes
      if isCompressed {
        guard let inflated = try? CompressedVariant.inflate(bytes, limits: limits, at: 0) else {
          return nil
        }
        stream = inflated
      }
      if let node = LiteVariantNodes.decode(stream, limits: limits) {
        kind = .lite(isCompressed: isCompressed)
        tree.children = [node]
        return
      }
      if let decoded = try? LiteVariantDecoder.decode(stream, limits: limits),
        !decoded.root.fields.isEmpty
      {
        kind = .lite(isCompressed: isCompressed)
        tree = VariantNode(MetadataField("", decoded.root))
        isLossy = true
        return
      }
    }
    guard let document = MetadataDump.document(bytes, limits: limits) else { return nil }
    kind = .json(isCompressed: Inflater.looksLikeZlib(bytes[0], bytes[1]))
    json = document
  }

  /// The data of the chunk.
  func encoded() throws -> [UInt8] {
    switch kind {
    case .xml(let head): return XMLVariantNodes.encode(.init(head: head, root: tree))
    case .lite(let isCompressed):
      let stream = tree.children.flatMap { LiteVariantNodes.encode($0) }
      return isCompressed ? try LiteVariantEncoder.compress(stream) : stream
    case .json(let isCompressed):
      let text = Array(json.text().utf8)
      return isCompressed ? try Deflater(level: 6).deflate(text) : text
    }
  }

  /// Whether this is a tree of either variant.
  var isTree: Bool {
    if case .json = kind { return false }
    return true
  }

  /// Edits the level that the chunk describes, without what is wrapped around it.
  mutating func editContent<E: Error>(
    named name: String, _ body: (inout VariantNode) throws(E) -> Void
  ) throws(E) {
    if tree.children.count == 1, tree.children[0].name == "variant" {
      try tree.edit("variant") { (node) throws(E) in
        try node.editContent(named: name, body)
      }
    } else {
      try tree.editContent(named: name, body)
    }
  }
}
