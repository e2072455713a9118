import ArgumentParser
import ND2
import ND2Remote

/// How files across networks are read. Shown by `--help-hidden` and described in docs/remote.md;
/// environment variables set the same, and credentials are best given by them.
struct RemoteFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Send a header with every request; may be repeated.", valueName: "name: value"))
  var header: [String] = []

  @Option(help: "Requests at once, 64 unless given.")
  var requests: Int?

  @Flag(help: "Read without credentials.")
  var anonymous = false

  @Option(help: "Region of an S3 bucket.")
  var region: String?

  @Option(help: "Address of the object store, such as http://localhost:9000.")
  var endpoint: String?

  @Option(help: "Profile of the AWS configuration.")
  var profile: String?

  @Flag(help: "Ask for HTTP/2.")
  var http2 = false

  @Flag(help: "Take names and passwords from ~/.netrc.")
  var netrc = false

  @Option(help: "Proxy for all requests.")
  var proxy: String?

  @Option(
    name: .customLong("network-timeout"),
    help: "Seconds without a byte after which a request is given up.")
  var timeout: Double?

  @Option(help: "How often a failed request is repeated.")
  var retries: Int?

  @Option(help: "File of certificates (PEM) to trust instead of the system's.")
  var certificates: String?

  @Option(
    name: .customLong("saved-index"),
    help: .init(
      "Take all but the pixels from a saved index (nd2 plan --index) of the file.",
      valueName: "path or address"))
  var savedIndex: String?

  func validate() throws {
    if let requests, !(1...4096).contains(requests) {
      throw ValidationError("--requests takes a number from 1 to 4096")
    }
    if let retries, !(0...1000).contains(retries) {
      throw ValidationError("--retries takes a number from 0 to 1000")
    }
    if let timeout, !(timeout > 0 && timeout <= 86_400) {
      throw ValidationError("--network-timeout takes seconds above 0")
    }
    for header in header where Self.split(header) == nil {
      throw ValidationError("--header takes a name, a colon and a value")
    }
  }

  /// The options of the library.
  func options() throws -> RemoteOptions {
    var options = RemoteOptions()
    options.headers = header.compactMap(Self.split)
    if let requests { options.maxConcurrency = requests }
    if let retries { options.maxRetries = retries }
    if let timeout {
      options.firstByteSeconds = timeout
      options.stallSeconds = timeout
      options.connectSeconds = min(timeout, options.connectSeconds)
    }
    if anonymous {
      options.s3.isAnonymous = true
      options.gcs.isAnonymous = true
      options.azure.isAnonymous = true
    }
    if let region { options.s3.region = region }
    if let profile { options.s3.profile = profile }
    if let endpoint {
      options.s3.endpoint = endpoint
      options.gcs.endpoint = endpoint
      options.azure.endpoint = endpoint
    }
    if http2 { options.httpVersion = .http2 }
    options.usesNetrc = netrc
    options.proxy = proxy
    options.certificateFile = certificates
    return options
  }

  private static func split(_ text: String) -> (name: String, value: String)? {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
    let value = text[text.index(after: colon)...].drop { $0 == " " }
    return (String(text[..<colon]), String(value))
  }
}
