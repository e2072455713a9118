/// How objects of Amazon S3, and of stores that speak its protocol, are reached.
///
/// What is nil is taken from the environment and from the profile files, by the rules of Amazon's
/// own tools; see ``environment``.
public struct S3Options: Sendable {
  /// A pair of keys, and a token when they are temporary.
  public struct Credentials: Hashable, Sendable {
    /// The name of the key.
    public var accessKeyID: String
    /// The key.
    public var secretAccessKey: Secret
    /// The token of temporary keys.
    public var sessionToken: Secret?

    /// A pair of keys, and a token when they are temporary.
    public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
      self.accessKeyID = accessKeyID
      self.secretAccessKey = secretAccessKey
      self.sessionToken = sessionToken
    }
  }

  /// Where the name of the bucket stands.
  public enum AddressingStyle: String, Sendable, CaseIterable {
    /// In the host at Amazon; in the path at other endpoints, and where the name fits into no host.
    case automatic = "auto"
    /// In the path: `https://host/bucket/key`.
    case path
    /// In the host: `https://bucket.host/key`.
    case virtualHost = "virtual"
  }

  /// The keys; nil to look for some.
  public var credentials: Credentials?
  /// Whether requests are sent without signature even where there are keys.
  public var isAnonymous = false
  /// Name of the profile in `~/.aws`.
  public var profile: String?
  /// The region, such as `eu-central-1`. A wrong one is found out and corrected.
  public var region: String?
  /// URL of another store than Amazon's, such as `http://localhost:9000`.
  public var endpoint: String?
  /// Where the name of the bucket stands; nil for what the profile says, else automatic.
  public var addressingStyle: AddressingStyle?
  /// Whether the one who asks agrees to pay for the transfer.
  public var requesterPays = false
  /// Variables that settings and credentials are taken from.
  ///
  /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_PROFILE`,
  /// `AWS_REGION`, `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_STS`,
  /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE`,
  /// `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`, `AWS_ROLE_SESSION_NAME`,
  /// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `AWS_CONTAINER_CREDENTIALS_FULL_URI`,
  /// `AWS_CONTAINER_AUTHORIZATION_TOKEN`, `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`,
  /// `AWS_EC2_METADATA_DISABLED`, `AWS_EC2_METADATA_SERVICE_ENDPOINT` and `HOME`. As well
  /// `AWS_NO_SIGN_REQUEST` and `AWS_REQUEST_PAYER` (`requester`), which are not Amazon's.
  public var environment: RemoteEnvironment

  /// The defaults, with the environment of this process.
  public init(environment: RemoteEnvironment = .process) {
    self.environment = environment
    isAnonymous = environment.isTrue("AWS_NO_SIGN_REQUEST")
    requesterPays = environment.first("AWS_REQUEST_PAYER") == "requester"
  }
}
