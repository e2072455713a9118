public import ND2

/// What is removed from a file so that it tells less of people, places and computers.
///
/// Names of people and computers, paths and file names, serial numbers, texts that users entered,
/// names of points, regions and layers are removed by the rules of `AnonymisationRules`. Kept is
/// what analysis needs: sizes, times since the start, stage positions, optics, models of cameras and
/// objectives, and the names of channels.
public struct Anonymisation: Sendable, Hashable {
  /// Whether the date of the acquisition is removed as well.
  public var removesDates = false
  /// Whether the audit holds the removed values. It is then as confidential as the input.
  public var recordsValues = false

  /// Creates a request.
  public init(removesDates: Bool = false, recordsValues: Bool = false) {
    self.removesDates = removesDates
    self.recordsValues = recordsValues
  }
}

/// A thing that anonymising removed.
public struct AuditEntry: Sendable, Hashable, Codable {
  /// Kinds of things.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Name of a person, a user or a login.
    case person
    /// Name of a computer.
    case host
    /// Path or name of a file.
    case path
    /// E-mail address.
    case address
    /// Serial number, or key of a licence.
    case serial
    /// Text that a user entered.
    case text
    /// Name that a user gave to a point, region, layer, plate or configuration.
    case name
    /// Identity that is the same in related files.
    case identity
    /// Date of the acquisition.
    case date
    /// Data that could not be looked into.
    case opaque
  }

  /// Name of the chunk.
  public var chunk: String
  /// Names of the levels and of the field, separated by `/`; empty for a whole chunk.
  public var path: String
  /// What kind of thing it was.
  public var kind: Kind
  /// What stands there now; nil when nothing does.
  public var replacement: String?
  /// What stood there; nil unless it was asked for.
  public var value: String?
}

extension SubsetReport {
  /// The audit as a table: chunk, path, kind, replacement, and value if it was asked for.
  public func auditTable() throws -> Table {
    var columns = [
      Table.Column("chunk", strings: audit.map(\.chunk)),
      Table.Column("path", strings: audit.map(\.path)),
      Table.Column("kind", strings: audit.map(\.kind.rawValue)),
      Table.Column("replacement", strings: audit.map(\.replacement)),
    ]
    if audit.contains(where: { $0.value != nil }) {
      columns.append(Table.Column("value", strings: audit.map(\.value)))
    }
    return try Table(columns)
  }
}
