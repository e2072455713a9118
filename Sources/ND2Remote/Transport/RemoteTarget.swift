import ND2

/// What an address stands for: where requests go and who signs them.
package struct RemoteTarget: Sendable {
  /// The URL of requests, before the authorizer sees them.
  package var url: String
  /// The address for people, without anything secret: it stands in errors and logs.
  package var name: String
  /// Signs requests; nil when there is nothing to sign.
  package var authorizer: (any RequestAuthorizer)?
  /// Whether the server gives the last bytes of an object without being told where they begin.
  package var givesSuffixes = true

  /// A target.
  package init(url: String, name: String, authorizer: (any RequestAuthorizer)? = nil) {
    self.url = url
    self.name = name
    self.authorizer = authorizer
  }

  #if Remote
    /// The target of an address.
    ///
    /// - Throws: `ND2Error`: `invalidRequest` when it cannot be understood, `unsupported` for a
    ///   scheme that is not known.
    package init(_ address: String, options: RemoteOptions) throws {
      guard let colon = address.firstRange(of: "://") else {
        throw ND2Error(
          .invalidRequest, "the address does not begin with a scheme, such as https://")
      }
      let scheme = address[..<colon.lowerBound].lowercased()
      if let target = try CloudTargets.target(address, scheme: scheme, options: options) {
        self = target
        return
      }
      guard scheme == "http" || scheme == "https" else {
        throw ND2Error(.unsupported, "addresses of the scheme '\(scheme)' cannot be read")
      }
      let name = Self.redacted(address)
      let url = Self.escaped(address)
      // libcurl would take "http:///host" for "http://host".
      guard WebAddress(url) != nil, !address[colon.upperBound...].hasPrefix("/") else {
        throw ND2Error(.invalidRequest, "this is no address of a file", at: .init(file: name))
      }
      self.init(url: url, name: name)
    }
  #endif

  /// A URL without user, password and query.
  package static func redacted(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "…" }
    var rest = url[scheme.upperBound...]
    if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
    var suffix = ""
    if let query = rest.firstIndex(of: "?") {
      rest = rest[..<query]
      suffix = "?…"
    }
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    var authority = rest[..<end]
    if let at = authority.lastIndex(of: "@") {
      authority = authority[authority.index(after: at)...]
    }
    return "\(url[..<scheme.upperBound])\(authority)\(rest[end...])\(suffix)"
  }

  /// A URL whose letters beyond ASCII, spaces, and percent signs that begin no `%XX` are
  /// percent-encoded; nothing else changes.
  package static func escaped(_ url: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let source = Array(url.utf8)
    var bytes: [UInt8] = []
    for (place, byte) in source.enumerated() {
      let isLonePercent =
        byte == 0x25
        && (place + 2 >= source.count
          || !source[(place + 1)...(place + 2)].allSatisfy {
            Character(UnicodeScalar($0)).isHexDigit
          })
      if byte > 0x20, byte < 0x7F, byte != 0x22, byte != 0x3C, byte != 0x3E, !isLonePercent {
        bytes.append(byte)
      } else {
        bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
