#if Remote
  import CCURL
  import ND2

  /// Sets a handle of libcurl up for a transfer.
  struct EasyHandle {
    let raw: UnsafeMutableRawPointer
    private(set) var headers: UnsafeMutablePointer<curl_slist>?
    /// Where libcurl says what went wrong.
    private var wordBuffer: UnsafeMutablePointer<CChar>?

    /// Size of the buffer that bytes are read into: large enough for few calls of the system, small
    /// enough that those of many transfers stay in the processor's cache.
    static let bufferByteCount = 256 << 10

    init(_ raw: UnsafeMutableRawPointer) { self.raw = raw }

    /// What libcurl says of a failure; it may name addresses.
    var words: String { wordBuffer.map { String(cString: $0) } ?? "" }

    /// Sets everything; false when something cannot be sent.
    mutating func prepare(_ transfer: Transfer) -> Bool {
      let request = transfer.request
      let options = transfer.options
      curl_easy_reset(raw)
      guard nd2_curl_set_web_only(raw) == CURLE_OK,
        nd2_curl_set_text(raw, CURLOPT_URL, request.url) == CURLE_OK
      else { return false }
      long(CURLOPT_NOSIGNAL, 1)
      long(CURLOPT_NOPROGRESS, 1)
      long(CURLOPT_FOLLOWLOCATION, 0)
      long(CURLOPT_PATH_AS_IS, 1)
      long(CURLOPT_TCP_KEEPALIVE, 1)
      long(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      long(CURLOPT_BUFFERSIZE, Self.bufferByteCount)
      long(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(options.connectSeconds))
      setConnection(options, usesNetrc: request.mayUseNetrc)
      setMethod(request)
      guard setHeaders(request, options) else { return false }
      let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
      words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
      wordBuffer = words
      _ = nd2_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, words)
      let user = Unmanaged.passUnretained(transfer).toOpaque()
      _ = nd2_curl_set_pointer(raw, CURLOPT_PRIVATE, user)
      _ = nd2_curl_set_pointer(raw, CURLOPT_WRITEDATA, user)
      _ = nd2_curl_set_pointer(raw, CURLOPT_HEADERDATA, user)
      _ = nd2_curl_set_bytes(raw, CURLOPT_WRITEFUNCTION, receiveBody)
      _ = nd2_curl_set_bytes(raw, CURLOPT_HEADERFUNCTION, receiveHeader)
      return true
    }

    private func long(_ option: CURLoption, _ value: Int) {
      _ = nd2_curl_set_long(raw, option, value)
    }

    private func setConnection(_ options: RemoteOptions, usesNetrc: Bool) {
      switch options.httpVersion {
      case .http1: long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
      case .http2:
        long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        long(CURLOPT_PIPEWAIT, 1)
      }
      if let proxy = options.proxy { _ = nd2_curl_set_text(raw, CURLOPT_PROXY, proxy) }
      if let hosts = options.noProxy { _ = nd2_curl_set_text(raw, CURLOPT_NOPROXY, hosts) }
      if usesNetrc, options.usesNetrc || options.netrcFile != nil {
        long(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
        if let file = options.netrcFile { _ = nd2_curl_set_text(raw, CURLOPT_NETRC_FILE, file) }
      }
      if let file = options.certificateFile {
        _ = nd2_curl_set_text(raw, CURLOPT_CAINFO, file)
        // Else the system's folder of certificates would still count.
        _ = nd2_curl_set_text(raw, CURLOPT_CAPATH, nil)
      }
      if options.allowsUncheckedCertificates {
        long(CURLOPT_SSL_VERIFYPEER, 0)
        long(CURLOPT_SSL_VERIFYHOST, 0)
      }
    }

    private func setMethod(_ request: RemoteRequest) {
      switch request.method {
      case .get: long(CURLOPT_HTTPGET, 1)
      case .head: long(CURLOPT_NOBODY, 1)
      case .put, .post:
        long(CURLOPT_POST, 1)
        _ = nd2_curl_set_large(raw, CURLOPT_POSTFIELDSIZE_LARGE, Int64(request.body.count))
        request.body.withUnsafeBytes { bytes in
          var empty: UInt8 = 0
          _ = withUnsafeMutablePointer(to: &empty) { empty in
            nd2_curl_set_pointer(
              raw, CURLOPT_COPYPOSTFIELDS,
              bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
                ?? UnsafeMutableRawPointer(empty))
          }
        }
        if request.method == .put {
          _ = nd2_curl_set_text(raw, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
      }
    }

    private mutating func setHeaders(_ request: RemoteRequest, _ options: RemoteOptions) -> Bool {
      for (name, value) in request.headers {
        guard HeaderText.isValid(name: name, value: value) else { return false }
        // Without a value the name ends with a semicolon, or libcurl would leave it out.
        append(value.isEmpty ? "\(name);" : "\(name): \(value)")
      }
      if let range = request.range { append("Range: \(range.headerValue)") }
      if request.header("user-agent") == nil { append("User-Agent: \(options.userAgent)") }
      if request.header("accept-encoding") == nil { append("Accept-Encoding: identity") }
      if request.method == .put || request.method == .post {
        append("Expect:")
        if request.header("content-type") == nil { append("Content-Type:") }
      }
      return nd2_curl_set_list(raw, CURLOPT_HTTPHEADER, headers) == CURLE_OK
    }

    private mutating func append(_ line: String) {
      if let longer = curl_slist_append(headers, line) { headers = longer }
    }

    /// Frees what the handle needed while it was used.
    mutating func discard() {
      curl_slist_free_all(headers)
      headers = nil
      _ = nd2_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, nil)
      wordBuffer?.deallocate()
      wordBuffer = nil
    }

    static func milliseconds(_ seconds: Double) -> Int {
      guard seconds.isFinite, seconds > 0 else { return seconds > 0 ? Int(Int32.max) : 1 }
      return max(1, Int(min(seconds * 1000, Double(Int32.max)).rounded()))
    }
  }

  private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ user: UnsafeMutableRawPointer?
  ) -> Int {
    guard let user else { return 0 }
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size &* count)
    return Unmanaged<Transfer>.fromOpaque(user)._withUnsafeGuaranteedRef {
      $0.takeBody(buffer) ? buffer.count : 0
    }
  }

  private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ user: UnsafeMutableRawPointer?
  ) -> Int {
    guard let user else { return 0 }
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size &* count)
    return Unmanaged<Transfer>.fromOpaque(user)._withUnsafeGuaranteedRef {
      $0.takeHeader(buffer) ? buffer.count : 0
    }
  }
#endif

/// What may stand in headers.
package enum HeaderText {
  /// Whether a header can be sent without changing the rest of the request.
  package static func isValid(name: String, value: String) -> Bool {
    let tokens = "!#$%&'*+-.^_`|~"
    return !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
          || tokens.unicodeScalars.contains($0)
      } && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
  }
}
