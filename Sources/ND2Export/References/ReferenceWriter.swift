import ND2

/// Members of a JSON object, one a line, on their way.
struct ReferenceWriter {
  private static let blockByteCount = 1 << 16
  private var bytes: [UInt8] = []
  private var isEmpty = true

  /// Appends text as it is.
  mutating func append(_ text: String) { bytes += text.utf8 }

  /// Begins a member. Keys have letters, digits, slashes and dots only.
  mutating func key(_ key: String) {
    append(isEmpty ? "\"" : ",\n\"")
    isEmpty = false
    append(key)
    append("\":")
  }

  /// Passes on what there is, once it is worth it.
  mutating func flush(_ pass: ([UInt8]) throws -> Void, isEnd: Bool = false) rethrows {
    guard isEnd || bytes.count >= Self.blockByteCount else { return }
    try pass(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Writes the documents of arrays and their groups. Each group has its own and those inside it once
  /// more in one: not every client can list groups inside others by references, and none has to.
  mutating func documents(
    of arrays: ReferenceArrays, _ pass: ([UInt8]) throws -> Void
  ) rethrows {
    let root = arrays.rootDocuments
    if !root.isEmpty {
      begin(gatheredAt: "")
      var isFirst = true
      for (key, value) in root { gather(key, value, &isFirst) }
      for array in 0..<arrays.count {
        let prefix = arrays.prefix(array)
        for (key, value) in arrays.imageDocuments(array) { gather(prefix + key, value, &isFirst) }
        try flush(pass)
      }
      endGathered()
      for (key, value) in root { document(key, value) }
    }
    for array in 0..<arrays.count {
      let prefix = arrays.prefix(array)
      let documents = arrays.imageDocuments(array)
      begin(gatheredAt: prefix)
      var isFirst = true
      for (key, value) in documents { gather(key, value, &isFirst) }
      endGathered()
      for (key, value) in documents { document(prefix + key, value) }
      try flush(pass)
    }
  }

  private mutating func document(_ key: String, _ value: JSONValue) {
    self.key(key)
    append(JSONValue.string(value.text()).text())
  }

  private mutating func begin(gatheredAt prefix: String) {
    key("\(prefix).zmetadata")
    append("\"" + Self.escaped("{\"zarr_consolidated_format\":1,\"metadata\":{"))
  }

  private mutating func gather(_ key: String, _ value: JSONValue, _ isFirst: inout Bool) {
    append(Self.escaped("\(isFirst ? "" : ",")\"\(key)\":\(value.text())"))
    isFirst = false
  }

  private mutating func endGathered() { append(Self.escaped("}}") + "\"") }

  /// Text as it stands inside a JSON string.
  private static func escaped(_ text: String) -> String {
    String(JSONValue.string(text).text().dropFirst().dropLast())
  }
}
