#if Remote
  /// Amazon's signature, version 4, in the header `Authorization`.
  ///
  /// From the documents of Amazon S3, "Authenticating Requests: Using the Authorization Header".
  package struct SignatureV4: Sendable {
    package var credentials: AWSCredentials
    package var region: String
    package var service: String

    package init(credentials: AWSCredentials, region: String, service: String) {
      self.credentials = credentials
      self.region = region
      self.service = service
    }

    /// Signs a request: sets `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` and
    /// `Authorization`.
    ///
    /// Signed are the host and all headers that begin with `x-amz-`; `alsoSigning` names others, in
    /// lower case. The path of the URL goes in as it is: S3 wants it encoded once.
    package func sign(
      _ request: inout RemoteRequest, at time: UTCTime, alsoSigning others: Set<String> = []
    ) throws {
      let web = try WebLocation(parsing: request.url)
      let payload = Cryptography.hexadecimal(Cryptography.sha256(request.body))
      request.setHeader("x-amz-date", time.compactText)
      request.setHeader("x-amz-content-sha256", payload)
      if let token = credentials.sessionToken { request.setHeader("x-amz-security-token", token) }

      var signed: [(name: String, value: String)] = [("host", web.authority)]
      for header in request.headers {
        let name = header.name.lowercased()
        guard name.hasPrefix("x-amz-") || others.contains(name) else { continue }
        signed.append((name, Self.collapsed(header.value)))
      }
      if others.contains("range"), let range = request.range {
        signed.append(("range", range.headerValue))
      }
      signed.sort { $0.name < $1.name }
      let names = signed.map(\.name).joined(separator: ";")

      let canonical = [
        request.method.rawValue, web.path, Self.canonicalQuery(web.query),
        signed.map { "\($0.name):\($0.value)\n" }.joined(), names, payload,
      ].joined(separator: "\n")
      let scope = "\(time.dateText)/\(region)/\(service)/aws4_request"
      let hash = Cryptography.hexadecimal(Cryptography.sha256(Array(canonical.utf8)))
      let text = "AWS4-HMAC-SHA256\n\(time.compactText)\n\(scope)\n\(hash)"
      var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
      for part in [time.dateText, region, service, "aws4_request"] {
        key = Cryptography.hmacSHA256(key: key, Array(part.utf8))
      }
      let signature = Cryptography.hexadecimal(Cryptography.hmacSHA256(key: key, Array(text.utf8)))
      request.setHeader(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
          + "SignedHeaders=\(names), Signature=\(signature)")
    }

    /// White space at the ends left out, and runs of blanks made one.
    private static func collapsed(_ value: String) -> String {
      value.split(separator: " ").joined(separator: " ")
    }

    /// Parameters in the order of their encoded names and values, each with an equals sign.
    static func canonicalQuery(_ query: String?) -> String {
      guard let query, !query.isEmpty else { return "" }
      let pairs = query.split(separator: "&").map { part -> (String, String) in
        let equals = part.firstIndex(of: "=")
        let name = part[..<(equals ?? part.endIndex)]
        let value = equals.map { part[part.index(after: $0)...] } ?? ""
        return (Self.normalized(name), Self.normalized(value))
      }
      return
        pairs
        .sorted { $0.0 == $1.0 ? $0.1.isBefore($1.1) : $0.0.isBefore($1.0) }
        .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private static func normalized(_ text: Substring) -> String {
      PercentEncoding.encode(PercentEncoding.decode(text) ?? String(text))
    }
  }

  extension String {
    /// Order of the bytes, not of letters.
    fileprivate func isBefore(_ other: String) -> Bool {
      utf8.lexicographicallyPrecedes(other.utf8)
    }
  }
#endif
