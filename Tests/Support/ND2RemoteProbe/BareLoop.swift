#if Remote
  import CCURL

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// One range under way in the bare loop.
  private final class Slot {
    let memory: UnsafeMutableRawBufferPointer
    var position = 0
    var total: UInt64 = 0
    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }
  }

  private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ user: UnsafeMutableRawPointer?
  ) -> Int {
    guard let user, let bytes else { return 0 }
    let slot = Unmanaged<Slot>.fromOpaque(user).takeUnretainedValue()
    let length = min(count, slot.memory.count - slot.position)
    slot.memory.baseAddress?.advanced(by: slot.position).copyMemory(from: bytes, byteCount: length)
    slot.position += length
    slot.total += UInt64(count)
    return count
  }

  extension Probe {
    /// Reads ranges with as little as libcurl needs.
    static func bare(_ url: String, size: Int, count: Int, into buffers: [Buffer]) -> Measured {
      let multi = curl_multi_init()
      let slots = buffers.map { Slot($0.memory) }
      var next = 0
      func start(_ raw: UnsafeMutableRawPointer?, _ slot: Slot, _ places: Int) {
        slot.position = 0
        let offset = next % places * size
        _ = nd2_curl_set_text(raw, CURLOPT_RANGE, "\(offset)-\(offset + size - 1)")
        next += 1
        _ = curl_multi_add_handle(multi, raw)
      }
      var handles: [(raw: UnsafeMutableRawPointer?, slot: Slot)] = []
      for slot in slots {
        let raw = curl_easy_init()
        _ = nd2_curl_set_text(raw, CURLOPT_URL, url)
        _ = nd2_curl_set_long(raw, CURLOPT_BUFFERSIZE, 256 << 10)
        _ = nd2_curl_set_long(raw, CURLOPT_NOSIGNAL, 1)
        let user = Unmanaged.passUnretained(slot).toOpaque()
        _ = nd2_curl_set_pointer(raw, CURLOPT_WRITEDATA, user)
        _ = nd2_curl_set_pointer(raw, CURLOPT_PRIVATE, user)
        _ = nd2_curl_set_bytes(raw, CURLOPT_WRITEFUNCTION, receive)
        handles.append((raw, slot))
      }
      let places = max(1, length(of: url) / size)
      let (begin, work) = (time(CLOCK_MONOTONIC), time(CLOCK_PROCESS_CPUTIME_ID))
      for (raw, slot) in handles where next < count { start(raw, slot, places) }
      var running: Int32 = 1
      while running > 0 || next < count {
        _ = curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
          guard let raw = message.pointee.easy_handle, let user = nd2_curl_get_private(raw) else {
            continue
          }
          _ = curl_multi_remove_handle(multi, raw)
          if next < count {
            start(raw, Unmanaged<Slot>.fromOpaque(user).takeUnretainedValue(), places)
            running = 1
          }
        }
        if running > 0 { _ = curl_multi_poll(multi, nil, 0, 1000, nil) }
      }
      let total = withExtendedLifetime(slots) { slots.reduce(0) { $0 + $1.total } }
      return Measured(
        byteCount: total, seconds: time(CLOCK_MONOTONIC) - begin,
        processor: time(CLOCK_PROCESS_CPUTIME_ID) - work)
    }

    private static func length(of url: String) -> Int {
      let raw = curl_easy_init()
      defer { curl_easy_cleanup(raw) }
      _ = nd2_curl_set_text(raw, CURLOPT_URL, url)
      _ = nd2_curl_set_long(raw, CURLOPT_NOBODY, 1)
      _ = curl_easy_perform(raw)
      var count: Int64 = 0
      if let raw { _ = nd2_curl_get_large(raw, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &count) }
      return Int(count)
    }
  }
#endif
