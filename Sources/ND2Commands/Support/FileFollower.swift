import ND2

/// Watches a file that is being written, and says what has come.
struct FileFollower {
  let path: String
  /// Seconds between two looks.
  let interval: Double
  /// Seconds without a change after which watching ends; nil for never.
  let timeout: Double?

  /// What can be seen of the file at one moment.
  private struct State: Equatable {
    var byteCount: UInt64 = 0
    var frameCount = 0
    var sizes: AxisSizes?
    var isComplete = false
  }

  /// Watches until the file has its chunk map, or nothing changes any more.
  func run(json: Bool, in session: Session) throws {
    var options = ReadingOptions()
    options.isBeingWritten = true
    // A file that cannot be read at all is an error at once.
    let source = try session.source(path)
    var file: ND2File?
    var last: State?
    var quiet = 0.0
    while true {
      let state = try look(&file, source, options)
      if state != last {
        report(state, since: last, json: json, in: session)
        last = state
        quiet = 0
      }
      if state.isComplete { return }
      if let timeout, quiet >= timeout {
        session.say("nd2: nothing has changed for \(HumanText.number(timeout)) s")
        return
      }
      SystemCalls.sleep(seconds: interval)
      quiet += interval
    }
  }

  private func look(
    _ file: inout ND2File?, _ source: any ByteSource, _ options: ReadingOptions
  ) throws -> State {
    do {
      if let known = file {
        file = try known.refreshed()
      } else {
        let now = try source.reopened()
        file = try ND2File(reading: now, options: options)
      }
    } catch let error as ND2Error where error.code == .malformed || error.code == .notAnND2File {
      // Too little of it is there to tell what it will be.
      file = nil
      return State(byteCount: try source.reopened().byteCount())
    }
    guard let file else { return State() }
    return State(
      byteCount: file.byteCount, frameCount: file.storedFrameCount, sizes: file.sizes,
      isComplete: !file.isSearched)
  }

  private func report(_ state: State, since last: State?, json: Bool, in session: Session) {
    if json {
      let line: JSONValue = [
        "frames": .integer(Int64(state.frameCount)), "bytes": .unsigned(state.byteCount),
        "sizes": state.sizes.map { .axes($0) } ?? .null, "is_complete": .bool(state.isComplete),
      ]
      session.line(line.text())
    } else {
      var text = HumanText.count(state.frameCount, "frame")
      let news = state.frameCount - (last?.frameCount ?? 0)
      if last != nil, news > 0 { text += " (\(HumanText.count(news)) more)" }
      text += ", \(HumanText.bytes(state.byteCount))"
      if let sizes = state.sizes { text += "   \(sizes)" }
      session.line(text + (state.isComplete ? "   complete" : ""))
    }
    session.console.output.flush()
  }
}
