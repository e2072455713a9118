import ND2
import ND2TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An nginx of this test's own, on a free port of this machine, with a folder of files.
///
/// It reads no configuration but that which is written for it, and writes nowhere but into its folder.
/// It ends when this value is released or the process of the tests ends, however that is.
final class NginxServer: Sendable {
  struct Failure: Error {
    let message: String
  }

  /// The program, or nil when there is none.
  static let program: String? = {
    var candidates: [String] = []
    if let named = getenv("ND2_NGINX") { candidates.append(String(cString: named)) }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let system = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin"]
    candidates += (path.split(separator: ":").map(String.init) + system).map { "\($0)/nginx" }
    // This file lies in Tests/ND2RemoteTests/Support of the package.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    candidates.append(parts.dropLast(4).joined(separator: "/") + "/.build/servers/nginx/nginx")
    return candidates.first { access($0, X_OK) == 0 }
  }()

  static var isPresent: Bool { program != nil }
  static var isPresentWithCertificates: Bool { isPresent && Certificates.arePresent }

  /// What the server shall be.
  struct Configuration: Sendable {
    /// Directives of the one server.
    var site = ""
    /// Directives beside it.
    var http = ""
    /// Makes it a server of TLS.
    var certificate: Certificates.Kind?
    var speaksHTTP2 = false
  }

  let port: UInt16
  let configuration: Configuration
  private let folder: TemporaryDirectory
  private let shell: pid_t
  private let input: Int32
  private let server: pid_t

  /// Starts a server and waits until it takes connections, without blocking a thread of tasks.
  static func start(
    _ site: String = "", http: String = "", certificate: Certificates.Kind? = nil,
    http2: Bool = false, files: [String: [UInt8]] = [:]
  ) async throws -> NginxServer {
    let configuration = Configuration(
      site: site, http: http, certificate: certificate, speaksHTTP2: http2)
    return try await Offload.run {
      var failure = Failure(message: "there is no nginx")
      // Another program may take the port before nginx does.
      for _ in 0..<5 {
        do {
          return try NginxServer(configuration, files: files)
        } catch let error as Failure {
          failure = error
        }
      }
      throw failure
    }
  }

  private init(_ configuration: Configuration, files: [String: [UInt8]]) throws {
    guard let program = Self.program else { throw Failure(message: "there is no nginx") }
    self.configuration = configuration
    folder = try TemporaryDirectory()
    port = try LoopbackSocket.freePort()
    mkdir(folder.file("files"), 0o755)
    for (name, bytes) in files { _ = try folder.write(bytes, as: "files/\(name)") }
    if let certificate = configuration.certificate {
      guard let certificates = Certificates.shared else {
        throw Failure(message: "there are no certificates")
      }
      _ = try folder.write(Array(certificates.text(certificate).utf8), as: "server.pem")
      _ = try folder.write(Array(certificates.authority.utf8), as: "authority.pem")
    }
    let text = Self.text(configuration, folder: folder.path, port: port)
    _ = try folder.write(Array(text.utf8), as: "nginx.conf")
    let (shell, input) = try Self.spawn(program, folder.path)
    let server = Self.waitUntilReady(folder, shell)
    guard server > 0 else {
      close(input)
      waitpid(shell, nil, 0)
      throw Failure(
        message: String(decoding: (try? folder.read("output")) ?? [], as: UTF8.self))
    }
    (self.shell, self.input, self.server) = (shell, input, server)
  }

  deinit {
    kill(server, SIGCONT)
    kill(server, SIGTERM)
    close(input)
    waitpid(shell, nil, 0)
  }

  // MARK: - Files

  /// Puts a file in the place of another, in one moment, as those do who replace data. Its date is
  /// a later one.
  func replace(_ name: String, with bytes: [UInt8]) throws {
    let path = try folder.write(bytes, as: "new")
    var dates = utimbuf(actime: time(nil) + 100, modtime: time(nil) + 100)
    utime(path, &dates)
    guard rename(folder.file("new"), folder.file("files/\(name)")) == 0 else {
      throw Failure(message: "the file cannot be replaced")
    }
  }

  /// Path of a file that is not served, such as that of passwords.
  func write(_ text: String, as name: String) throws -> String {
    try folder.write(Array(text.utf8), as: name)
  }

