#if Remote
  import ND2
  import ND2Remote
  import ND2TestSupport

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Sends requests by the command `curl`, so that authorizers are tested apart from the transport.
  struct CurlCommand: RequestSender {
    struct Failure: Error {
      let message: String
    }

    func send(_ request: RemoteRequest) async throws -> RemoteResponse {
      try await Offload.run { try Self.run(request) }
    }

    private static func run(_ request: RemoteRequest) throws -> RemoteResponse {
      let folder = try TemporaryDirectory()
      var words = [
        "curl", "--silent", "--show-error", "--path-as-is", "--noproxy", "*", "--max-time", "20",
        "--dump-header", folder.file("head"), "--output", folder.file("body"),
      ]
      words += request.method == .head ? ["--head"] : ["--request", request.method.rawValue]
      for header in request.headers { words += ["--header", "\(header.name): \(header.value)"] }
      if let range = request.range { words += ["--header", "Range: \(range.headerValue)"] }
      if !request.body.isEmpty {
        words += ["--data-binary", "@" + (try folder.write(request.body, as: "sent"))]
      }
      words.append(request.url)
      let command = words.map {
        "'"
          + $0.split(separator: "'", omittingEmptySubsequences: false)
          .joined(separator: #"'\''"#) + "'"
      }.joined(separator: " ")
      guard let pipe = popen("\(command) 2>/dev/null </dev/null", "r") else {
        throw Failure(message: "there is no shell")
      }
      let status = pclose(pipe)
      guard status == 0 else { throw Failure(message: "curl ended with \(status)") }
      let head = String(decoding: try folder.read("head"), as: UTF8.self)
      let lines = head.split(whereSeparator: \.isNewline)
      let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return (String(line[..<colon]), String(value))
      }
      return RemoteResponse(
        status: lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0, headers: headers,
        body: request.method == .head ? [] : (try? folder.read("body")) ?? [])
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
