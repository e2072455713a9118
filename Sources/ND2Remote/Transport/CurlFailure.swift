#if Remote
  import CCURL
  import ND2

  /// What libcurl's results mean.
  enum CurlFailure {
    /// Whether the same request may succeed when it is sent again.
    static func mayPass(_ code: CURLcode) -> Bool {
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
        CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
        CURLE_SSL_CONNECT_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_AGAIN,
        CURLE_WEIRD_SERVER_REPLY, CURLE_OPERATION_TIMEDOUT:
        true
      default: false
      }
    }

    /// The failure in words, which name no address: those could hold secrets.
    static func text(_ code: CURLcode, systemError: Int32) -> String {
      switch code {
      case CURLE_COULDNT_CONNECT:
        systemError == 0
          ? "the server cannot be reached"
          : "the server cannot be reached: \(SystemFailure.message(systemError))"
      case CURLE_COULDNT_RESOLVE_HOST: "no host of that name is known"
      case CURLE_COULDNT_RESOLVE_PROXY: "no proxy of that name is known"
      case CURLE_PARTIAL_FILE: "the answer was cut short"
      case CURLE_GOT_NOTHING: "the server closed the connection without an answer"
      case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
        systemError == 0
          ? "the connection broke" : "the connection broke: \(SystemFailure.message(systemError))"
      case CURLE_PEER_FAILED_VERIFICATION: "the certificate of the server is not trusted"
      case CURLE_SSL_CACERT_BADFILE: "the file of certificates cannot be read"
      default: String(cString: curl_easy_strerror(code))
      }
    }
  }
#endif
