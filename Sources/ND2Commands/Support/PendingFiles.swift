import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are not complete yet, and must not stay when the process is told to end.
///
/// A signal handler may only call what is safe at any moment, so the paths lie in plain memory that
/// is set up before the first handler is.
enum PendingFiles {
  fileprivate static let capacity = 4096
  /// Written under `lock`, read by the signal handler; a slot is empty or a valid C string.
  nonisolated(unsafe) fileprivate static let slots:
    UnsafeMutablePointer<
      UnsafeMutablePointer<CChar>?
    > = {
      let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: capacity)
      slots.initialize(repeating: nil, count: capacity)
      return slots
    }()
  /// Of a slot with a folder, the number of its files, which are called 0, 1, …; else −1.
  nonisolated(unsafe) fileprivate static let fileCounts: UnsafeMutablePointer<Int> = {
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
    counts.initialize(repeating: -1, count: capacity)
    return counts
  }()
  /// Where the signal handler puts a path together.
  nonisolated(unsafe) fileprivate static let scratch: UnsafeMutablePointer<CChar> = {
    let scratch = UnsafeMutablePointer<CChar>.allocate(capacity: scratchCapacity)
    scratch.initialize(repeating: 0, count: scratchCapacity)
    return scratch
  }()
  fileprivate static let scratchCapacity = 8192
  private static let hasHandlers = Lock(false)

  /// Notes a path; the answer is for ``forget(_:)``, nil when there are too many.
  ///
  /// - Parameter isFolder: whether it is a folder, whose files are called 0, 1, …; how many there are
  ///   is told to ``setFileCount(_:of:)``.
  static func note(_ path: String, isFolder: Bool = false) -> Int? {
    hasHandlers.withLock { installed in
      guard let free = (0..<capacity).first(where: { slots[$0] == nil }) else { return nil }
      // All that the handler uses must be there before the handler is.
      _ = scratch
      fileCounts[free] = isFolder ? 0 : -1
      slots[free] = strdup(path)
      if !installed {
        installHandlers()
        installed = true
      }
      return free
    }
  }

  /// Tells how many files a folder has.
  static func setFileCount(_ count: Int, of slot: Int) {
    hasHandlers.withLock { _ in
      guard (0..<capacity).contains(slot), fileCounts[slot] >= 0 else { return }
      fileCounts[slot] = count
    }
  }

  /// Forgets a path, because its file is complete or gone.
  static func forget(_ slot: Int) {
    hasHandlers.withLock { _ in
      guard (0..<capacity).contains(slot) else { return }
      let path = slots[slot]
      slots[slot] = nil
      free(path)
    }
  }

  private static func installHandlers() {
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] {
      let previous = signal(number, removePendingFiles)
      // Who ignores a signal, such as nohup, goes on doing so.
      if unsafeBitCast(previous, to: Int.self) == ignored { _ = signal(number, previous) }
    }
  }

  private static let ignored = 1
}

/// Removes what is pending, then lets the signal do what it does without a handler.
private func removePendingFiles(_ number: Int32) {
  for slot in 0..<PendingFiles.capacity {
    guard let path = PendingFiles.slots[slot] else { continue }
    if PendingFiles.fileCounts[slot] < 0 {
      unlink(path)
    } else {
      removeFolder(path, fileCount: PendingFiles.fileCounts[slot])
    }
  }
  _ = signal(number, SIG_DFL)
  raise(number)
}

/// Removes a folder with files called 0, 1, …, without any call that a signal handler may not make.
private func removeFolder(_ path: UnsafeMutablePointer<CChar>, fileCount: Int) {
  let buffer = PendingFiles.scratch
  var length = 0
  while path[length] != 0, length < PendingFiles.scratchCapacity - 32 {
    buffer[length] = path[length]
    length += 1
  }
  buffer[length] = 0x2F
  for index in stride(from: 0, to: fileCount, by: 1) {
    var digits = 1
    var rest = index
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = index
    for place in stride(from: digits, to: 0, by: -1) {
      buffer[length + place] = CChar(truncatingIfNeeded: 0x30 + rest % 10)
      rest /= 10
    }
    buffer[length + digits + 1] = 0
    unlink(buffer)
  }
  rmdir(path)
}
