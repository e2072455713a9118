#if Remote
  import CCURL

  /// The parts of a URL that rules about redirects look at.
  struct WebAddress: Equatable {
    let scheme: String
    let host: String
    let port: String
    let hasUser: Bool

    /// The parts; nil when the text is no URL of HTTP.
    init?(_ url: String) {
      guard let parts = curl_url() else { return nil }
      defer { curl_url_cleanup(parts) }
      guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK,
        let scheme = Self.part(parts, CURLUPART_SCHEME)?.lowercased(),
        scheme == "http" || scheme == "https",
        let host = Self.part(parts, CURLUPART_HOST)?.lowercased()
      else { return nil }
      self.scheme = scheme
      self.host = host
      port = Self.part(parts, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? ""
      hasUser = Self.part(parts, CURLUPART_USER) != nil
    }

    /// Whether requests go to the same server, in the same way.
    func isSameOrigin(_ other: WebAddress) -> Bool {
      scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether what a netrc file says of the host may go to another address as well: the host is the
    /// same, and it does not become readable on the way.
    func sharesNetrc(with other: WebAddress) -> Bool {
      host == other.host && !(scheme == "https" && other.scheme == "http")
    }

    /// The URL that a server's `Location` means.
    static func resolve(_ location: String, from url: String) -> String? {
      guard let parts = curl_url() else { return nil }
      defer { curl_url_cleanup(parts) }
      guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK,
        curl_url_set(parts, CURLUPART_URL, location, UInt32(CURLU_URLENCODE)) == CURLUE_OK
      else { return nil }
      _ = curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
      return part(parts, CURLUPART_URL)
    }

    private static func part(
      _ parts: OpaquePointer, _ what: CURLUPart, _ flags: UInt32 = 0
    ) -> String? {
      var text: UnsafeMutablePointer<CChar>?
      guard curl_url_get(parts, what, &text, flags) == CURLUE_OK, let text else { return nil }
      defer { curl_free(text) }
      return String(cString: text)
    }
  }

  /// What becomes of a request when the server sends it elsewhere.
  enum Redirect {
    /// The request for the new place.
    ///
    /// - Throws: the reason in words when it is not followed.
    static func follow(
      _ request: RemoteRequest, _ head: ResponseHead
    ) -> Result<RemoteRequest, Refusal>? {
      guard [301, 302, 303, 307, 308].contains(head.status),
        request.method == .get || request.method == .head, let location = head.header("location")
      else { return nil }
      guard let from = WebAddress(request.url),
        let url = WebAddress.resolve(location, from: request.url), let to = WebAddress(url)
      else { return .failure(Refusal(reason: "the server redirects to what is no web address")) }
      var next = request
      next.url = url
      next.mayUseNetrc = request.mayUseNetrc && from.sharesNetrc(with: to)
      guard !from.isSameOrigin(to) else { return .success(next) }
      let others = request.headers.filter {
        !RemoteRequest.publicHeaders.contains($0.name.lowercased())
      }
      if from.scheme == "https", to.scheme == "http", from.hasUser || !others.isEmpty {
        return .failure(
          Refusal(
            reason: "the server redirects from https to http, which is not followed with "
              + "credentials"))
      }
      next.headers = request.headers.filter {
        RemoteRequest.publicHeaders.contains($0.name.lowercased())
      }
      return .success(next)
    }

    /// Why a redirect is not followed.
    struct Refusal: Error { let reason: String }
  }
#endif
