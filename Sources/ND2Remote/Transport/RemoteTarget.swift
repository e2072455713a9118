/// What an address stands for: where requests go and who signs them.
package struct RemoteTarget: Sendable {
  /// The URL of requests, before the authorizer sees them.
  package var url: String
  /// The address for people, without anything secret: it stands in errors and logs.
  package var name: String
  /// Signs requests; nil when there is nothing to sign.
  package var authorizer: (any RequestAuthorizer)?

  /// A target.
  package init(url: String, name: String, authorizer: (any RequestAuthorizer)? = nil) {
    self.url = url
    self.name = name
    self.authorizer = authorizer
  }
}
