#if Remote
  import ND2

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// A program that a profile names to get keys from (`credential_process`).
  enum CredentialProcess {
    /// Runs the command in a shell, on a thread of its own, and reads the JSON that it prints.
    static func run(_ command: String, profile: String) async throws -> AWSCredentials {
      #if os(Linux) || os(macOS)
        let output = await withCheckedContinuation { continuation in
          let job = Job(command: command, continuation: continuation)
          if !job.start() { continuation.resume(returning: nil) }
        }
        guard let output, let keys = AWSCredentialChain.keys(in: output) else {
          throw ND2Error(
            .io, "the credential_process of the profile '\(profile)' failed or gave no keys")
        }
        return keys
      #else
        throw ND2Error(.unsupported, "programs cannot be run for credentials on this system")
      #endif
    }

    #if os(Linux) || os(macOS)
      private final class Job: Sendable {
        private let command: String
        private let continuation: CheckedContinuation<[UInt8]?, Never>

        init(command: String, continuation: CheckedContinuation<[UInt8]?, Never>) {
          self.command = command
          self.continuation = continuation
        }

        /// Whether a thread could be made; it resumes the continuation.
        func start() -> Bool {
          let this = Unmanaged.passRetained(self)
          #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, nil, { Job.main($0) }, this.toOpaque())
            guard code == 0, let thread else {
              this.release()
              return false
            }
          #else
            var thread = pthread_t()
            let code = pthread_create(
              &thread, nil, { $0.flatMap { Job.main($0) } }, this.toOpaque())
            guard code == 0 else {
              this.release()
              return false
            }
          #endif
          pthread_detach(thread)
          return true
        }

        private static func main(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
          let job = Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue()
          job.continuation.resume(returning: job.run())
          return nil
        }

        private func run() -> [UInt8]? {
          guard let pipe = popen("( \(command) ) </dev/null", "r") else { return nil }
          let output = SmallFile.readAll(pipe)
          return pclose(pipe) == 0 ? output : nil
        }
      }
    #endif
  }
#endif
