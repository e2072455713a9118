public import ND2Format

/// The program that wrote a file (`CustomDataVar|AppInfo_V1_0!`).
public struct ApplicationInfo: Hashable, Sendable {
  /// Everything that the file says, by name without type prefix; empty when it says nothing.
  public var fields: JSONValue

  /// Takes the fields by their names without type prefix.
  public init(fields: JSONValue = .object([])) { self.fields = fields }

  /// Reads the tree of the chunk.
  package init(_ root: MetadataValue) {
    fields = root.json(strippingPrefixes: true, isXML: true)
  }

  /// Name of the program, such as `NIS-Elements AR`.
  public var software: String { text("SWNameString") }
  /// Version, such as `5.30.02 (Build 1545)`.
  public var version: String { text("VersionString") }
  /// Camera or scanner.
  public var grabber: String { text("GrabberString") }
  /// Copyright notice.
  public var copyright: String { text("CopyrightString") }
  /// Maker of the program.
  public var company: String { text("CompanyString") }
  /// Note of special versions.
  public var specialVersion: String { text("NFRString") }

  private func text(_ name: String) -> String { fields[name]?.string ?? "" }
}

extension ApplicationInfo: Codable {
  /// Reads the fields.
  public init(from decoder: any Decoder) throws { fields = try JSONValue(from: decoder) }
  /// Writes the fields.
  public func encode(to encoder: any Encoder) throws { try fields.encode(to: encoder) }
}
