package import ND2Format

/// Encodes trees as the XML variant; layout: nd2-format §2.2.
///
/// A pointer becomes an integer, as the XML form has no pointers. Characters that cannot stand in
/// an element name become `_`.
package enum XMLVariantEncoder {
  /// What stands between `<variant>` and the children of the root.
  package enum Wrapper: Sendable {
    /// A list of one, as around attributes, experiment and text: `<no_name>`.
    case listOfOne
    /// Nothing, as around the description of recorded data.
    case none
  }

  /// Encodes a document in UTF-8.
  package static func encode(
    _ root: MetadataValue, wrapper: Wrapper = .listOfOne
  ) -> [UInt8] {
    var out = Array(#"<?xml version="1.0" encoding="UTF-8"?><variant version="1.0">"#.utf8)
    switch wrapper {
    case .listOfOne: append(MetadataField("", root), to: &out)
    case .none: for field in root.fields { append(field, to: &out) }
    }
    out += "</variant>".utf8
    return out
  }

  /// The elements of some fields, without what a document has around them.
  static func elements(_ fields: [MetadataField]) -> [UInt8] {
    var out: [UInt8] = []
    for field in fields { append(field, to: &out) }
    return out
  }

  /// Text as it stands in an attribute.
  static func attribute(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    appendText(text, to: &out)
    return out
  }

  private static func append(_ field: MetadataField, to out: inout [UInt8]) {
    let name = elementName(field.name)
    out += "<\(name) runtype=\"\(runtype(of: field.value))\"".utf8
    if case .level(let fields) = field.value {
      if fields.isEmpty {
        out += "/>".utf8
      } else {
        out += ">".utf8
        for child in fields { append(child, to: &out) }
        out += "</\(name)>".utf8
      }
      return
    }
    out += " value=\"".utf8
    appendText(text(of: field.value), to: &out)
    out += "\"/>".utf8
  }

  private static func runtype(of value: MetadataValue) -> String {
    switch value {
    case .bool: "bool"
    case .int32: "lx_int32"
    case .uint32: "lx_uint32"
    case .int64: "lx_int64"
    case .uint64, .pointer: "lx_uint64"
    case .double: "double"
    case .string: "CLxStringW"
    case .bytes: "CLxByteArray"
    case .level: "CLxListVariant"
    }
  }

  /// A value as text, before characters are escaped.
  static func text(of value: MetadataValue) -> String {
    switch value {
    case .bool(let value): return value ? "true" : "false"
    case .int32(let value): return String(value)
    case .uint32(let value): return String(value)
    case .int64(let value): return String(value)
    case .uint64(let value), .pointer(let value): return String(value)
    case .double(let value):
      let text = value.description
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .string(let value): return value
    case .bytes(let value): return Base64.encode(value)
    case .level: return ""
    }
  }

  private static func elementName(_ name: String) -> String {
    if name.isEmpty { return "no_name" }
    var text = ""
    for scalar in name.unicodeScalars {
      let isForbidden = scalar.value <= 0x20 || "<>/=\"'&".unicodeScalars.contains(scalar)
      text.unicodeScalars.append(isForbidden ? "_" : scalar)
    }
    if text.hasPrefix("!") || text.hasPrefix("?") { text = "_" + text.dropFirst() }
    return text
  }

  private static func appendText(_ text: String, to out: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out += "&amp;".utf8
      case UInt8(ascii: "<"): out += "&lt;".utf8
      case UInt8(ascii: ">"): out += "&gt;".utf8
      case UInt8(ascii: "\""): out += "&quot;".utf8
      case 0..<0x20:
        out += "&#x00".utf8
        out += [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ";")]
      default: out.append(byte)
      }
    }
  }
}
