#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `nd2-bench SCENARIO FILE ROUNDS`: runs a scenario and prints the seconds of each round.
///
/// `nd2-bench arrays` prints a table of the arithmetic of arrays instead, which needs no file;
/// words after it choose lines, such as `max outer`. `nd2-bench write FOLDER` measures writing.
///
/// Reads commands from standard input instead when called without arguments, one a line, so that
/// a driver can take turns between this program and a peer.
@main
enum Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "arrays" {
      do {
        try Arrays.run(arguments.dropFirst().joined(separator: " "))
      } catch {
        print("error: \(error)")
      }
      return
    }
    if arguments.first == "write" {
      do {
        try Writing.run(Array(arguments.dropFirst()))
      } catch {
        print("error: \(error)")
        exit(1)
      }
      return
    }
    if arguments.count >= 2 {
      perform(arguments)
      return
    }
    while let line = readLine() { perform(line.split(separator: "\t").map(String.init)) }
  }

  private static func perform(_ words: [String]) {
    guard words.count >= 2, let scenario = Scenario(rawValue: words[0]) else {
      print(
        "usage: nd2-bench \(Scenario.allCases.map(\.rawValue).joined(separator: "|")) FILE ROUNDS")
      exit(2)
    }
    let rounds = words.count > 2 ? Int(words[2]) ?? 1 : 1
    var times: [String] = []
    for round in 1...rounds {
      let start = seconds()
      do {
        let result = try scenario.run(words[1], round: round)
        if result < 0 { print("impossible") }
      } catch {
        print("error: \(error)")
        exit(1)
      }
      times.append(String(seconds() - start))
    }
    print(times.joined(separator: " "))
    fflush(nil)
  }
}
