#if Remote
  import ND2

  /// The settings of one profile of the files `credentials` and `config` in `~/.aws`.
  package struct AWSProfiles: Sendable {
    /// Settings by profile, then by name in lower case; nested ones as `s3.addressing_style`.
    package private(set) var sections: [String: [String: String]] = [:]

    /// Reads the files that the environment names, or those in their usual places.
    package init(environment: RemoteEnvironment) {
      let config = environment.first("AWS_CONFIG_FILE") ?? "~/.aws/config"
      let shared = environment.first("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials"
      if let bytes = SmallFile.read(environment.expanded(config)) {
        merge(String(decoding: bytes, as: UTF8.self), isConfig: true)
      }
      // Read last: its keys go before those of the other file.
      if let bytes = SmallFile.read(environment.expanded(shared)) {
        merge(String(decoding: bytes, as: UTF8.self), isConfig: false)
      }
    }

    /// Reads the texts of the files.
    package init(config: String, credentials: String) {
      merge(config, isConfig: true)
      merge(credentials, isConfig: false)
    }

    /// The settings of a profile; nil when neither file has it.
    package subscript(profile: String) -> [String: String]? { sections[profile] }

    /// The settings of a section `[services NAME]`.
    package func services(_ name: String) -> [String: String]? { sections["services \(name)"] }

    private mutating func merge(_ text: String, isConfig: Bool) {
      var section: String?
      var parent: String?
      for line in text.split(whereSeparator: \.isNewline) {
        let content = line.trimmingSpace
        guard let first = content.first, first != "#", first != ";" else { continue }
        if first == "[", let close = content.firstIndex(of: "]") {
          section = Self.section(content[..<close].dropFirst(), isConfig: isConfig)
          parent = nil
          if let section, sections[section] == nil { sections[section] = [:] }
          continue
        }
        guard let section, let equals = content.firstIndex(of: "=") else { continue }
        let name = content[..<equals].trimmingSpace.lowercased()
        let value = Self.withoutComment(content[content.index(after: equals)...])
        let isIndented = line.first?.isWhitespace == true
        if isIndented, let parent {
          sections[section, default: [:]]["\(parent).\(name)"] = value
        } else {
          parent = value.isEmpty ? name : nil
          if !value.isEmpty { sections[section, default: [:]][name] = value }
        }
      }
    }

    private static func section(_ title: Substring, isConfig: Bool) -> String? {
      let words = title.split(whereSeparator: \.isWhitespace).map {
        String($0).filter { $0 != "\"" && $0 != "'" }
      }
      guard let last = words.last else { return nil }
      if !isConfig { return words.joined(separator: " ") }
      switch (words.count, words.first) {
      case (1, "default"): return "default"
      case (2..., "profile"): return words.dropFirst().joined(separator: " ")
      case (2, "services"): return "services \(last)"
      // Other kinds of sections, such as those of single sign-on.
      default: return nil
      }
    }

    /// A comment begins with white space and `#` or `;`.
    private static func withoutComment(_ value: Substring) -> String {
      var end = value.endIndex
      var previous: Character = " "
      for place in value.indices {
        if previous.isWhitespace, value[place] == "#" || value[place] == ";",
          place != value.startIndex
        {
          end = place
          break
        }
        previous = value[place]
      }
      return String(value[..<end].trimmingSpace)
    }
  }
#endif
