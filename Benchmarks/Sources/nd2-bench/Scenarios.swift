import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Seconds of a clock that only goes forward.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// What is measured. Each scenario does its work once and gives a number that depends on the
/// result, so that nothing can be left out.
enum Scenario: String, CaseIterable {
  /// Open and look at all of the cheap metadata.
  case open
  /// The whole array, planes contiguous.
  case read
  /// 256 × 256 pixels from the middle of every frame.
  case crop
  /// One frame from anywhere.
  case frame
  /// The greatest elements along z, lazily.
  case project
  /// The difference of every plane to the mean of its stack, and the greatest of it, lazily.
  case excess
  /// The quotient of two channels and its mean over time, lazily.
  case ratio
  /// A lazy array over all frames, and a slice of one of them, which is read.
  case lazy
  /// A lazy array over all frames, nothing else; the file stays open.
  case lazyBuild = "lazy-build"
  /// The limit: the bytes of all frames by positional reads into fresh memory, same threads.
  case limit
  /// The limit for one frame.
  case frameLimit = "frame-limit"
  /// The limit with ordinary pages, as a plain allocation gives them.
  case plainLimit = "plain-limit"

  func run(_ path: String, round: Int) throws -> Double {
    switch self {
    case .open:
      let file = try ND2File(path: path)
      return Double(
        file.shape.count + file.metadata.channels.count + file.experiment.count
          + file.attributes.widthPx) + file.voxelSize.x
    case .read:
      return Double(try ND2File(path: path).read().byteCount)
    case .crop:
      let file = try ND2File(path: path)
      let (y, x) = (file.attributes.heightPx / 2, file.attributes.widthPx / 2)
      let box = ArraySelection(.y, (y - 128)..<(y + 128)).with(.x, (x - 128)..<(x + 128))
      return Double(try file.read(box).byteCount)
    case .frame:
      let file = OpenFile.at(path)
      return Double(try file.readFrame(round * 7919 % file.frameCount).byteCount)
    case .project:
      let file = try ND2File(path: path)
      return Double(try file.lazyArray().max(over: .z).compute().byteCount)
    case .excess:
      let stack = try ND2File(path: path).lazyArray()
      return Double(try (stack - stack.mean(over: .z)).max(over: .z).compute().byteCount)
    case .ratio:
      let stack = try ND2File(path: path).lazyArray()
      let quotient = try stack[.channel, 0] / (stack[.channel, 1] + 1)
      return Double(try quotient.mean(over: .time).compute().byteCount)
    case .lazy:
      let file = OpenFile.at(path)
      return Double(try file.lazyArray()[axis: 0, round * 7919 % file.shape[0]].compute().byteCount)
    case .lazyBuild: return Double(OpenFile.at(path).lazyArray().shape.count)
    case .limit: return try Limit.read(path, hugePages: true)
    case .plainLimit: return try Limit.read(path, hugePages: false)
    case .frameLimit: return try Limit.readFrame(path, round * 7919)
    }
  }
}

/// A file that stays open between rounds.
enum OpenFile {
  nonisolated(unsafe) private static var known: [String: ND2File] = [:]

  static func at(_ path: String) -> ND2File {
    if let file = known[path] { return file }
    do {
      let file = try ND2File(path: path)
      known[path] = file
      return file
    } catch {
      print(error)
      exit(1)
    }
  }
}
