import ND2

@testable import ND2Remote

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A long way to a server of this machine: what is sent to it arrives late, whatever protocol it is.
final class DelayedLink: Sendable {
  /// The near end.
  let port: UInt16
  private let listener: Int32
  private let farPort: UInt16
  private let delay: Double

  /// A way to a port.
  ///
  /// - Parameter delay: seconds from a request to its arrival.
  init(to farPort: UInt16, delay: Double) throws {
    self.farPort = farPort
    self.delay = delay
    (listener, port) = try LoopbackSocket.listen()
    guard LastingThread.start({ [self] in accept() }) else { throw LoopbackSocket.Failure() }
  }

  /// Takes no more connections; those that are there end with either side.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func accept() {
    while let near = LoopbackSocket.accept(listener) {
      guard let far = LoopbackSocket.connect(to: farPort) else {
        close(near)
        continue
      }
      let delay = delay
      let ends = Lock(0)
      let end: @Sendable () -> Void = {
        // Whoever is last closes both: before, the other still uses their numbers.
        let count = ends.withLock { ends in
          ends += 1
          return ends
        }
        guard count == 2 else { return }
        close(near)
        close(far)
      }
      let started = LastingThread.start {
        LoopbackSocket.copy(from: near, to: far, delay: delay)
        end()
      }
      if !started {
        end()
        shutdown(far, Int32(SHUT_RDWR))
      }
      if !LastingThread.start({
        LoopbackSocket.copy(from: far, to: near)
        end()
      }) {
        end()
        shutdown(near, Int32(SHUT_RDWR))
      }
    }
    close(listener)
  }
}
