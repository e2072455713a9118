package import ND2

/// The parts of an `http` or `https` address, all of them as they go over the wire.
package struct WebLocation: Hashable, Sendable {
  /// `http` or `https`.
  package var scheme: String
  /// Name or number of the host in lower case; IPv6 numbers in brackets.
  package var host: String
  /// The port, when it is not that of the scheme.
  package var port: UInt16?
  /// The encoded path; begins with a slash.
  package var path: String
  /// The encoded query without its question mark.
  package var query: String?
  /// The name before an `@`, decoded.
  package var user: String?
  /// The password before an `@`, decoded.
  package var password: String?

  /// Takes an address apart; what may not stand in one, such as spaces, is encoded.
  ///
  /// A fragment (`#…`) is dropped, as it never reaches a server.
  /// - Throws: ``ND2Error`` of code `invalidRequest`; its message never shows the address.
  package init(parsing text: String) throws(ND2Error) {
    guard let mark = text.firstRange(ofText: "://") else {
      throw Self.invalid("has no scheme such as https://")
    }
    scheme = text[..<mark.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw Self.invalid("has another scheme than http or https")
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw Self.invalid("holds control characters")
    }
    var rest = text[mark.upperBound...]
    if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let target = rest[end...]
    if let question = target.firstIndex(of: "?") {
      path = PercentEncoding.repair(target[..<question])
      query = PercentEncoding.repair(target[target.index(after: question)...])
    } else {
      path = PercentEncoding.repair(target)
      query = nil
    }
    if path.isEmpty { path = "/" }

    var authority = rest[..<end]
    if let at = authority.lastIndex(of: "@") {
      let account = authority[..<at]
      authority = authority[authority.index(after: at)...]
      let colon = account.firstIndex(of: ":")
      let name = account[..<(colon ?? account.endIndex)]
      user = PercentEncoding.decode(name) ?? String(name)
      if let colon {
        let secret = account[account.index(after: colon)...]
        password = PercentEncoding.decode(secret) ?? String(secret)
      }
    }
    (host, port) = try Self.hostAndPort(authority, scheme: scheme)
  }

  private static func hostAndPort(
    _ authority: Substring, scheme: String
  ) throws(ND2Error) -> (String, UInt16?) {
    var host = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else {
        throw invalid("has a host with '[' but no ']'")
      }
      let inner = authority[authority.index(after: authority.startIndex)..<close]
      guard !inner.isEmpty, inner.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        throw invalid("has no valid IPv6 host")
      }
      host = authority[...close]
      let behind = authority[authority.index(after: close)...]
      if behind.hasPrefix(":") {
        digits = behind.dropFirst()
      } else if !behind.isEmpty {
        throw invalid("has no valid host")
      }
    } else {
      if let colon = authority.lastIndex(of: ":") {
        host = authority[..<colon]
        digits = authority[authority.index(after: colon)...]
      }
      guard !host.isEmpty else { throw invalid("names no host") }
      let isFine = host.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-._".unicodeScalars.contains($0)
      }
      guard isFine else { throw invalid("has no valid host") }
    }
    var port: UInt16?
    if let digits, !digits.isEmpty {
      guard digits.utf8.allSatisfy({ 48...57 ~= $0 }), let number = UInt16(digits), number > 0
      else { throw invalid("has no valid port") }
      port = number
    }
    if port == (scheme == "https" ? 443 : 80) { port = nil }
    return (host.lowercased(), port)
  }

  private static func invalid(_ reason: String) -> ND2Error {
    .invalidRequest("the address \(reason)")
  }

  /// Host and port as the header `Host` has them.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }

  /// The address as requests use it: without user and password.
  package var url: String { origin + path + (query.map { "?\($0)" } ?? "") }

  /// Scheme, host and port.
  package var origin: String { "\(scheme)://\(authority)" }

  /// The address for people: without user, password, and the words of the query.
  package var redacted: String { origin + path + (query == nil ? "" : "?…") }

  /// Whether the host is this machine.
  package var isLoopback: Bool {
    host == "localhost" || host == "[::1]"
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { 48...57 ~= $0 || $0 == 46 })
  }

  /// Whether the host is a number rather than a name.
  package var hasNumericHost: Bool {
    host.hasPrefix("[") || host.utf8.allSatisfy { 48...57 ~= $0 || $0 == 46 }
  }

  /// The same place with a part put behind its path, with exactly one slash between.
  package func appending(encodedPath part: String) -> WebLocation {
    var copy = self
    while copy.path.hasSuffix("/") { copy.path.removeLast() }
    copy.path += part.hasPrefix("/") ? part : "/\(part)"
    return copy
  }

  /// Puts parameters behind the query.
  package mutating func append(encodedQuery parameters: String) {
    if parameters.isEmpty { return }
    query = query.map { $0.isEmpty ? parameters : "\($0)&\(parameters)" } ?? parameters
  }
}

extension StringProtocol {
  /// Where a text occurs first; compares bytes, not letters.
  package func firstRange(ofText text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    let view = utf8
    var start = view.startIndex
    while let place = view[start...].firstIndex(of: first) {
      if view[place...].starts(with: wanted) {
        return place..<view.index(place, offsetBy: wanted.count)
      }
      start = view.index(after: place)
    }
    return nil
  }
}