  /// Shortens a file where it lies.
  func truncate(_ name: String, to byteCount: Int) {
    _ = systemTruncate(folder.file("files/\(name)"), byteCount)
  }

  /// The path of the authority's certificate.
  var authority: String { folder.file("authority.pem") }

  // MARK: - Addresses and requests

  private var scheme: String { configuration.certificate == nil ? "http" : "https" }

  func url(_ path: String = "/file.nd2", host: String = "127.0.0.1") -> String {
    "\(scheme)://\(host):\(port)\(path)"
  }

  /// What was asked so far. The server takes its notes after it has answered, so this waits until there
  /// are as many as one knows of.
  func requests(_ count: Int = 0) async throws -> [NginxRequest] {
    var requests: [NginxRequest] = []
    for _ in 0..<1000 {
      requests = NginxRequest.parse((try? folder.read("access.log")) ?? [])
      if requests.count >= count { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    return requests
  }

  /// Ends at once, with all connections.
  func stop() { kill(server, SIGKILL) }

  /// Stands still: connections stay, and nothing comes.
  func freeze() { kill(server, SIGSTOP) }

  // MARK: - The process

  private static func text(
    _ configuration: Configuration, folder: String, port: UInt16
  ) -> String {
    var listen = "listen 127.0.0.1:\(port) backlog=511"
    var security = ""
    if configuration.certificate != nil {
      listen += configuration.speaksHTTP2 ? " ssl http2" : " ssl"
      security = """
        ssl_certificate "\(folder)/server.pem";
        ssl_certificate_key "\(folder)/server.pem";
        """
    }
    let names = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    let temporary = names.map { "\($0)_temp_path \"\(folder)/\($0)\";" }.joined(separator: "\n")
    return """
      daemon off;
      master_process off;
      pid "\(folder)/nginx.pid";
      error_log "\(folder)/error.log" notice;
      events { worker_connections 1024; }
      http {
      \(temporary)
      log_format notes '\(NginxRequest.logFormat)';
      access_log "\(folder)/access.log" notes;
      default_type application/octet-stream;
      keepalive_requests 100000;
      \(configuration.http)
      server {
      \(listen);
      root "\(folder)/files";
      \(security)
      \(configuration.site.replacing("FOLDER", with: folder))
      }
      }

      """
  }

  /// Starts a shell that starts the server and ends it when its input ends.
  private static func spawn(_ program: String, _ folder: String) throws -> (pid_t, Int32) {
    // Connections of other tests may have come along; held here, they would not end where a test
    // closes them. A key that interrupts the tests reaches the shell as well, which must stay.
    let script = """
      for descriptor in /dev/fd/*; do
        descriptor=${descriptor##*/}
        [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"
      done
      trap '' INT TERM HUP
      exec 3<&0 >"$1/output" 2>&1
      "$0" -p "$1/" -c "$1/nginx.conf" 3<&- </dev/null &
      server=$!
      { cat <&3 >/dev/null; kill -9 "$server"; } &
      exec 3<&-
      wait "$server" 2>/dev/null
      """
    let words = ["bash", "-c", script, program, folder]
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure(message: "there is no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    var identifier: pid_t = 0
    let code = posix_spawnp(&identifier, "bash", &actions, nil, &pointers, environ)
    close(ends[0])
    guard code == 0 else {
      close(ends[1])
      throw Failure(message: "bash could not be started: error \(code)")
    }
    return (identifier, ends[1])
  }

  /// The identifier of the server's process, when it has its port; 0 when it ended before.
  private static func waitUntilReady(_ folder: TemporaryDirectory, _ shell: pid_t) -> pid_t {
    for _ in 0..<3000 {
      let text = String(decoding: (try? folder.read("nginx.pid")) ?? [], as: UTF8.self)
      if text.hasSuffix("\n"), let identifier = pid_t(text.dropLast()) { return identifier }
      // It would try for a while to get a port that is taken.
      let errors = String(decoding: (try? folder.read("output")) ?? [], as: UTF8.self)
      if errors.contains("[emerg]") { return 0 }
      usleep(10_000)
    }
    return 0
  }
}

private func systemTruncate(_ path: String, _ byteCount: Int) -> Int32 {
  #if canImport(Glibc)
    Glibc.truncate(path, byteCount)
  #elseif canImport(Musl)
    Musl.truncate(path, off_t(byteCount))
  #else
    Darwin.truncate(path, off_t(byteCount))
  #endif
}
