extension RemoteOptions {
  /// The defaults, with the settings and credentials of object stores from other variables than
  /// those of this process.
  ///
  /// The variables are listed at ``S3Options/environment``, ``GCSOptions/environment`` and
  /// ``AzureOptions/environment``.
  public init(environment: RemoteEnvironment) {
    self.init()
    s3 = S3Options(environment: environment)
    gcs = GCSOptions(environment: environment)
    azure = AzureOptions(environment: environment)
  }
}
