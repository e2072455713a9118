/// The parts of the OME data model 2016-06 that an ``OMEDocument`` can have.
public enum OME {
  /// The namespace of the schema.
  public static let namespace = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
  /// Where the schema is.
  public static let schemaLocation = "\(namespace)/ome.xsd"
}

extension OME {
  /// A colour as the schema has it: a signed number whose bytes are red, green, blue, opacity.
  public struct Color: Sendable, Hashable {
    /// Red, green, blue and opacity from the highest byte to the lowest.
    public var rgba: Int32

    /// Takes a number.
    public init(rgba: Int32) { self.rgba = rgba }

    /// Creates a colour of its parts, 0 to 255.
    public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
      rgba = Int32(
        bitPattern: UInt32(red) << 24 | UInt32(green) << 16 | UInt32(blue) << 8 | UInt32(alpha))
    }
  }

  /// An identity that no other file has.
  public struct UUID: Sendable, Hashable, CustomStringConvertible {
    /// The upper and the lower half.
    private var high: UInt64
    private var low: UInt64

    /// A new random identity (version 4 of RFC 4122).
    public init() {
      var generator = SystemRandomNumberGenerator()
      self.init(using: &generator)
    }

    /// A new identity of random numbers (version 4 of RFC 4122).
    public init(using generator: inout some RandomNumberGenerator) {
      high = generator.next() & ~0xF000 | 0x4000
      low = generator.next() & ~(3 << 62) | 2 << 62
    }

    /// Reads an identity such as `urn:uuid:6b29fc40-ca47-1067-b31d-00dd010662da`, also without its
    /// prefix; nil for anything else.
    public init?(_ text: String) {
      let prefix = "urn:uuid:"
      let body = text.hasPrefix(prefix) ? Substring(text.dropFirst(prefix.count)) : text[...]
      let groups = body.split(separator: "-", omittingEmptySubsequences: false)
      guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
        groups.allSatisfy({ $0.utf8.allSatisfy { $0 != UInt8(ascii: "+") } }),
        let high = UInt64(groups[0] + groups[1] + groups[2], radix: 16),
        let low = UInt64(groups[3] + groups[4], radix: 16)
      else { return nil }
      self.high = high
      self.low = low
    }

    /// The identity as the schema wants it: `urn:uuid:` and five groups of digits.
    public var description: String {
      func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
      }
      let (first, second) = (digits(high), digits(low))
      return "urn:uuid:\(first.prefix(8))-\(first.dropFirst(8).prefix(4))-\(first.suffix(4))-"
        + "\(second.prefix(4))-\(second.dropFirst(4))"
    }
  }

  /// Names with values.
  public struct Map: Sendable, Hashable {
    /// A name with its value.
    public struct Entry: Sendable, Hashable {
      /// The name.
      public var key: String
      /// The value.
      public var value: String

      /// Creates an entry.
      public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
      }
    }

    /// The entries in order; names may repeat.
    public var entries: [Entry]

    /// Creates a map.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// The value of the first entry of that name.
    public subscript(key: String) -> String? { entries.first { $0.key == key }?.value }
  }

  /// Something that the schema has no place for.
  public struct Annotation: Sendable, Hashable {
    /// What an annotation holds.
    public enum Content: Sendable, Hashable {
      /// Names with values.
      case map(Map)
      /// A text.
      case comment(String)
    }

    /// The identifier, such as `Annotation:0`.
    public var id: String
    /// What kind of annotation it is, as a URI.
    public var namespace: String?
    /// What it is, for people.
    public var description: String?
    /// What it holds.
    public var content: Content

    /// Creates an annotation.
    public init(
      id: String, namespace: String? = nil, description: String? = nil, content: Content
    ) {
      self.id = id
      self.namespace = namespace
      self.description = description
      self.content = content
    }
  }

  /// A person.
  public struct Experimenter: Sendable, Hashable {
    /// The identifier, such as `Experimenter:0`.
    public var id: String
    /// First name.
    public var firstName: String?
    /// Last name.
    public var lastName: String?
    /// Name of an account, or a name that nobody has taken apart.
    public var userName: String?
    /// Address for mail.
    public var email: String?
    /// Place of work.
    public var institution: String?

    /// Creates a person without a name.
    public init(id: String) { self.id = id }
  }
}
