package import ND2

/// An address of a file somewhere else, taken apart.
///
/// Forms: `http://`, `https://`, `s3://bucket/key`, `gs://bucket/name`, `az://container/name`,
/// `az://account.blob.core.windows.net/container/name`,
/// `abfs[s]://container@account.dfs.core.windows.net/name` and `file:///path`. Names of objects are
/// taken literally, as the clouds' own tools do: `%20` in `s3://bucket/a%20b` is three characters.
/// Web and file addresses are encoded as usual; spaces and such that were left bare are encoded.
package struct RemoteAddress: Hashable, Sendable {
  /// What kind of place it is.
  package enum Place: Hashable, Sendable {
    /// A plain web server.
    case web(WebLocation)
    /// An object of Amazon S3 or of a server that speaks its protocol.
    case s3(S3Object)
    /// An object of Google Cloud Storage.
    case gcs(GCSObject)
    /// A blob of Azure.
    case azure(AzureBlob)
    /// A file of this machine.
    case file(path: String)
  }

  /// An object of S3.
  package struct S3Object: Hashable, Sendable {
    package var bucket: String
    /// The name, not encoded.
    package var key: String
    /// From `?versionId=…` at the end of the address.
    package var version: String?
  }

  /// An object of Google Cloud Storage.
  package struct GCSObject: Hashable, Sendable {
    package var bucket: String
    /// The name, not encoded.
    package var name: String
    /// From `#123…` at the end of the address.
    package var generation: String?
  }

  /// A blob of Azure.
  package struct AzureBlob: Hashable, Sendable {
    /// The storage account, when the address names it.
    package var account: String?
    /// The host of the account's blobs, when the address names it.
    package var host: String?
    package var container: String
    /// The name, not encoded.
    package var name: String
    /// The shared access signature from the end of the address: an encoded query.
    package var signature: String?
  }

  /// What kind of place it is.
  package var place: Place
  /// The address for people: without passwords, signatures and queries.
  package var redacted: String

  /// Whether a text is an address rather than a path: a scheme of two letters or more and `://`.
  package static func isAddress(_ text: String) -> Bool { scheme(of: text) != nil }

  private static func scheme(of text: String) -> (name: String, rest: Substring)? {
    guard let mark = text.firstRange(ofText: "://") else { return nil }
    let name = text[..<mark.lowerBound]
    guard name.utf8.count >= 2, let first = name.utf8.first, isLetter(first),
      name.utf8.allSatisfy({ isLetter($0) || 48...57 ~= $0 || "+-.".utf8.contains($0) })
    else { return nil }
    return (name.lowercased(), text[mark.upperBound...])
  }

  private static func isLetter(_ byte: UInt8) -> Bool { 65...90 ~= byte || 97...122 ~= byte }

  /// Takes an address apart.
  /// - Throws: ``ND2Error`` of code `invalidRequest`, or `unsupported` for other schemes.
  package init(_ text: String) throws(ND2Error) {
    guard let (scheme, rest) = Self.scheme(of: text) else {
      throw .invalidRequest("'\(text)' is a path, not an address with a scheme such as https://")
    }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw .invalidRequest("the \(scheme) address holds control characters")
    }
    switch scheme {
    case "http", "https":
      let web = try WebLocation(parsing: text)
      self.init(place: .web(web), redacted: web.redacted)
    case "s3", "s3a", "s3n": try self.init(s3: rest)
    case "gs", "gcs": try self.init(gcs: rest)
    case "az", "abfs", "abfss": try self.init(azure: rest, scheme: scheme)
    case "file": try self.init(file: rest)
    default:
      throw ND2Error(
        .unsupported,
        "addresses of the scheme '\(scheme)' cannot be read; known are http, https, s3, gs, az, "
          + "abfs, abfss and file")
    }
  }

  private init(place: Place, redacted: String) {
    self.place = place
    self.redacted = redacted
  }

  /// Splits at the first slash; both parts must hold something.
  private static func split(
    _ text: Substring, scheme: String, form: String
  ) throws(ND2Error) -> (Substring, Substring) {
    guard let slash = text.firstIndex(of: "/") else {
      throw .invalidRequest("the \(scheme) address names no object: it should be \(form)")
    }
    let (first, second) = (text[..<slash], text[text.index(after: slash)...])
    guard !first.isEmpty, !second.isEmpty else {
      throw .invalidRequest("the \(scheme) address names no object: it should be \(form)")
    }
    return (first, second)
  }

  private init(s3 text: Substring) throws(ND2Error) {
    var (bucket, key) = try Self.split(text, scheme: "s3", form: "s3://bucket/key")
    guard bucket.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) }) else {
      throw .invalidRequest("the s3 address has no valid bucket name; access points are not read")
    }
    var version: String?
    if let mark = key.firstRange(ofText: "?versionId=") {
      version = String(key[mark.upperBound...])
      key = key[..<mark.lowerBound]
    }
    guard !key.isEmpty else {
      throw .invalidRequest("the s3 address names no object: it should be s3://bucket/key")
    }
    self.init(
      place: .s3(S3Object(bucket: String(bucket), key: String(key), version: version)),
      redacted: "s3://\(bucket)/\(key)" + (version.map { "?versionId=\($0)" } ?? ""))
  }

  private init(gcs text: Substring) throws(ND2Error) {
    var (bucket, name) = try Self.split(text, scheme: "gs", form: "gs://bucket/name")
    guard bucket.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) }) else {
      throw .invalidRequest("the gs address has no valid bucket name")
    }
    var generation: String?
    if let hash = name.lastIndex(of: "#"), hash > name.startIndex {
      let digits = name[name.index(after: hash)...]
      if !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }) {
        generation = String(digits)
        name = name[..<hash]
      }
    }
    self.init(
      place: .gcs(GCSObject(bucket: String(bucket), name: String(name), generation: generation)),
      redacted: "gs://\(bucket)/\(name)" + (generation.map { "#\($0)" } ?? ""))
  }

  private init(file text: Substring) throws(ND2Error) {
    let slash = text.firstIndex(of: "/") ?? text.endIndex
    let host = text[..<slash].lowercased()
    guard host.isEmpty || host == "localhost", slash < text.endIndex else {
      throw .invalidRequest("a file address should be file:///path, on this machine")
    }
    guard let path = PercentEncoding.decode(PercentEncoding.repair(text[slash...])),
      !path.utf8.contains(0)
    else { throw .invalidRequest("the file address is not encoded rightly") }
    self.init(place: .file(path: path), redacted: path)
  }
}

