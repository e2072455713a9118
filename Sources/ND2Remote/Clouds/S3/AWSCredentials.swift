#if Remote
  /// Keys of Amazon as they are used for signing.
  package struct AWSCredentials: Hashable, Sendable, CustomStringConvertible {
    package var accessKeyID: String
    package var secretAccessKey: String
    package var sessionToken: String?
    /// Seconds since 1970; nil for never.
    package var expires: Double?

    package init(
      accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
      expires: Double? = nil
    ) {
      self.accessKeyID = accessKeyID
      self.secretAccessKey = secretAccessKey
      self.sessionToken = sessionToken
      self.expires = expires
    }

    package init(_ credentials: S3Options.Credentials) {
      self.init(
        accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey.text,
        sessionToken: credentials.sessionToken?.text)
    }

    /// Shows nothing.
    package var description: String { "keys of Amazon" }
  }
#endif
