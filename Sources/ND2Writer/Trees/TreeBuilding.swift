package import ND2Format

extension MetadataValue {
  /// A level of named children, in the given order.
  package static func object(_ fields: KeyValuePairs<String, MetadataValue>) -> MetadataValue {
    .level(fields.map { MetadataField($0.key, $0.value) })
  }

  /// A level of unnamed children.
  package static func list(_ values: some Sequence<MetadataValue>) -> MetadataValue {
    .level(values.map { MetadataField("", $0) })
  }

  /// Children named by their numbers, behind a prefix; numbers are padded to `digits`.
  package static func numbered(
    _ prefix: String, _ values: some Sequence<MetadataValue>, digits: Int = 1
  ) -> MetadataValue {
    .level(numberedFields(prefix, values, digits: digits))
  }

  static func numberedFields(
    _ prefix: String, _ values: some Sequence<MetadataValue>, digits: Int = 1
  ) -> [MetadataField] {
    values.enumerated().map { index, value in
      let number = String(index)
      let zeros = String(repeating: "0", count: max(0, digits - number.count))
      return MetadataField(prefix + zeros + number, value)
    }
  }

  /// A count as an unsigned 32-bit number.
  package static func count(_ value: Int) -> MetadataValue { .uint32(UInt32(clamping: value)) }

  /// Sets the child at a path such as `uLoopPars/uiCount`, adding what is not there.
  ///
  /// A step that is a number means the member of that position; of several children of one name
  /// the last is set.
  package mutating func set(_ path: String, _ value: MetadataValue) {
    update(path) { $0 = value }
  }

  /// Removes the child at a path; does nothing when there is none.
  package mutating func remove(_ path: String) {
    var steps = path.split(separator: "/").map(String.init)
    guard let last = steps.popLast() else { return }
    update(steps.joined(separator: "/")) { parent in
      guard case .level(var fields) = parent, let index = Self.index(of: last, in: fields) else {
        return
      }
      fields.remove(at: index)
      parent = .level(fields)
    }
  }

  /// Changes the child at a path; an absent one starts as an empty level. An empty path means self.
  package mutating func update(_ path: String, _ change: (inout MetadataValue) -> Void) {
    let steps = path.split(separator: "/", maxSplits: 1).map(String.init)
    guard let first = steps.first else {
      change(&self)
      return
    }
    var fields = self.fields
    let index: Int
    if let known = Self.index(of: first, in: fields) {
      index = known
    } else {
      fields.append(MetadataField(first, .level([])))
      index = fields.count - 1
    }
    fields[index].value.update(steps.count > 1 ? steps[1] : "", change)
    self = .level(fields)
  }

  private static func index(of step: String, in fields: [MetadataField]) -> Int? {
    if let index = fields.lastIndex(where: { $0.name == step }) { return index }
    if let number = Int(step), fields.indices.contains(number) { return number }
    return nil
  }
}
