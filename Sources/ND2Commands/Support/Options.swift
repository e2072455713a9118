import ArgumentParser

/// The options that every verb has.
struct CommonOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print results and errors only.")
  var quiet = false

  @Flag(help: "End with one JSON line on stderr: requests, bytes, retries, seconds.")
  var stats = false

  @OptionGroup(title: "Files across networks", visibility: .hidden) var remote: RemoteFlags
}

/// The option of verbs that describe something.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON, for machines.")
  var json = false
}

/// The options of verbs that write a file.
struct OverwriteOption: ParsableArguments {
  @Flag(help: "Replace the output when it exists.")
  var overwrite = false
}
