/// How files are read across networks.
public struct RemoteOptions: Sendable {
  /// A version of HTTP to ask for.
  public enum HTTPVersion: String, Sendable, CaseIterable {
    /// HTTP/1.1 with one request a connection at a time: the fastest for large reads.
    case http1 = "1.1"
    /// HTTP/2 with requests side by side on few connections, where the server has it.
    case http2 = "2"
  }

  // MARK: - What is sent

  /// Headers of every request to the host of the address, such as `Authorization`. They are not sent
  /// to other hosts that a server redirects to, and are never shown.
  public var headers: [(name: String, value: String)] = []
  /// Name of this program in requests.
  public var userAgent = "swift-nd2"

  // MARK: - How much at once

  /// Most requests at once, for one source. There are fewer after answers that the server has
  /// too much to do.
  public var maxConcurrency = 64
  /// Ranges that lie at most so many bytes apart are read by one request.
  public var coalescingGap = 64 << 10
  /// Most bytes that ranges are merged to, and pieces of larger ranges.
  public var maxRequestByteCount = 16 << 20
  /// Bytes of the beginning that come with the answer that tells the size. For files that are read
  /// whole, such as a saved index, more saves a request.
  public var headByteCount = 64 << 10
  /// Bytes of the end that are asked for at the same time; 0 for none.
  public var tailByteCount = 256 << 10
  /// Most bytes that are kept of small reads, such as those of metadata.
  public var cacheByteCount = 16 << 20
  /// Largest file that is read whole when the server cannot give parts of it.
  public var maxWholeByteCount = 64 << 20

  // MARK: - Failures

  /// How often a request is repeated after a failure that may pass.
  public var maxRetries = 5
  /// Longest time in seconds that repetitions of a request may take together.
  public var maxRetrySeconds = 120.0
  /// Longest time in seconds for a connection.
  public var connectSeconds = 15.0
  /// Longest time in seconds from the request to the first byte of its answer.
  public var firstByteSeconds = 30.0
  /// Longest time in seconds without any further byte.
  public var stallSeconds = 20.0
  /// Most redirects of a request.
  public var maxRedirects = 10

  // MARK: - Connections

  /// The version of HTTP.
  public var httpVersion = HTTPVersion.http1
  /// Address of a proxy; nil for those of the usual environment variables, empty for none.
  public var proxy: String?
  /// Hosts that are reached without the proxy, separated by commas; nil for those of `NO_PROXY`.
  public var noProxy: String?
  /// Whether names and passwords come from `~/.netrc`, when no header says otherwise.
  public var usesNetrc = false
  /// Path of another file than `~/.netrc`. What either says of a host is not sent to another one that
  /// a server redirects to.
  public var netrcFile: String?
  /// Path of a file of certificates (PEM) to trust instead of the system's.
  public var certificateFile: String?
  /// Whether certificates are not checked at all. Anyone on the way can then read and change
  /// everything.
  public var allowsUncheckedCertificates = false

  // MARK: - Object stores

  /// Amazon S3 and stores like it.
  public var s3 = S3Options()
  /// Google Cloud Storage.
  public var gcs = GCSOptions()
  /// Azure Blob Storage.
  public var azure = AzureOptions()

  /// The defaults.
  public init() {}
}
