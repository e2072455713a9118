import ND2
import Synchronization

/// Where a command writes: its two streams, and what they can show.
final class Console: Sendable {
  /// Results.
  let output: TextSink
  /// Errors, warnings, progress.
  let errors: TextSink

  init(output: TextSink, errors: TextSink) {
    self.output = output
    self.errors = errors
  }

  /// The streams of the process.
  static func standard() -> Console {
    Console(
      output: TextSink(descriptor: 1, isBuffered: true),
      errors: TextSink(descriptor: 2, isBuffered: false))
  }

  /// Streams that are kept in memory, for tests.
  static func memory(width: Int = 80) -> Console {
    Console(
      output: TextSink(terminal: .none(width: width)),
      errors: TextSink(terminal: .none(width: width)))
  }
}

/// A stream of text: either a descriptor of the process or memory.
final class TextSink: Sendable {
  /// What the other end can show.
  let terminal: Terminal
  private let descriptor: Int32?
  private let flushSize: Int
  private let buffer = Lock<[UInt8]>([])
  private let failure = Atomic<Int>(0)

  /// A stream into a descriptor; without a buffer each write is handed over at once.
  init(descriptor: Int32, isBuffered: Bool) {
    self.descriptor = descriptor
    flushSize = isBuffered ? 1 << 16 : 0
    terminal = Terminal(descriptor: descriptor)
  }

  /// A stream into memory.
  init(terminal: Terminal) {
    descriptor = nil
    flushSize = 0
    self.terminal = terminal
  }

  /// Everything that was written, when the stream goes to memory.
  var text: String { buffer.withLock { String(decoding: $0, as: UTF8.self) } }

  /// Writes text as it is.
  func write(_ text: String) { write(text.utf8) }

  /// Writes bytes as they are.
  func write(_ bytes: some Sequence<UInt8>) {
    buffer.withLock { buffer in
      buffer += bytes
      if descriptor != nil, buffer.count >= flushSize { drain(&buffer) }
    }
  }

  /// Writes text and ends the line.
  func line(_ text: String = "") { write(text + "\n") }

  /// Hands over what is buffered.
  func flush() {
    guard descriptor != nil else { return }
    buffer.withLock { drain(&$0) }
  }

  /// Why not everything could be handed over, in the words of the operating system.
  var failureMessage: String? {
    let code = failure.load(ordering: .relaxed)
    return code == 0 ? nil : SystemFailure.message(Int32(truncatingIfNeeded: code))
  }

  private func drain(_ buffer: inout [UInt8]) {
    guard let descriptor else { return }
    buffer.withUnsafeBytes { bytes in
      let code = FileDescriptorWriting.write(bytes, to: descriptor)
      if code != 0 { failure.store(Int(code), ordering: .relaxed) }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
