import ND2FuzzTargets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// libFuzzer has the main function and calls these two. The environment chooses what they do:
// ND2_FUZZ_TARGET names the target, ND2_FUZZ_SEEDS a folder into which its seeds are written
// instead of fuzzing; ND2_FUZZ_LIST prints the names of all targets.

private func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private let target: FuzzTarget = {
  let name = environment("ND2_FUZZ_TARGET") ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fail("ND2_FUZZ_TARGET: there is no target '\(name)'")
  }
  return target
}()

private func fail(_ message: String) -> Never {
  let line = Array("nd2-fuzz: \(message)\n".utf8)
  _ = write(2, line, line.count)
  exit(2)
}

/// Does what the environment asks for instead of fuzzing.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ argumentCount: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  if environment("ND2_FUZZ_LIST") != nil {
    for target in FuzzTarget.allCases { print(target.rawValue) }
    exit(0)
  }
  if let folder = environment("ND2_FUZZ_SEEDS") {
    do {
      for (index, seed) in try target.seeds().enumerated() {
        save(seed, to: "\(folder)/seed-\(index)")
      }
    } catch {
      fail("the seeds cannot be made: \(error)")
    }
    exit(0)
  }
  return 0
}

private func save(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "wb") else { fail("\(path) cannot be written") }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
    fail("\(path) cannot be written")
  }
}

/// Gives one input to the target.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}

/// The main function: on Linux the package manager makes `main` another name of this one.
@_cdecl("nd2_fuzz_main")
public func start(_ argumentCount: CInt, _ arguments: UnsafeMutableRawPointer?) -> CInt {
  var (argumentCount, arguments) = (argumentCount, arguments)
  return runFuzzer(&argumentCount, &arguments, testOneInput)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ argumentCount: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
