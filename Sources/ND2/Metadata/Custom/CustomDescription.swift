/// The form that users of NIS-Elements can attach to files (nd2-format §3.12).
public struct CustomDescription: Hashable, Sendable, Codable {
  /// Name of the form.
  public var name: String
  /// The fields of the form, in stored order.
  public var items: [Item]

  /// Creates a form.
  public init(name: String = "", items: [Item] = []) {
    self.name = name
    self.items = items
  }

  /// A field of the form.
  public struct Item: Hashable, Sendable, Identifiable {
    /// Number of the field.
    public var id: Int
    /// Label.
    public var name: String
    /// Explanation.
    public var description: String
    /// Whether nothing was filled in.
    public var isEmpty: Bool
    /// Whether it must be filled in.
    public var isMandatory: Bool
    /// Whether it can be filled in.
    public var isEnabled: Bool
    /// What was filled in.
    public var value: Value

    /// Creates a field.
    public init(
      id: Int, name: String, description: String = "", isEmpty: Bool = false,
      isMandatory: Bool = false, isEnabled: Bool = true, value: Value
    ) {
      self.id = id
      self.name = name
      self.description = description
      self.isEmpty = isEmpty
      self.isMandatory = isMandatory
      self.isEnabled = isEnabled
      self.value = value
    }

    /// What was filled in, as text for people.
    public var valueAsText: String { value.text }
  }

  /// What was filled in, by the kind of the field.
  public enum Value: Hashable, Sendable {
    /// A check box.
    case check(Bool)
    /// A number; shown with that many places, in scientific notation or not.
    case number(Double, unit: String, places: Int, isScientific: Bool)
    /// One line of text.
    case text(String)
    /// One of several labels, by index.
    case selection(Int, labels: [String])
    /// Several lines of text.
    case longText(String)
    /// A date: milliseconds since 1970-01-01 UTC; shown with seconds, minutes or the day only.
    case date(milliseconds: Int64, precision: DatePrecision)
    /// A kind of field that this version does not know.
    case unknown(type: Int)

    /// The value as text for people. Dates are in UTC.
    public var text: String {
      switch self {
      case .check(let isOn): return isOn ? "ON" : "OFF"
      case .number(let value, let unit, let places, let isScientific):
        return NumberText.text(value, places: places, isScientific: isScientific)
          + (unit.isEmpty ? "" : " \(unit)")
      case .text(let text), .longText(let text): return text
      case .selection(let index, let labels):
        return labels.indices.contains(index) ? labels[index] : ""
      case .date(let milliseconds, let precision):
        return precision.text(milliseconds: milliseconds)
      case .unknown: return ""
      }
    }
  }

  /// How much of a date is shown.
  public enum DatePrecision: Int, Hashable, Sendable, Codable {
    /// Date and time with seconds.
    case seconds = 0
    /// Date and time without seconds.
    case minutes = 1
    /// The date only.
    case day = 2
  }

  /// What a form of the "onepush" kind says of a smart experiment, by lower-case label; nil for
  /// other forms.
  public var smartExperiment: [String: String]? {
    guard name == "onepush" else { return nil }
    let labels = ["Assay", "Date", "Name", "Plate", "User", "Notes"]
    let known = items.filter { labels.contains($0.name) }
    return Dictionary(
      known.map { ($0.name.lowercased(), $0.valueAsText) }, uniquingKeysWith: { $1 })
  }
}
