import ND2

/// The address in references: it must lead to the file, and must hold no credentials.
enum ReferenceAddress {
  /// Names in queries of addresses that were signed, or whose values are secrets.
  private static let secrets: Set<String> = [
    "sig", "signature", "x-amz-signature", "x-amz-credential", "x-amz-security-token",
    "x-goog-signature", "x-goog-credential", "awsaccesskeyid", "googleaccessid", "access_token",
    "token", "key", "api_key", "apikey", "password",
  ]
  /// Schemes in which what stands before `@` is the name of a container.
  private static let containers: Set<String> = ["abfs", "abfss", "wasb", "wasbs"]

  /// - Parameters:
  ///   - wanted: what the caller wants; nil for the address of the file.
  ///   - path: path or address of the file.
  /// - Throws: `ND2Error.Code.invalidRequest` when there is no address, or one with credentials.
  static func resolve(wanted: String?, path: String) throws -> String {
    if let wanted {
      guard !wanted.isEmpty else { throw ND2Error(.invalidRequest, "the address is empty") }
      guard !hasCredentials(wanted) else {
        throw ND2Error(
          .invalidRequest,
          "the address holds credentials, which must not get into references: give it without "
            + "them, and let those who read have their own")
      }
      return wanted
    }
    if path.contains("://") {
      guard !hasCredentials(path), !path.contains("?") else {
        throw ND2Error(
          .invalidRequest,
          "the file was opened by an address that may hold credentials; say which address the "
            + "references shall have")
      }
      return path
    }
    guard path.hasPrefix("/") else {
      throw ND2Error(
        .invalidRequest, "the file has no path; say which address the references shall have")
    }
    return "file://\(path)"
  }

  static func hasCredentials(_ address: String) -> Bool {
    guard let mark = address.firstRange(of: "://") else { return false }
    let scheme = address[..<mark.lowerBound].lowercased()
    let rest = address[mark.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") {
      let user = authority[..<at]
      if user.contains(":") { return true }
      if scheme.hasPrefix("http") && !containers.contains(scheme) { return true }
    }
    guard let query = rest.firstIndex(of: "?") else { return false }
    let pairs = rest[rest.index(after: query)...].split { $0 == "&" || $0 == "#" || $0 == ";" }
    return pairs.contains { pair in
      secrets.contains(pair.prefix { $0 != "=" }.lowercased())
    }
  }
}
