import ND2

/// A place where two JSON documents differ.
struct JSONDifference: CustomStringConvertible {
  var path: String
  var expected: JSONValue?
  var actual: JSONValue?

  var description: String {
    "\(path): expected \(short(expected)), got \(short(actual))"
  }

  private func short(_ value: JSONValue?) -> String {
    guard let value else { return "nothing" }
    let text = value.text()
    return text.count > 160 ? String(text.prefix(160)) + "…" : text
  }

  /// All differences of what is expected from what is there.
  ///
  /// Members that only the actual document has are no difference: ours may say more. Null and
  /// absent are the same. Numbers are equal when their values are.
  static func all(_ expected: JSONValue, _ actual: JSONValue?, path: String = "")
    -> [JSONDifference]
  {
    switch (expected, actual) {
    case (.null, nil), (.null, .null?): return []
    case (.object(let members), .object?):
      return members.flatMap { member in
        all(member.value, actual?[member.name], path: "\(path)/\(member.name)")
      }
    case (.array(let elements), .array(let others)?):
      guard elements.count == others.count else {
        return [JSONDifference(path: path, expected: expected, actual: actual)]
      }
      return zip(elements, others).enumerated().flatMap { index, pair in
        all(pair.0, pair.1, path: "\(path)/\(index)")
      }
    default:
      if let actual {
        if let a = expected.double, let b = actual.double, a == b { return [] }
        if expected == actual { return [] }
      }
      return [JSONDifference(path: path, expected: expected, actual: actual)]
    }
  }
}
