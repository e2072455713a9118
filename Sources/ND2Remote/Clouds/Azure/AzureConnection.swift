#if Remote
  import ND2

  /// Where a blob lies and what proves that it may be read: made from the address, the options and
  /// the environment.
  package struct AzureConnection: Sendable {
    /// What proves it.
    package enum Proof: Hashable, Sendable {
      /// Nothing.
      case anonymous
      /// A shared access signature: parameters of the query.
      case signature(Secret)
      /// The key of the account, decoded.
      case key([UInt8])
      /// A token that is given.
      case token(AccessToken)
      /// A token that is to be fetched.
      case identity
    }

    /// The account, as signatures name it.
    package var account: String
    /// The address of the account's blobs.
    package var base: WebLocation
    package var proof: Proof

    /// Account and key of the emulator, the same everywhere; from Microsoft's documents of Azurite.
    static let emulatorAccount = "devstoreaccount1"
    private static let emulatorKey =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/"
      + "K1SZFPTOtr/KBHBeksoGMGw=="

    /// Puts together what is known.
    package init(_ blob: RemoteAddress.AzureBlob, options: AzureOptions) throws {
      let environment = options.environment
      let given = try options.connectionString.map { try ConnectionString($0.text) }
      let found =
        given == nil
        ? try environment.first("AZURE_STORAGE_CONNECTION_STRING").map(ConnectionString.init) : nil
      let usesEmulator =
        options.usesEmulator || (given ?? found)?["usedevelopmentstorage"]?.lowercased() == "true"

      let named =
        usesEmulator && blob.account == nil
        ? options.account ?? Self.emulatorAccount
        : blob.account ?? options.account ?? given?["accountname"] ?? found?["accountname"]
          ?? environment.first("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME")
      var endpoint = options.endpoint ?? given?["blobendpoint"]
      // What the environment says of one account says nothing of another.
      let isOfEnvironment =
        blob.account == nil
        || blob.account
          == (found?["accountname"]
            ?? environment.first("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"))
      if endpoint == nil, isOfEnvironment, given == nil {
        endpoint = found?["blobendpoint"] ?? environment.first("AZURE_STORAGE_ENDPOINT")
      }
      let strings = given ?? (isOfEnvironment ? found : nil)
      base = try Self.base(
        blob, endpoint: endpoint, account: named, usesEmulator: usesEmulator, strings: strings)
      guard let account = named ?? Self.account(in: base) else {
        throw ND2Error.invalidRequest(
          "no storage account is named: write az://account.blob.core.windows.net/container/name, "
            + "or set the option or AZURE_STORAGE_ACCOUNT")
      }
      self.account = account
      proof = .anonymous
      proof = try Self.proof(
        blob, options, given: given, found: isOfEnvironment ? found : nil,
        isOfEnvironment: isOfEnvironment, usesEmulator: usesEmulator)
    }

    private static func base(
      _ blob: RemoteAddress.AzureBlob, endpoint: String?, account: String?, usesEmulator: Bool,
      strings: ConnectionString?
    ) throws -> WebLocation {
      var text: String?
      if let endpoint {
        text = RemoteAddress.isAddress(endpoint) ? endpoint : "https://\(endpoint)"
      } else if usesEmulator {
        text = "http://127.0.0.1:10000/\(account ?? emulatorAccount)"
      } else if let host = blob.host {
        text = "https://\(host)"
      } else if let account {
        let isFine = account.utf8.allSatisfy { 48...57 ~= $0 || 97...122 ~= $0 || $0 == 45 }
        guard isFine else { throw ND2Error.invalidRequest("the storage account has no valid name") }
        let scheme = strings?["defaultendpointsprotocol"]?.lowercased() == "http" ? "http" : "https"
        let suffix = strings?["endpointsuffix"] ?? "core.windows.net"
        text = "\(scheme)://\(account).blob.\(suffix)"
      }
      guard let text else {
        throw ND2Error.invalidRequest(
          "no storage account is named: write az://account.blob.core.windows.net/container/name, "
            + "or set the option or AZURE_STORAGE_ACCOUNT")
      }
      do {
        var web = try WebLocation(parsing: text)
        (web.user, web.password, web.query) = (nil, nil, nil)
        return web
      } catch {
        throw ND2Error.invalidRequest("the endpoint of Azure is no address: \(error.message)")
      }
    }

    /// The account that an endpoint names: in its path at numbers and this machine, else in its
    /// host.
    private static func account(in base: WebLocation) -> String? {
      if base.hasNumericHost || base.isLoopback {
        return base.path.split(separator: "/").first.map(String.init)
      }
      return base.host.split(separator: ".").first.map(String.init)
    }

    private static func proof(
      _ blob: RemoteAddress.AzureBlob, _ options: AzureOptions, given: ConnectionString?,
      found: ConnectionString?, isOfEnvironment: Bool, usesEmulator: Bool
    ) throws -> Proof {
      if let signature = blob.signature { return .signature(Secret(signature)) }
      if options.isAnonymous { return .anonymous }
      if let signature = options.sharedAccessSignature { return try Self.signature(signature.text) }
      if let key = options.accountKey { return try Self.key(key.text) }
      if let token = options.accessToken {
        return .token(try AccessToken.checked(token.text, from: "the option for a token"))
      }
      if let proof = try given?.proof() { return proof }
      if let proof = try found?.proof() { return proof }
      if usesEmulator { return try Self.key(emulatorKey) }
      let environment = options.environment
      if isOfEnvironment {
        if let key = environment.first("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY") {
          return try Self.key(key)
        }
        if let signature = environment.first("AZURE_STORAGE_SAS_TOKEN") {
          return try Self.signature(signature)
        }
      }
      if let token = environment.first("AZURE_STORAGE_TOKEN") {
        return .token(try AccessToken.checked(token, from: "AZURE_STORAGE_TOKEN"))
      }
      return .identity
    }

    static func signature(_ text: String) throws -> Proof {
      let trimmed = text.trimmingSpace
      let query = trimmed.hasPrefix("?") ? trimmed.dropFirst() : trimmed
      guard query.split(separator: "&").contains(where: { $0.hasPrefix("sig=") }) else {
        throw ND2Error.invalidRequest("the shared access signature lacks 'sig'")
      }
      return .signature(Secret(PercentEncoding.repair(query)))
    }

    static func key(_ text: String) throws -> Proof {
      guard let bytes = Base64.decode(text), !bytes.isEmpty else {
        throw ND2Error.invalidRequest("the key of the storage account is not base64")
      }
      return .key(bytes)
    }
  }

  /// The connection string of a storage account: pairs of name and value, separated by semicolons.
  struct ConnectionString: Sendable {
    private var values: [String: String] = [:]

    init(_ text: String) throws {
      for part in text.split(separator: ";") {
        let pair = part.trimmingSpace
        if pair.isEmpty { continue }
        guard let equals = pair.firstIndex(of: "=") else {
          throw ND2Error.invalidRequest("the connection string of Azure holds a part without '='")
        }
        let value = pair[pair.index(after: equals)...].trimmingSpace
        values[pair[..<equals].trimmingSpace.lowercased()] = value.isEmpty ? nil : String(value)
      }
    }

    /// The value of a name in lower case.
    subscript(name: String) -> String? { values[name] }

    func proof() throws -> AzureConnection.Proof? {
      if let key = values["accountkey"] { return try AzureConnection.key(key) }
      if let text = values["sharedaccesssignature"] { return try AzureConnection.signature(text) }
      return nil
    }
  }
#endif
