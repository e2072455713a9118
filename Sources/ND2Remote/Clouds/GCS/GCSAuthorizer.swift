import ND2

#if Remote
  import ND2
  import Synchronization

  /// Shows a token to Google Cloud Storage.
  package final class GCSAuthorizer: RequestAuthorizer {
    private struct State {
      var latest: (token: AccessToken, serial: Int)?
      var isAnonymous = false
    }

    /// The URL of the object.
    package let url: String
    private let userProject: String?
    private let tokens: ExpiringValue<AccessToken?>
    private let state = Lock(State())

    /// Reads settings; a token is looked for when the first request is sent.
    package init(
      _ object: RemoteAddress.GCSObject, options: GCSOptions, sender: any RequestSender,
      nearby: (any RequestSender)? = nil
    ) throws {
      let source = GoogleTokens(options: options, sender: sender, nearby: nearby)
      url = try Self.address(of: object, options: options).url
      userProject = options.userProject
      tokens = ExpiringValue { try await source.fetch() }
    }

    /// The address of an object.
    static func address(
      of object: RemoteAddress.GCSObject, options: GCSOptions
    ) throws -> WebLocation {
      let other = options.endpoint ?? options.environment.first("STORAGE_EMULATOR_HOST")
      var web: WebLocation
      if let other {
        // The variable of the emulator often is a host and a port alone.
        let text = RemoteAddress.isAddress(other) ? other : "http://\(other)"
        do {
          web = try WebLocation(parsing: text)
        } catch {
          throw ND2Error.invalidRequest("the endpoint of GCS is no address: \(error.message)")
        }
      } else {
        web = try WebLocation(parsing: "https://storage.googleapis.com/")
      }
      (web.user, web.password, web.query) = (nil, nil, nil)
      let bucket = PercentEncoding.encode(object.bucket)
      let isJSON =
        switch options.interface {
        case .json: true
        case .xml: false
        case .automatic: other != nil
        }
      if isJSON {
        while web.path.hasSuffix("/") { web.path.removeLast() }
        for part in ["/storage/v1", "/storage"] where web.path.hasSuffix(part) {
          web.path.removeLast(part.utf8.count)
        }
        let name = PercentEncoding.encode(object.name)
        web = web.appending(encodedPath: "storage/v1/b/\(bucket)/o/\(name)")
        web.append(encodedQuery: "alt=media")
      } else {
        let name = PercentEncoding.encode(object.name, keepingSlashes: true)
        web = web.appending(encodedPath: "\(bucket)/\(name)")
      }
      if let generation = object.generation {
        web.append(encodedQuery: "generation=\(generation)")
      }
      return web
    }

    package func authorize(_ request: inout RemoteRequest) async throws {
      let (token, serial) = try await tokens.get()
      state.withLock { state in
        state.latest = token.map { ($0, serial) }
        state.isAnonymous = token == nil
      }
      request.url = url
      if let token { request.setHeader("Authorization", "Bearer \(token.text)") }
      if let userProject { request.setHeader("x-goog-user-project", userProject) }
    }

    package func shouldRetry(
      _ request: RemoteRequest, after response: RemoteResponse
    ) async throws -> Bool {
      guard response.status == 401, let latest = state.withLock(\.latest) else { return false }
      if request.header("Authorization") == "Bearer \(latest.token.text)" {
        await tokens.invalidate(serial: latest.serial)
      }
      return true
    }

    package func explanation(of response: RemoteResponse) -> String? {
      let (isAnonymous, token) = state.withLock { ($0.isAnonymous, $0.latest?.token.text) }
      let said = ServiceAnswer.failure(response, hiding: [token].compactMap { $0 })
      guard isAnonymous, response.status == 401 || response.status == 403 else { return said }
      let hint = "the request was anonymous: no credentials were found, or none were wanted"
      return said.map { "\($0) (\(hint))" } ?? hint
    }
  }
#endif
