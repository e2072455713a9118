import ND2

#if Remote
  import ND2
  import Synchronization

  /// Signs requests for a blob of Azure, or shows a signature or a token.
  package final class AzureAuthorizer: RequestAuthorizer {
    private struct State {
      var latest: (token: AccessToken, serial: Int)?
      var isAnonymous = false
      /// Seconds that the clock of the server is ahead of ours.
      var clockOffset = 0.0
    }

    /// The version of the service's interface.
    private static let version = "2023-11-03"

    /// The URL of the blob, without a signature.
    package let url: String
    private let connection: AzureConnection
    private let tokens: ExpiringValue<AccessToken?>
    private let clock: @Sendable () -> Double
    private let state = Lock(State())

    /// Reads settings; a token is looked for when the first request is sent.
    package init(
      _ blob: RemoteAddress.AzureBlob, options: AzureOptions, sender: any RequestSender,
      nearby: (any RequestSender)? = nil,
      clock: @escaping @Sendable () -> Double = { UTCTime.now }
    ) throws {
      let connection = try AzureConnection(blob, options: options)
      let source = AzureTokens(
        environment: options.environment, sender: sender, nearby: nearby ?? sender)
      self.connection = connection
      self.clock = clock
      let name = PercentEncoding.encode(blob.name, keepingSlashes: true)
      let container = blob.container.split(separator: "$", omittingEmptySubsequences: false)
        .map { PercentEncoding.encode(String($0)) }.joined(separator: "$")
      url = connection.base.appending(encodedPath: "\(container)/\(name)").url
      tokens = ExpiringValue(clock: clock) {
        switch connection.proof {
        case .token(let token): (token, nil)
        case .identity: try await source.fetch()
        default: (nil, nil)
        }
      }
    }

    package func authorize(_ request: inout RemoteRequest) async throws {
      request.url = url
      let offset = state.withLock(\.clockOffset)
      request.setHeader("x-ms-version", Self.version)
      request.setHeader("x-ms-date", UTCTime(secondsSince1970: clock() + offset).httpText)
      switch connection.proof {
      case .anonymous:
        state.withLock { $0.isAnonymous = true }
      case .signature(let query):
        var web = try WebLocation(parsing: url)
        web.append(encodedQuery: query.text)
        request.url = web.url
      case .key(let key):
        try SharedKey(account: connection.account, key: key).sign(&request)
      case .token, .identity:
        let (token, serial) = try await tokens.get()
        state.withLock { state in
          state.latest = token.map { ($0, serial) }
          state.isAnonymous = token == nil
        }
        guard let token else { return }
        guard connection.base.scheme == "https" || connection.base.isLoopback else {
          throw ND2Error.invalidRequest("tokens are sent to Azure by https only")
        }
        request.setHeader("Authorization", "Bearer \(token.text)")
      }
    }

    package func shouldRetry(
      _ request: RemoteRequest, after response: RemoteResponse
    ) async throws -> Bool {
      guard response.status == 401 || response.status == 403 else { return false }
      switch connection.proof {
      case .key:
        // The service refuses dates that are more than a quarter of an hour away.
        guard let date = response.header("Date").flatMap(UTCTime.init(httpText:)),
          let sent = request.header("x-ms-date").flatMap(UTCTime.init(httpText:)),
          abs(date.secondsSince1970 - sent.secondsSince1970) > 600
        else { return false }
        let offset = date.secondsSince1970 - clock()
        state.withLock { $0.clockOffset = offset }
        return true
      case .identity:
        guard response.status == 401, let latest = state.withLock(\.latest) else { return false }
        if request.header("Authorization") == "Bearer \(latest.token.text)" {
          await tokens.invalidate(serial: latest.serial)
        }
        return true
      case .anonymous, .signature, .token: return false
      }
    }

    package func explanation(of response: RemoteResponse) -> String? {
      let (isAnonymous, token) = state.withLock { ($0.isAnonymous, $0.latest?.token.text) }
      var secrets = [token].compactMap { $0 }
      if case .signature(let query) = connection.proof {
        for part in query.text.split(separator: "&") where part.hasPrefix("sig=") {
          secrets.append(String(part.dropFirst(4)))
          if let plain = PercentEncoding.decode(part.dropFirst(4)) { secrets.append(plain) }
        }
      }
      let said = ServiceAnswer.failure(response, hiding: secrets)
      guard isAnonymous, [401, 403, 404, 409].contains(response.status) else { return said }
      let hint = "the request was anonymous: no credentials were found, or none were wanted"
      return said.map { "\($0) (\(hint))" } ?? hint
    }
  }
#endif
