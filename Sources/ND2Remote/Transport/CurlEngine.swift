import ND2

#if Remote
  import CCURL
  import Synchronization

  /// Sends requests: all of a process on one thread, which starts with the first of them.
  ///
  /// The thread belongs to the engine, never to Swift's tasks: it sleeps in the system until bytes or
  /// commands arrive. Connections stay open for the next requests to the same server.
  package final class CurlEngine: Sendable {
    /// The engine of the process.
    package static let shared: CurlEngine = {
      let engine = CurlEngine()
      engine.start()
      return engine
    }()

    enum Command {
      case start(Transfer)
      case cancel(Transfer)
    }

    private let commands = Lock<[Command]>([])
    /// Connections that are kept, and the list of transfers; only `curl_multi_wakeup` may be called
    /// from other threads.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?

    private let isRunning = Atomic(false)

    private init() {
      multi = nd2_curl_start() == CURLE_OK ? curl_multi_init() : nil
    }

    private func start() {
      guard let multi else { return }
      _ = nd2_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 512)
      nonisolated(unsafe) let handle = multi
      let isRunning = LastingThread.start { [self] in
        EngineLoop(handle, take: takeCommands).run()
      }
      self.isRunning.store(isRunning, ordering: .relaxed)
    }

    @Sendable private func takeCommands() -> [Command] {
      commands.withLock { commands in
        let taken = commands
        commands = []
        return taken
      }
    }

    /// Sends a request and waits until it has ended; nothing is thrown, see the outcome.
    ///
    /// When the task is cancelled, the transfer is ended first: the sink is not called after this
    /// has returned.
    ///
    /// - Parameters:
    ///   - sink: takes the answer while it arrives.
    ///   - lane: where it waits for its turn; nil to send at once.
    package func perform(
      _ request: RemoteRequest, options: RemoteOptions, sink: any TransferSink,
      lane: RequestLane?
    ) async -> TransferOutcome {
      guard isRunning.load(ordering: .relaxed) else {
        return TransferOutcome(
          end: .failed("libcurl cannot be started", mayPass: false), head: nil, byteCount: 0)
      }
      let transfer = Transfer(request, options: options, sink: sink, lane: lane)
      return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          transfer.continuation = continuation
          submit(.start(transfer))
        }
      } onCancel: {
        submit(.cancel(transfer))
      }
    }

    private func submit(_ command: Command) {
      let isFirst = commands.withLock { commands in
        commands.append(command)
        return commands.count == 1
      }
      if isFirst, let multi { _ = curl_multi_wakeup(multi) }
    }
  }

  /// What the engine's thread does.
  private final class EngineLoop {
    private let multi: UnsafeMutableRawPointer
    private let takeCommands: () -> [CurlEngine.Command]
    private var running: [ObjectIdentifier: (transfer: Transfer, handle: EasyHandle)] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var pausedLanes: [RequestLane] = []
    private var now = EngineClock.now()
    private var nextWatch: UInt64 = 0
    private static let watchInterval: UInt64 = 100_000_000
    private static let mostIdleHandles = 64

    init(_ multi: UnsafeMutableRawPointer, take: @escaping () -> [CurlEngine.Command]) {
      self.multi = multi
      takeCommands = take
    }

    func run() {
      while true {
        now = EngineClock.now()
        for command in takeCommands() { perform(command) }
        resumeLanes()
        var count: Int32 = 0
        _ = curl_multi_perform(multi, &count)
        now = EngineClock.now()
        collect()
        watch()
        var events: Int32 = 0
        _ = curl_multi_poll(multi, nil, 0, pollMilliseconds(), &events)
      }
    }

    private func pollMilliseconds() -> Int32 {
      if running.isEmpty && pausedLanes.isEmpty { return 60_000 }
      var until = running.isEmpty ? UInt64.max : nextWatch
      for lane in pausedLanes { until = min(until, lane.pausedUntil) }
      guard until > now else { return 0 }
      return Int32(min((until - now) / 1_000_000 + 1, 1000))
    }

    // MARK: - Commands

    private func perform(_ command: CurlEngine.Command) {
      switch command {
      case .start(let transfer):
        if transfer.isCancelled {
          transfer.stage = .ended
          resume(
            transfer,
            TransferOutcome(end: .cancelled, head: nil, byteCount: 0, isBegun: false))
        } else if let lane = transfer.lane {
          transfer.stage = .waiting
          lane.append(transfer)
          advance(lane)
        } else {
          begin(transfer)
        }
      case .cancel(let transfer):
        switch transfer.stage {
        case .new: transfer.isCancelled = true
        case .waiting:
          transfer.stage = .ended
          resume(
            transfer,
            TransferOutcome(end: .cancelled, head: nil, byteCount: 0, isBegun: false))
        case .running: end(transfer, .cancelled)
        case .ended: break
        }
      }
    }

    private func advance(_ lane: RequestLane) {
      while let transfer = lane.startNext(now: now) { begin(transfer) }
      if lane.isWaiting, lane.pausedUntil > now, !pausedLanes.contains(where: { $0 === lane }) {
        pausedLanes.append(lane)
      }
    }

    private func resumeLanes() {
      guard !pausedLanes.isEmpty else { return }
      let due = pausedLanes.filter { $0.pausedUntil <= now }
      pausedLanes.removeAll { $0.pausedUntil <= now }
      for lane in due { advance(lane) }
    }

    private func begin(_ transfer: Transfer) {
      transfer.stage = .running
      transfer.startTime = now
      transfer.progressTime = now
      guard let raw = idleHandles.popLast() ?? curl_easy_init() else {
        refuse(transfer, "libcurl has no memory")
        return
      }
      var handle = EasyHandle(raw)
      guard handle.prepare(transfer), curl_multi_add_handle(multi, raw) == CURLM_OK else {
        handle.discard()
        curl_easy_cleanup(raw)
        refuse(transfer, "the address or a header cannot be sent")
        return
      }
      if running.isEmpty { nextWatch = now &+ Self.watchInterval }
      running[ObjectIdentifier(transfer)] = (transfer, handle)
    }

    private func refuse(_ transfer: Transfer, _ reason: String) {
      transfer.stage = .ended
      let outcome = TransferOutcome(
        end: .failed(reason, mayPass: false), head: nil, byteCount: 0)
      transfer.lane?.end(transfer, outcome, now: now)
      resume(transfer, outcome)
    }

    // MARK: - Ends

    private func collect() {
      var left: Int32 = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE,
          let raw = message.pointee.easy_handle, let user = nd2_curl_get_private(raw)
        else { continue }
        let result = nd2_curl_message_result(message)
        let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
        end(transfer, reason(transfer, result, raw))
      }
    }

    private func reason(
      _ transfer: Transfer, _ code: CURLcode, _ raw: UnsafeMutableRawPointer
    ) -> TransferOutcome.End {
      if transfer.isStopped { return .stopped }
      switch code {
      case CURLE_OK:
        return transfer.head == nil
          ? .failed("the server sent no answer of HTTP", mayPass: true) : .complete
      case CURLE_OPERATION_TIMEDOUT: return .timedOut(.connection)
      default:
        let handle = running[ObjectIdentifier(transfer)]?.handle
        var details = CurlFailure.Details(words: handle?.words ?? "")
        details.systemError = Int32(truncatingIfNeeded: Self.number(CURLINFO_OS_ERRNO, of: raw))
        details.verification = Self.number(CURLINFO_SSL_VERIFYRESULT, of: raw)
        details.tunnelStatus = Self.number(CURLINFO_HTTP_CONNECTCODE, of: raw)
        details.hasProxy = transfer.options.proxy?.isEmpty == false
        return CurlFailure.end(code, details)
      }
    }

    private static func number(_ info: CURLINFO, of raw: UnsafeMutableRawPointer) -> Int {
      var number = 0
      _ = nd2_curl_get_long(raw, info, &number)
      return number
    }

    private func end(_ transfer: Transfer, _ end: TransferOutcome.End) {
      guard transfer.stage == .running,
        var (_, handle) = running.removeValue(forKey: ObjectIdentifier(transfer))
      else { return }
      transfer.stage = .ended
      _ = curl_multi_remove_handle(multi, handle.raw)
      handle.discard()
      if idleHandles.count < Self.mostIdleHandles {
        curl_easy_reset(handle.raw)
        idleHandles.append(handle.raw)
      } else {
        curl_easy_cleanup(handle.raw)
      }
      let outcome = TransferOutcome(
        end: end, head: transfer.head, byteCount: transfer.byteCount)
      if let lane = transfer.lane {
        lane.end(transfer, outcome, now: now)
        advance(lane)
      }
      resume(transfer, outcome)
    }

    private func resume(_ transfer: Transfer, _ outcome: TransferOutcome) {
      let continuation = transfer.continuation
      transfer.continuation = nil
      continuation?.resume(returning: outcome)
    }

    // MARK: - Time-outs

    private func watch() {
      guard !running.isEmpty, now >= nextWatch else { return }
      nextWatch = now &+ Self.watchInterval
      var late: [(Transfer, TransferOutcome.Phase)] = []
      for (transfer, handle) in running.values {
        if let phase = lateness(transfer, handle) { late.append((transfer, phase)) }
      }
      for (transfer, phase) in late { end(transfer, .timedOut(phase)) }
    }

    private func lateness(_ transfer: Transfer, _ handle: EasyHandle) -> TransferOutcome.Phase? {
      let options = transfer.options
      if transfer.head != nil {
        if transfer.byteCount != transfer.watchedByteCount {
          transfer.watchedByteCount = transfer.byteCount
          transfer.progressTime = now
        } else if !transfer.hasProgressed {
          transfer.hasProgressed = true
          transfer.progressTime = now
        }
        let limit = EngineClock.nanoseconds(options.stallSeconds)
        return now &- transfer.progressTime > limit ? .progress : nil
      }
      let wait = EngineClock.nanoseconds(options.firstByteSeconds)
      var preparation: Int64 = 0
      _ = nd2_curl_get_large(handle.raw, CURLINFO_PRETRANSFER_TIME_T, &preparation)
      if preparation > 0 {
        let sent = transfer.startTime &+ UInt64(preparation) &* 1000
        return now > sent &+ wait ? .firstByte : nil
      }
      let both = wait &+ EngineClock.nanoseconds(options.connectSeconds)
      return now &- transfer.startTime > both ? .connection : nil
    }
  }
#endif
