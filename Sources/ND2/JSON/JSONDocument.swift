import ND2Format

/// Values that are kept in small files of JSON.
enum JSONDocument {
  static func parse(_ text: [UInt8]) throws -> JSONValue {
    do {
      return try JSONParser.parse(
        text, limits: ParsingLimits.standard.fitted(toByteCount: UInt64(text.count) * 8))
    } catch {
      throw ND2Error(error, in: "the JSON text cannot be read")
    }
  }

  /// - Throws: ``ND2Error/Code/malformed`` when the text is no such value.
  static func decode<Value: Decodable>(_ text: [UInt8], as what: String) throws -> Value {
    let json = try parse(text)
    do {
      return try json.decode()
    } catch let error as DecodingError {
      throw ND2Error(.malformed, "this is no \(what): \(summary(of: error))")
    }
  }

  static func decode<Value: Decodable>(path: String, as what: String) throws -> Value {
    do {
      return try decode(try bytes(of: path), as: what)
    } catch let error as ND2Error {
      throw error.inFile(path)
    }
  }

  static func bytes(of path: String) throws -> [UInt8] {
    let source = try FileSource(path: path)
    return try source.read(0..<source.byteCount())
  }

  /// Writes a document; the file appears whole or not at all.
  static func write(_ json: JSONValue, to path: String, overwriting: Bool) throws {
    let file = try WholeFile(path: path, options: .init(overwriting: overwriting))
    try file.write(Array((json.text(indentation: 2) + "\n").utf8))
    try file.commit()
  }

  private static func summary(of error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return "\(error)"
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }
}

extension JSONValue {
  /// The value of JSON text.
  ///
  /// - Throws: ``ND2Error/Code/malformed`` where it is none, ``ND2Error/Code/limitExceeded`` when it is
  ///   nested too deeply or has far more items than fit into its size.
  public init(parsing text: [UInt8]) throws { self = try JSONDocument.parse(text) }
}
