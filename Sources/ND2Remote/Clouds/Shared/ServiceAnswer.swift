package import ND2

/// The small XML and JSON documents that services answer with.
package enum ServiceAnswer {
  /// The text of the first element of that name, without looking at how elements are nested.
  package static func element(_ name: String, in body: [UInt8]) -> String? {
    let text = String(decoding: body, as: UTF8.self)
    guard let start = text.firstRange(ofText: "<\(name)>"),
      let end = text[start.upperBound...].firstRange(ofText: "</\(name)>")
    else { return nil }
    var content = String(text[start.upperBound..<end.lowerBound])
    if content.contains("&") {
      for (entity, sign) in entities { content = content.replacing(entity, with: sign) }
    }
    return String(content.trimmingSpace)
  }

  /// The ampersand is last, so that nothing is replaced twice.
  private static let entities = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"),
    ("&#34;", "\""), ("&amp;", "&"),
  ]

  /// A JSON document; nil when the bytes are none.
  package static func json(_ body: [UInt8]) -> JSONValue? {
    try? JSONParser.parse(body)
  }

  /// What the body of a failure says, cut to a sentence: its code and its message.
  ///
  /// Nothing but those two is taken: other elements repeat signed text and keys.
  package static func failure(_ response: RemoteResponse, hiding secrets: [String] = []) -> String?
  {
    var code = element("Code", in: response.body)
    var message = element("Message", in: response.body)
    if code == nil, message == nil, let document = json(response.body) {
      if let error = document["error"]?.string {
        code = error
        message = document["error_description"]?.string
      } else {
        code = document["error"]?["status"]?.string ?? document["Code"]?.string
        message = document["error"]?["message"]?.string ?? document["Message"]?.string
      }
    }
    code = code ?? response.header("x-ms-error-code")
    // Azure puts an identifier of the request and the time on lines of their own.
    var sentence = message?.split { $0.isNewline }.first.map(String.init)
    if let text = sentence, text.count > 300 { sentence = "\(text.prefix(300))…" }
    var result = [code, sentence].compactMap { $0 }.joined(separator: ": ")
    for secret in secrets where secret.utf8.count >= 4 {
      result = result.replacing(secret, with: "…")
    }
    let isClean = result.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    return result.isEmpty || !isClean ? nil : result
  }
}

extension String {
  /// The text with each occurrence of another replaced.
  fileprivate func replacing(_ text: String, with other: String) -> String {
    var result = ""
    var rest = self[...]
    while let place = rest.firstRange(ofText: text) {
      result += rest[..<place.lowerBound] + other
      rest = rest[place.upperBound...]
    }
    return result + rest
  }
}
