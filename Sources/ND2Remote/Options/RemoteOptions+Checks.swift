import ND2

extension RemoteOptions {
  /// Makes sure that the options can be sent.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest`, without any value.
  func check() throws {
    for (name, value) in headers + [("User-Agent", userAgent)] {
      guard HeaderText.isValid(name: name, value: value) else {
        throw ND2Error(
          .invalidRequest, "a header cannot be sent: its name or its value is not valid")
      }
    }
  }
}
