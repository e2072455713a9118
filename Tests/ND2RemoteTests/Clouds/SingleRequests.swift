#if Remote
  import ND2Remote

  /// Sends requests one by one, so that authorizers are tested apart from reading by ranges.
  struct SingleRequests: RequestSender {
    struct Failure: Error {
      let message: String
    }

    private let sender: WebSender

    init() {
      var options = RemoteOptions(environment: [:])
      options.proxy = ""
      sender = WebSender(options)
    }

    func send(_ request: RemoteRequest) async throws -> RemoteResponse {
      try await sender.send(request)
    }

    /// Sends a request for an object as the transport does: signed, and again when that may help.
    func get(
      _ target: RemoteTarget, range: RemoteRequest.ByteRange? = nil,
      headers: [(name: String, value: String)] = [], method: RemoteRequest.Method = .get
    ) async throws -> RemoteResponse {
      var attempt = 0
      while true {
        var request = RemoteRequest(method, target.url, headers: headers, range: range)
        try await target.authorizer?.authorize(&request)
        let response = try await send(request)
        attempt += 1
        guard response.status >= 300, attempt < 3,
          try await target.authorizer?.shouldRetry(request, after: response) == true
        else { return response }
      }
    }

    /// The target of an address of an object store.
    func target(_ address: String, _ options: RemoteOptions) throws -> RemoteTarget {
      guard
        let target = try CloudTargets.target(
          try RemoteAddress(address), options: options, sender: self)
      else { throw Failure(message: "no address of an object store") }
      return target
    }
  }

  /// The bytes that the servers of the tests put into their objects.
  enum ServerObjects {
    static func bytes(_ range: Range<Int>) -> [UInt8] {
      range.map { UInt8(($0 * 7 + ($0 >> 8) * 13) & 255) }
    }
  }
#endif
