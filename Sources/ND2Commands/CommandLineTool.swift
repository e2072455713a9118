import ArgumentParser
import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the command: parses arguments, performs a verb, turns errors into exit codes.
package enum CommandLineTool {
  /// Runs the command on the streams of the process.
  ///
  /// - Parameter arguments: the arguments behind the name of the command.
  /// - Returns: the exit code: 0 done, 1 failed, 2 wrong usage, 3 done, but a file is damaged.
  package static func run(_ arguments: [String]) -> Int32 {
    // A file beyond what the shell allows is an error of its write, not the end of the process.
    _ = signal(SIGXFSZ, SIG_IGN)
    return run(arguments, console: .standard()).rawValue
  }

  /// Runs the command on any streams.
  static func run(_ arguments: [String], console: Console) -> Outcome {
    let outcome = runVerb(arguments, console)
    console.output.flush()
    console.errors.flush()
    guard let reason = console.output.failureMessage else { return outcome }
    console.errors.line("nd2: cannot write to stdout: \(reason)")
    return .failed
  }

  private static func runVerb(_ arguments: [String], _ console: Console) -> Outcome {
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      guard let verb = command as? any Verb else {
        // Help, and the root without a verb, end by throwing what is to be printed.
        try command.run()
        return .done
      }
      return perform(verb, console)
    } catch {
      return explain(error, console)
    }
  }

  private static func perform(_ verb: any Verb, _ console: Console) -> Outcome {
    let session = Session(console: console, isQuiet: verb.common.quiet)
    session.remote = verb.common.remote
    if verb.common.remote.savedIndex != nil, let refusal = verb.savedIndexRefusal {
      console.errors.line("nd2: \(refusal)")
      return .usage
    }
    defer {
      if verb.common.stats { console.errors.line(session.statistics.text()) }
    }
    do {
      try verb.perform(in: session)
    } catch let error as ValidationError {
      console.errors.line("nd2: \(error.message)")
      return .usage
    } catch {
      session.fail(error)
      // What a machine reads stays JSON.
      if verb.wantsJSON { session.print(Session.json(of: error)) }
    }
    return session.status
  }

  /// Prints what the argument parser has to say: help and versions on stdout, mistakes on stderr.
  private static func explain(_ error: any Error, _ console: Console) -> Outcome {
    let text = RootCommand.fullMessage(for: error)
    if RootCommand.exitCode(for: error).isSuccess {
      if !text.isEmpty { console.output.line(text) }
      return .done
    }
    if !text.isEmpty { console.errors.line(text) }
    return .usage
  }
}
