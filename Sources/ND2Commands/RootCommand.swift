import ArgumentParser

/// `nd2` itself: knows the verbs and does nothing on its own.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nd2",
    abstract: "Reads Nikon ND2 microscopy files.",
    discussion: """
      Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but the file is damaged (stderr says how).
      """,
    version: ToolVersion.text,
    subcommands: [
      InfoCommand.self, IndexCommand.self, MetadataCommand.self, FramesCommand.self,
      PositionsCommand.self, ReadCommand.self, ProjectCommand.self, StatsCommand.self,
      PictureCommand.self, SequenceCommand.self, ThumbnailCommand.self, ShowCommand.self,
      OMECommand.self, RefsCommand.self, EventsCommand.self, ROIsCommand.self, MasksCommand.self,
      ChunksCommand.self, ValidateCommand.self, DoctorCommand.self, RescueCommand.self,
      SubsetCommand.self, ConvertCommand.self, VerifyCommand.self, PlanCommand.self,
      CopyCommand.self, SampleCommand.self,
    ])
}

/// The version of the command.
enum ToolVersion {
  static let text = "0.1.0"
}
