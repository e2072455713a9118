import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension RemoteOptions {
  /// Makes sure that the options can be sent.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest`, without any value; `ND2Error.Code.io` when there is no
  ///   netrc file where there should be one.
  func check() throws {
    for (name, value) in headers + [("User-Agent", userAgent)] {
      guard HeaderText.isValid(name: name, value: value) else {
        throw ND2Error(
          .invalidRequest, "a header cannot be sent: its name or its value is not valid")
      }
    }
    // libcurl would go on without it.
    if let netrcFile, access(netrcFile, R_OK) != 0 {
      throw ND2Error(.io, "the netrc file cannot be read", at: .init(file: netrcFile))
    }
  }
}
