import ND2
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the machine allows: positional reads of the same bytes into fresh memory, nothing else.
enum Limit {
  /// Fresh memory, aligned to huge pages that are asked for or not.
  private static func fresh(_ count: Int, hugePages: Bool) -> UnsafeMutableRawPointer {
    let page = 2 << 20
    guard
      let region = mmap(nil, count + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | anonymous, -1, 0),
      region != MAP_FAILED
    else {
      print("no memory")
      exit(1)
    }
    let start = region + (page - Int(bitPattern: region) % page) % page
    #if os(Linux)
      madvise(start, count, hugePages ? Int32(MADV_HUGEPAGE) : Int32(MADV_NOHUGEPAGE))
    #endif
    return start
  }

  static func read(_ path: String, hugePages: Bool) throws -> Double {
    let file = OpenFile.at(path)
    let frames = file.chunks.filter { $0.name.hasPrefix("ImageDataSeq|") }
    let size = Int(frames[0].byteCount ?? 8) - 8
    let total = size * frames.count
    nonisolated(unsafe) let memory = fresh(total, hugePages: hugePages)
    let descriptor = open(path, O_RDONLY)
    let next = Atomic<Int>(0)
    let body: @Sendable () -> Void = {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= frames.count { break }
        let done = pread(
          descriptor, memory + index * size, size, off_t(frames[index].offset) + 4096)
        if done != size { exit(1) }
      }
    }
    let threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    parallel(threads, body)
    close(descriptor)
    munmap(memory, total)
    return Double(total)
  }

  static func readFrame(_ path: String, _ number: Int) throws -> Double {
    let file = OpenFile.at(path)
    let count = (file.attributes.widthBytes ?? 0) * file.attributes.heightPx
    let index = number % file.frameCount
    let chunk = frames(of: path)[index]
    let memory = fresh(count, hugePages: true)
    let descriptor = open(path, O_RDONLY)
    let done = pread(descriptor, memory, count, off_t(chunk) + 4096)
    close(descriptor)
    munmap(memory, count)
    return Double(done)
  }

  nonisolated(unsafe) private static var offsets: [String: [UInt64]] = [:]

  private static func frames(of path: String) -> [UInt64] {
    if let known = offsets[path] { return known }
    let all = OpenFile.at(path).chunks.filter { $0.name.hasPrefix("ImageDataSeq|") }.map(\.offset)
    offsets[path] = all
    return all
  }

  static func parallel(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var threads: [pthread_t] = []
    for _ in 1..<max(1, count) {
      let box = Unmanaged.passRetained(Box(body)).toOpaque()
      #if canImport(Darwin)
        var thread: pthread_t?
        pthread_create(
          &thread, nil,
          {
            Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body(); return nil
          }, box)
        if let thread { threads.append(thread) }
      #else
        var thread = pthread_t()
        pthread_create(
          &thread, nil,
          {
            if let raw = $0 { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
            return nil
          }, box)
        threads.append(thread)
      #endif
    }
    body()
    for thread in threads { pthread_join(thread, nil) }
  }

  #if canImport(Darwin)
    private static let anonymous = MAP_ANON
  #else
    private static let anonymous = MAP_ANONYMOUS
  #endif
}
