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

    /// What libcurl knows of a failure besides its code.
    struct Details {
      /// Error of the operating system; 0 for none.
      var systemError: Int32 = 0
      /// What OpenSSL found wrong with the certificate; 0 for nothing.
      var verification = 0
      /// What the proxy answered when it was asked for a tunnel; 0 for nothing.
      var tunnelStatus = 0
      /// libcurl's own words, which may name addresses: they are looked at, but not shown.
      var words = ""
      /// Whether the options name a proxy.
      var hasProxy = false
    }

    /// How a transfer ended that failed.
    static func end(_ code: CURLcode, _ details: Details) -> TransferOutcome.End {
      if details.tunnelStatus >= 300 {
        let status = details.tunnelStatus
        let reason =
          status == 407
          ? AnswerRules.reason(status)
          : "the proxy refuses the way to the server (HTTP \(status))"
        return .failed(reason, mayPass: AnswerRules.passing.contains(status))
      }
      return .failed(text(code, details), mayPass: mayPass(code))
    }

    /// The failure in words, which name no address: those could hold secrets.
    private static func text(_ code: CURLcode, _ details: Details) -> String {
      let systemError = details.systemError
      let server = details.hasProxy ? "the server or its proxy" : "the server"
      return switch code {
      case CURLE_COULDNT_CONNECT:
        systemError == 0
          ? "\(server) cannot be reached"
          : "\(server) cannot be reached: \(SystemFailure.message(systemError))"
      case CURLE_COULDNT_RESOLVE_HOST: "no host of that name is known"
      case CURLE_COULDNT_RESOLVE_PROXY: "no proxy of that name is known"
      case CURLE_PARTIAL_FILE: "the answer was cut short"
      case CURLE_GOT_NOTHING: "the server closed the connection without an answer"
      case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
        systemError == 0
          ? "the connection broke" : "the connection broke: \(SystemFailure.message(systemError))"
      case CURLE_PEER_FAILED_VERIFICATION:
        "the certificate of the server \(certificateProblem(details))"
      case CURLE_SSL_CONNECT_ERROR: "no secure connection with the server could be made"
      case CURLE_SSL_CACERT_BADFILE: "the file of certificates cannot be read"
      default: String(cString: curl_easy_strerror(code))
      }
    }

    /// The numbers are those of X509_verify(3).
    private static func certificateProblem(_ details: Details) -> String {
      switch details.verification {
      case 9: "is not valid yet"
      case 10: "has expired"
      case 2, 18, 19, 20, 21: "is of no authority that is trusted"
      case 23: "has been withdrawn"
      case 62, 64: "is for another host"
      // libcurl compares the host itself.
      case _ where details.words.contains("subject name"): "is for another host"
      default: "is not trusted"
      }
    }
  }
#endif
