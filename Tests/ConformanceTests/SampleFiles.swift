import ND2
import ND2Format
import ND2TestSupport

/// The sample files with what is known of them, when they are there.
enum SampleFiles {
  /// The folder, or nil when it is absent.
  static let folder: String? = SampleCollection.directory

  /// Names of all samples.
  static let names: [String] = manifest.members.map(\.name).sorted()
  /// Names of all samples but those of version 1.0.
  static let modernNames = names.filter { !$0.hasPrefix("v1_") }

  /// What is true of the pixels, from `manifest.json`.
  static let manifest: JSONValue = load("manifest.json") ?? .object([])

  /// What Python nd2 says of a sample.
  static func expected(_ name: String, by reader: String = "nd2") -> JSONValue? {
    load("expected/\(name).json")?[reader]
  }

  /// Opens a sample.
  static func open(_ name: String, options: ReadingOptions = ReadingOptions()) throws -> ND2File {
    try ND2File(path: "\(folder ?? "")/\(name)", options: options)
  }

  private static func load(_ path: String) -> JSONValue? {
    guard let folder, let source = try? FileSource(path: "\(folder)/\(path)"),
      let bytes = try? source.read(0..<source.byteCount())
    else { return nil }
    let limits = ParsingLimits(itemCount: 10_000_000)
    return try? JSONParser.parse(bytes, limits: limits)
  }
}
