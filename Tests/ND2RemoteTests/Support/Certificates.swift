import ND2TestSupport

/// Certificates for servers of this machine, made once for a run of the tests.
struct Certificates: Sendable {
  /// A certificate of a server.
  enum Kind: String, Sendable, CaseIterable {
    /// Of the authority, for `localhost` and 127.0.0.1, valid now.
    case valid
    /// For another host.
    case otherHost
    case expired
    /// Valid from some days on.
    case notYet
    /// Of no authority.
    case selfSigned
  }

  private let texts: [String: String]

  /// All, or nil where they cannot be made.
  static let shared: Certificates? = {
    guard
      let made = try? PeerPython.shared?.run(
        scriptAt: "\(CloudServer.folder)/certificates.py"), made.status == 0
    else { return nil }
    var texts: [String: String] = [:]
    var name = ""
    for line in made.output.split(separator: "\n") {
      if line.hasPrefix("== ") {
        name = String(line.dropFirst(3))
      } else {
        texts[name, default: ""] += line + "\n"
      }
    }
    return texts.count == Kind.allCases.count + 1 ? Certificates(texts: texts) : nil
  }()

  static var arePresent: Bool { shared != nil }

  private init(texts: [String: String]) { self.texts = texts }

  /// A certificate and its key.
  func text(_ kind: Kind) -> String { texts[kind.rawValue] ?? "" }

  /// The certificate of the authority.
  var authority: String { texts["authority"] ?? "" }
}
