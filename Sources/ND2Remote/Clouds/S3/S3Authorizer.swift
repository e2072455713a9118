import ND2

#if Remote
  import ND2
  import Synchronization

  /// Signs requests for an object of S3, and learns the region of the bucket and the time of the
  /// server from refusals.
  package final class S3Authorizer: RequestAuthorizer {
    private struct State {
      var region: String
      /// Seconds that the clock of the server is ahead of ours.
      var clockOffset = 0.0
      /// The credentials that signed last, and their number.
      var latest: (keys: AWSCredentials, serial: Int)?
      var isAnonymous = false
      var secrets: [String] = []
    }

    private let object: RemoteAddress.S3Object
    private let endpoint: S3Endpoint
    private let requesterPays: Bool
    private let credentials: ExpiringValue<AWSCredentials?>
    private let clock: @Sendable () -> Double
    private let state: Lock<State>

    /// Reads settings; credentials are looked for when the first request is signed.
    package init(
      _ object: RemoteAddress.S3Object, options: S3Options, sender: any RequestSender,
      nearby: (any RequestSender)? = nil,
      clock: @escaping @Sendable () -> Double = { UTCTime.now }
    ) throws {
      let chain = AWSCredentialChain(options: options, sender: sender, nearby: nearby)
      self.object = object
      self.clock = clock
      requesterPays = options.requesterPays
      endpoint = try S3Endpoint(
        options: options, profiles: chain.profiles, profileName: chain.profileName)
      state = Lock(State(region: chain.region))
      credentials = ExpiringValue(clock: clock) { try await chain.fetch() }
      _ = try endpoint.address(of: object, region: chain.region)
    }

    /// The URL of the object, as far as it is known before the first answer.
    package var url: String {
      get throws { try endpoint.address(of: object, region: state.withLock(\.region)).url }
    }

    package func authorize(_ request: inout RemoteRequest) async throws {
      let (keys, serial) = try await credentials.get()
      let (region, offset) = state.withLock { state in
        state.latest = keys.map { ($0, serial) }
        state.isAnonymous = keys == nil
        state.secrets = [keys?.secretAccessKey, keys?.sessionToken].compactMap { $0 }
        return (state.region, state.clockOffset)
      }
      request.url = try endpoint.address(of: object, region: region).url
      if requesterPays { request.setHeader("x-amz-request-payer", "requester") }
      guard let keys else { return }
      let signer = SignatureV4(credentials: keys, region: region, service: "s3")
      try signer.sign(&request, at: UTCTime(secondsSince1970: clock() + offset))
    }

    package func shouldRetry(
      _ request: RemoteRequest, after response: RemoteResponse
    ) async throws -> Bool {
      guard [301, 307, 400, 401, 403].contains(response.status) else { return false }
      let code = ServiceAnswer.element("Code", in: response.body)
      if learnRegion(request, response, code: code) { return true }
      if learnTime(request, response, code: code) { return true }
      let isStale =
        ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken"]
        .contains(code ?? "") || (code == "InvalidAccessKeyId" && request.hasToken)
      guard isStale, let latest = state.withLock(\.latest) else { return false }
      // Otherwise others have taken their place while this request was under way.
      if request.wasSigned(by: latest.keys) { await credentials.invalidate(serial: latest.serial) }
      return true
    }

    private func learnRegion(
      _ request: RemoteRequest, _ response: RemoteResponse, code: String?
    ) -> Bool {
      let told =
        response.header("x-amz-bucket-region")
        ?? (code == "AuthorizationHeaderMalformed" || code == "PermanentRedirect"
          ? ServiceAnswer.element("Region", in: response.body) : nil)
      guard let told, S3Endpoint.isRegion(told) else { return false }
      return state.withLock { state in
        // Another request may have learnt it while this one was under way.
        if state.region == told {
          return !request.wasSigned(for: told, isAnonymous: state.isAnonymous)
        }
        state.region = told
        return true
      }
    }

    private func learnTime(
      _ request: RemoteRequest, _ response: RemoteResponse, code: String?
    ) -> Bool {
      // Answers to HEAD have no body that would tell the reason.
      guard response.status == 403, code == "RequestTimeTooSkewed" || code == nil,
        let sent = request.header("x-amz-date").flatMap(UTCTime.init(compactText:)),
        let date = response.header("Date").flatMap(UTCTime.init(httpText:)),
        abs(date.secondsSince1970 - sent.secondsSince1970) > 240
      else { return false }
      let offset = date.secondsSince1970 - clock()
      state.withLock { $0.clockOffset = offset }
      return true
    }

    package func explanation(of response: RemoteResponse) -> String? {
      let (isAnonymous, secrets) = state.withLock { ($0.isAnonymous, $0.secrets) }
      let said = ServiceAnswer.failure(response, hiding: secrets)
      guard isAnonymous, response.status == 401 || response.status == 403 else { return said }
      let hint = "the request was anonymous: no credentials were found, or none were wanted"
      return said.map { "\($0) (\(hint))" } ?? hint
    }
  }

  extension RemoteRequest {
    fileprivate var hasToken: Bool { header("x-amz-security-token") != nil }

    fileprivate func wasSigned(by keys: AWSCredentials) -> Bool {
      header("x-amz-security-token") == keys.sessionToken
        && header("Authorization")?.firstRange(ofText: "Credential=\(keys.accessKeyID)/") != nil
    }

    /// Whether the request already was made for a region.
    fileprivate func wasSigned(for region: String, isAnonymous: Bool) -> Bool {
      guard let text = header("Authorization") else {
        return url.firstRange(ofText: ".\(region).") != nil || isAnonymous
      }
      return text.firstRange(ofText: "/\(region)/s3/") != nil
    }
  }
#endif
