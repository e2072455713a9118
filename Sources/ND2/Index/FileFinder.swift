/// Finds files: those that are named, and those in folders that match a pattern.
///
/// It goes on only as it is asked, and holds no more than the names of the folders on its way. Within
/// a folder the files come first, then the folders, each by the bytes of their names. Links to files
/// are files; links to folders are passed by, unless they are followed, and then no folder comes twice.
struct FileFinder: Sequence, IteratorProtocol {
  /// What was found.
  enum Found: Sendable {
    case file(String)
    /// A folder that cannot be read.
    case unreadable(String, ND2Error)
  }

  private enum Step {
    case file(String)
    case folder(String, FilePattern.Places)
  }

  private var inputs: ArraySlice<String>
  private let pattern: FilePattern
  private let followsLinks: Bool
  /// What is to come of the present input, the next one last.
  private var steps: [Step] = []
  private var seen: Set<FolderIdentity> = []

  /// - Parameters:
  ///   - paths: files, which need not match, and folders.
  ///   - pattern: what is taken of folders.
  ///   - followsLinks: whether `**` goes into links to folders.
  init(_ paths: [String], pattern: FilePattern, followsLinks: Bool = false) {
    inputs = paths[...]
    self.pattern = pattern
    self.followsLinks = followsLinks
  }

  mutating func next() -> Found? {
    while true {
      guard let step = steps.popLast() else {
        guard let input = inputs.popFirst() else { return nil }
        begin(input)
        continue
      }
      switch step {
      case .file(let path): return .file(path)
      case .folder(let path, let places):
        do { try enter(path, places) } catch {
          return .unreadable(path, error as? ND2Error ?? ND2Error(.io, "\(error)"))
        }
      }
    }
  }

  private mutating func begin(_ path: String) {
    seen = []
    if FileKind.following(path) == .folder {
      steps.append(.folder(path, pattern.start))
    } else {
      steps.append(.file(path))
    }
  }

  private mutating func enter(_ folder: String, _ places: FilePattern.Places) throws {
    if followsLinks, let identity = FolderIdentity(folder), !seen.insert(identity).inserted {
      return
    }
    var files: [Step] = []
    var folders: [Step] = []
    for entry in try FolderListing(of: folder).entries {
      let isLink = entry.kind == .link
      let after = pattern.advance(
        places, over: entry.name, passingFolders: !isLink || followsLinks)
      // The last part may stand for folders on the way to a file (`**`), which is no link to follow.
      let match = isLink ? pattern.advance(places, over: entry.name) : after
      guard match.isMatch || after.continues else { continue }
      let path = PathText.joined(folder, entry.name)
      switch isLink ? FileKind.following(path) : entry.kind {
      case .file: if match.isMatch { files.append(.file(path)) }
      case .folder: if after.continues { folders.append(.folder(path, after)) }
      // A link that leads nowhere is a file that cannot be opened.
      case nil: if match.isMatch { files.append(.file(path)) }
      case .link, .other: break
      }
    }
    steps += folders.reversed()
    steps += files.reversed()
  }
}