extension RemoteAddress {
  /// Endings of the hosts that keep blobs of Azure, one for each of its clouds.
  static let azureSuffixes = [
    "core.windows.net", "core.chinacloudapi.cn", "core.usgovcloudapi.net", "core.cloudapi.de",
    "storage.azure.net", "fabric.microsoft.com",
  ]

  private init(azure text: Substring, scheme: String) throws(ND2Error) {
    let form =
      scheme == "az"
      ? "az://container/name or az://account.blob.core.windows.net/container/name"
      : "\(scheme)://container@account.dfs.core.windows.net/name"
    var (authority, path) = try Self.split(text, scheme: scheme, form: form)
    var signature: String?
    if let question = path.lastIndex(of: "?"), Self.isSignature(path[question...].dropFirst()) {
      signature = PercentEncoding.repair(path[path.index(after: question)...])
      path = path[..<question]
    }
    var blob = AzureBlob(container: "", name: "", signature: signature)
    if let at = authority.lastIndex(of: "@") {
      blob.container = String(authority[..<at])
      authority = authority[authority.index(after: at)...]
      try blob.setHost(authority)
    } else if authority.contains(".") {
      try blob.setHost(authority)
      let (container, name) = try Self.split(path, scheme: scheme, form: form)
      blob.container = String(container)
      path = name
    } else {
      blob.container = String(authority)
    }
    blob.name = String(path)
    let isFine = blob.container.utf8.allSatisfy {
      PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "$")
    }
    guard isFine, !blob.container.isEmpty, !blob.name.isEmpty else {
      throw .invalidRequest("the \(scheme) address should be \(form)")
    }
    let holder = blob.host ?? blob.account
    self.init(
      place: .azure(blob),
      redacted: (holder.map { "az://\($0)/\(blob.container)/" } ?? "az://\(blob.container)/")
        + blob.name + (signature == nil ? "" : "?…"))
  }

  /// Whether a query is a shared access signature.
  private static func isSignature(_ query: Substring) -> Bool {
    query.split(separator: "&").contains { $0.hasPrefix("sig=") }
  }
}

extension RemoteAddress.AzureBlob {
  /// Takes the account from `account` or `account.blob.core.windows.net`.
  ///
  /// Other hosts are refused: tokens and keys must not reach whatever host an address names.
  fileprivate mutating func setHost(_ text: Substring) throws(ND2Error) {
    let parts = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty,
      text.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) })
    else { throw .invalidRequest("the address has no valid storage account of Azure") }
    account = String(first)
    if parts.count == 1 { return }
    let known = RemoteAddress.azureSuffixes.contains { text.lowercased().hasSuffix(".\($0)") }
    guard known, parts.count > 2 else {
      throw .invalidRequest(
        "'\(text)' is no host of Azure; name another endpoint in the options, and the container "
          + "in the address")
    }
    // The same blobs are served under both names; only that of blobs knows all authorizations.
    var words = parts.map(String.init)
    for place in words.indices.dropFirst() where words[place] == "dfs" {
      words[place] = "blob"
      break
    }
    host = words.joined(separator: ".")
  }
}
