/// Text that never shows when a value is printed: a key, a token, a password.
public struct Secret: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible,
  CustomDebugStringConvertible, CustomReflectable
{
  /// The text itself.
  public let text: String

  /// Hides a text.
  public init(_ text: String) { self.text = text }

  /// Hides a text.
  public init(stringLiteral value: String) { text = value }

  /// An ellipsis, whatever the text is.
  public var description: String { "…" }

  /// An ellipsis, whatever the text is.
  public var debugDescription: String { "…" }

  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
