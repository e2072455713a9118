/// How objects of Google Cloud Storage are reached.
///
/// What is nil is taken from the environment; see ``environment``.
public struct GCSOptions: Sendable {
  /// Which of the two interfaces of the service is used.
  public enum Interface: String, Sendable, CaseIterable {
    /// That with `https://host/bucket/name` at Google, the JSON one at emulators.
    case automatic = "auto"
    /// `https://host/bucket/name`.
    case xml
    /// `https://host/storage/v1/b/bucket/o/name?alt=media`.
    case json
  }

  /// An OAuth access token.
  public var accessToken: Secret?
  /// Path of a file of credentials (JSON): of a service account, or of a user as `gcloud` writes
  /// it.
  public var credentialsFile: String?
  /// Whether requests carry no token even where there is one.
  public var isAnonymous = false
  /// The project that pays for the requests.
  public var userProject: String?
  /// URL of another host, such as that of an emulator.
  public var endpoint: String?
  /// Which of the two interfaces of the service is used.
  public var interface = Interface.automatic
  /// Variables that settings and credentials are taken from.
  ///
  /// `GOOGLE_OAUTH_ACCESS_TOKEN`, `CLOUDSDK_AUTH_ACCESS_TOKEN`, `GOOGLE_APPLICATION_CREDENTIALS`,
  /// `CLOUDSDK_CONFIG`, `STORAGE_EMULATOR_HOST`, `GOOGLE_CLOUD_QUOTA_PROJECT`, `GCE_METADATA_HOST`,
  /// `NO_GCE_CHECK` (`true`: machines are not asked for a token) and `HOME`.
  public var environment: RemoteEnvironment

  /// The defaults, with the environment of this process.
  public init(environment: RemoteEnvironment = .process) {
    self.environment = environment
    userProject = environment.first("GOOGLE_CLOUD_QUOTA_PROJECT")
  }
}
