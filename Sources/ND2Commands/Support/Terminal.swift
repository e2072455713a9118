#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the other end of a stream can show.
struct Terminal: Sendable {
  /// How many colours may be used.
  enum Colours: Sendable {
    case none
    case palette
    case full
  }

  /// Whether a person looks at the stream.
  let isInteractive: Bool
  /// Columns that a line may have.
  let width: Int
  /// How many colours may be used.
  let colours: Colours

  /// No terminal: a file, a pipe or memory.
  static func none(width: Int = 80) -> Terminal {
    Terminal(isInteractive: false, width: width, colours: .none)
  }

  init(isInteractive: Bool, width: Int, colours: Colours) {
    self.isInteractive = isInteractive
    self.width = width
    self.colours = colours
  }

  /// Examines a descriptor and the environment.
  ///
  /// Colours are shown only on a terminal, and never when `NO_COLOR` is set (https://no-color.org).
  init(descriptor: Int32) {
    let isTerminal = isatty(descriptor) == 1
    let kind = SystemCalls.environment("TERM") ?? ""
    isInteractive = isTerminal && kind != "dumb"
    width = isTerminal ? Self.columns(of: descriptor) : Self.widthOfPipes
    let refused = !(SystemCalls.environment("NO_COLOR") ?? "").isEmpty
    if !isInteractive || refused {
      colours = .none
    } else {
      let ability = SystemCalls.environment("COLORTERM") ?? ""
      colours = ability == "truecolor" || ability == "24bit" ? .full : .palette
    }
  }

  private static let widthOfPipes = 100

  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return max(40, Int(size.ws_col))
    }
    return max(40, SystemCalls.environment("COLUMNS").flatMap { Int($0) } ?? 80)
  }
}

extension Terminal {
  /// How a piece of text stands out.
  enum Style: Sendable {
    case heading
    case dim
    case good
    case warning
    case bad
  }

  /// The text in a style, or as it is where colours are not wanted.
  func styled(_ text: String, _ style: Style) -> String {
    guard colours != .none else { return text }
    let code =
      switch style {
      case .heading: "1"
      case .dim: "2"
      case .good: "32"
      case .warning: "33"
      case .bad: "31"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// A small field in a colour, or nothing where colours are not wanted.
  func swatch(red: UInt8, green: UInt8, blue: UInt8) -> String {
    switch colours {
    case .none: return ""
    case .full: return "\u{1B}[48;2;\(red);\(green);\(blue)m  \u{1B}[0m"
    case .palette:
      let steps = [red, green, blue].map { (Int($0) * 5 + 127) / 255 }
      return "\u{1B}[48;5;\(16 + 36 * steps[0] + 6 * steps[1] + steps[2])m  \u{1B}[0m"
    }
  }
}
