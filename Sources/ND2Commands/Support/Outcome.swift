/// How the command ends, for scripts.
enum Outcome: Int32 {
  /// Everything was done.
  case done = 0
  /// Something failed; stderr says what.
  case failed = 1
  /// The arguments make no sense.
  case usage = 2
  /// Everything was done, but a file is damaged; the damage was reported.
  case damaged = 3
}
