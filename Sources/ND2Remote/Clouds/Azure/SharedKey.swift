#if Remote
  import ND2

  /// The signature of Azure's storage by the key of the account.
  ///
  /// From Microsoft's documents, "Authorize with Shared Key", for versions from 2015-02-21 on.
  package struct SharedKey: Sendable {
    package var account: String
    package var key: [UInt8]

    package init(account: String, key: [UInt8]) {
      self.account = account
      self.key = key
    }

    /// Signs a request that has its headers `x-ms-date` and `x-ms-version`: sets `Authorization`.
    package func sign(_ request: inout RemoteRequest) throws {
      let text = try stringToSign(request)
      let code = Cryptography.hmacSHA256(key: key, Array(text.utf8))
      request.setHeader("Authorization", "SharedKey \(account):\(Base64.encode(code))")
    }

    /// What is signed: the method, eleven headers, those that begin with `x-ms-`, and the resource.
    func stringToSign(_ request: RemoteRequest) throws -> String {
      let web = try WebLocation(parsing: request.url)
      func header(_ name: String) -> String { request.header(name) ?? "" }
      let lines = [
        request.method.rawValue, header("Content-Encoding"), header("Content-Language"),
        request.body.isEmpty ? "" : String(request.body.count), header("Content-MD5"),
        header("Content-Type"), request.header("x-ms-date") == nil ? header("Date") : "",
        header("If-Modified-Since"), header("If-Match"), header("If-None-Match"),
        header("If-Unmodified-Since"), request.range?.headerValue ?? "",
      ]
      let own =
        request.headers
        .map { (name: $0.name.lowercased(), value: $0.value.trimmingSpace) }
        .filter { $0.name.hasPrefix("x-ms-") }
        .sorted { $0.name < $1.name }
        .map { "\($0.name):\($0.value)\n" }.joined()
      return lines.joined(separator: "\n") + "\n" + own + Self.resource(web, account: account)
    }

    /// The account, the path as it is sent, and the parameters: decoded, with names in lower case,
    /// in order, the values of one name separated by commas.
    private static func resource(_ web: WebLocation, account: String) -> String {
      var values: [String: [String]] = [:]
      for part in (web.query ?? "").split(separator: "&") {
        let equals = part.firstIndex(of: "=")
        let name = part[..<(equals ?? part.endIndex)]
        let value = equals.map { part[part.index(after: $0)...] } ?? ""
        let decoded = (PercentEncoding.decode(name) ?? String(name)).lowercased()
        values[decoded, default: []].append(PercentEncoding.decode(value) ?? String(value))
      }
      return "/\(account)\(web.path)"
        + values.sorted { $0.key < $1.key }
        .map { "\n\($0.key):\($0.value.sorted().joined(separator: ","))" }.joined()
    }
  }
#endif
