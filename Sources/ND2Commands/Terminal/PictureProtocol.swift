import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a terminal is told to show a picture.
enum PictureProtocol: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// The graphics protocol of kitty, which Ghostty and others speak as well.
  case kitty
  /// Inline images of iTerm2, which WezTerm and mintty speak as well.
  case iterm2
  /// Six rows of pixels at a time, as since the VT340.
  case sixel
  /// Half blocks in colours of 24 bits: two pixels a character.
  case blocks
  /// Half blocks in the 256 colours of a palette.
  case blocks256
  /// Characters without colour.
  case text

  /// What the environment says of the terminal; nil when it says nothing about pictures.
  static func known(by environment: (String) -> String?) -> PictureProtocol? {
    let kind = environment("TERM") ?? ""
    let program = environment("TERM_PROGRAM") ?? ""
    // A multiplexer passes only characters on.
    if environment("TMUX") != nil || kind.hasPrefix("screen") || kind.hasPrefix("tmux") {
      return nil
    }
    if environment("KITTY_WINDOW_ID") != nil || kind.contains("kitty")
      || kind.contains("ghostty") || program == "ghostty"
    {
      return .kitty
    }
    if ["iTerm.app", "WezTerm", "mintty"].contains(program)
      || environment("LC_TERMINAL") == "iTerm2"
    {
      return .iterm2
    }
    return nil
  }

  /// What characters can show where there are no pictures.
  static func characters(_ colours: Terminal.Colours) -> PictureProtocol {
    switch colours {
    case .none: .text
    case .palette: .blocks256
    case .full: .blocks
    }
  }

  /// Whether an answer to the question for primary attributes lists sixel graphics: number 4 of
  /// `ESC [ ? 64 ; 4 ; … c`.
  static func hasSixel(_ answer: [UInt8]) -> Bool {
    guard let start = answer.firstIndex(of: UInt8(ascii: "?")),
      let end = answer[start...].firstIndex(of: UInt8(ascii: "c"))
    else { return false }
    let numbers = answer[answer.index(after: start)..<end].split(separator: UInt8(ascii: ";"))
    return numbers.dropFirst().contains { Array($0) == [UInt8(ascii: "4")] }
  }

  /// Chooses by the environment, then by asking the terminal.
  static func detected(for terminal: Terminal) -> PictureProtocol {
    if let known = known(by: SystemCalls.environment) { return known }
    let isMultiplexed = SystemCalls.environment("TMUX") != nil
    if !isMultiplexed, hasSixel(TerminalQuestion.ask("\u{1B}[c", until: UInt8(ascii: "c"))) {
      return .sixel
    }
    return characters(terminal.colours)
  }
}

/// Questions to the terminal that the process runs in.
enum TerminalQuestion {
  /// Sends a question and waits a fifth of a second at most for an answer.
  ///
  /// - Parameter last: the byte that ends the answer.
  /// - Returns: the answer; empty without a terminal, in the background, or when none came.
  static func ask(_ question: String, until last: UInt8) -> [UInt8] {
    let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    // A process in the background would be stopped by asking.
    guard isatty(descriptor) == 1, tcgetpgrp(descriptor) == getpgrp() else { return [] }
    var usual = termios()
    guard tcgetattr(descriptor, &usual) == 0 else { return [] }
    var raw = usual
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(descriptor, TCSANOW, &raw) == 0 else { return [] }
    defer { tcsetattr(descriptor, TCSANOW, &usual) }
    let sent = Array(question.utf8)
    guard sent.withUnsafeBytes({ systemWrite(descriptor, $0.baseAddress, $0.count) }) == sent.count
    else { return [] }
    var answer: [UInt8] = []
    let end = ContinuousClock.now + .milliseconds(200)
    while answer.count < 256 {
      let left = end - ContinuousClock.now
      let milliseconds = left.components.attoseconds / 1_000_000_000_000_000
      guard left > .zero, milliseconds > 0 else { break }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(truncatingIfNeeded: milliseconds)) > 0 else { break }
      var byte: UInt8 = 0
      guard systemRead(descriptor, &byte, 1) == 1 else { break }
      answer.append(byte)
      if byte == last { break }
    }
    return answer
  }

  /// Columns, rows, and their size in pixels where the terminal tells it, of standard output.
  static func size() -> (columns: Int, rows: Int, width: Int?, height: Int?) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24, nil, nil)
    }
    let hasPixels = size.ws_xpixel > 0 && size.ws_ypixel > 0
    return (
      Int(size.ws_col), Int(size.ws_row), hasPixels ? Int(size.ws_xpixel) : nil,
      hasPixels ? Int(size.ws_ypixel) : nil
    )
  }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  guard let bytes else { return 0 }
  return write(file, bytes, count)
}

private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, bytes, count)
}
