/// How blobs of Azure are reached.
///
/// What is nil is taken from the environment; see ``environment``. Credentials of the options go
/// before those of the environment; among these a signature in the address is first, then the
/// connection string, the key, the signature, and tokens.
public struct AzureOptions: Sendable {
  /// The storage account, when the address names none.
  public var account: String?
  /// The key of the account, in base64.
  public var accountKey: Secret?
  /// A shared access signature, with or without its question mark.
  public var sharedAccessSignature: Secret?
  /// An OAuth access token for storage.
  public var accessToken: Secret?
  /// What the portal calls connection string: account, key or signature, and endpoint in one.
  public var connectionString: Secret?
  /// URL of another host of blobs, with the account in its path where it belongs there.
  public var endpoint: String?
  /// Whether the emulator on this machine is used (port 10000, its well-known account and key).
  public var usesEmulator = false
  /// Whether requests carry no credentials even where there are some.
  public var isAnonymous = false
  /// Variables that settings and credentials are taken from.
  ///
  /// `AZURE_STORAGE_CONNECTION_STRING`, `AZURE_STORAGE_ACCOUNT` or `AZURE_STORAGE_ACCOUNT_NAME`,
  /// `AZURE_STORAGE_KEY` or `AZURE_STORAGE_ACCOUNT_KEY`, `AZURE_STORAGE_SAS_TOKEN`,
  /// `AZURE_STORAGE_TOKEN`, `AZURE_STORAGE_ENDPOINT`, `AZURE_STORAGE_USE_EMULATOR`,
  /// `AZURE_STORAGE_ANON`, `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`,
  /// `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_AUTHORITY_HOST`, `AZURE_POD_IDENTITY_AUTHORITY_HOST` and
  /// `AZURE_METADATA_DISABLED` (`true`: machines are not asked for a token).
  public var environment: RemoteEnvironment

  /// The defaults, with the environment of this process.
  public init(environment: RemoteEnvironment = .process) {
    self.environment = environment
    usesEmulator = environment.isTrue("AZURE_STORAGE_USE_EMULATOR")
    isAnonymous = environment.isTrue("AZURE_STORAGE_ANON")
  }
}
