#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Connections of this machine, as small servers of the tests use them.
enum LoopbackSocket {
  struct Failure: Error {}

  /// Takes connections on a port of the system's choice.
  static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = make()
    var address = address(0)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        var length = length
        guard bind(descriptor, pointer, length) == 0, systemListen(descriptor, 512) == 0 else {
          return Int32(-1)
        }
        return getsockname(descriptor, pointer, &length)
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw Failure()
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A port that nobody has at this moment.
  static func freePort() throws -> UInt16 {
    let (descriptor, port) = try listen()
    close(descriptor)
    return port
  }

  /// The next connection; nil when no more are taken.
  static func accept(_ listener: Int32) -> Int32? {
    let descriptor = systemAccept(listener)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// A connection to a port; nil when nobody is there.
  static func connect(to port: UInt16) -> Int32? {
    let descriptor = make()
    var address = address(port)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        systemConnect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Sends all bytes; false when the connection has ended.
  static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      #if canImport(Darwin)
        let flags: Int32 = 0
      #else
        let flags = Int32(MSG_NOSIGNAL)
      #endif
      let count = systemSend(
        descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, flags)
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Copies what comes from one connection to another until either ends, and then tells both.
  ///
  /// - Parameter delay: seconds by which each piece is held back.
  static func copy(from source: Int32, to target: Int32, delay: Double = 0) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      if delay > 0 { usleep(UInt32(delay * 1e6)) }
      let isSent = buffer[..<count].withUnsafeBytes { send($0, to: target) }
      guard isSent else { break }
    }
    shutdown(target, Int32(SHUT_RDWR))
    shutdown(source, Int32(SHUT_RDWR))
  }

  /// A socket that programs which other tests start do not get.
  private static func make() -> Int32 {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    #if canImport(Darwin)
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, 4)
    #endif
    return descriptor
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

// Functions of the system whose names are taken above.
#if canImport(Glibc)
  private let systemListen = Glibc.listen
  private let systemConnect = Glibc.connect
  private let systemSend = Glibc.send
  private func systemAccept(_ listener: Int32) -> Int32 { Glibc.accept(listener, nil, nil) }
#elseif canImport(Musl)
  private let systemListen = Musl.listen
  private let systemConnect = Musl.connect
  private let systemSend = Musl.send
  private func systemAccept(_ listener: Int32) -> Int32 { Musl.accept(listener, nil, nil) }
#elseif canImport(Darwin)
  private let systemListen = Darwin.listen
  private let systemConnect = Darwin.connect
  private let systemSend = Darwin.send
  private func systemAccept(_ listener: Int32) -> Int32 { Darwin.accept(listener, nil, nil) }
#endif
