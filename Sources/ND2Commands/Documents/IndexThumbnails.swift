import ND2
import ND2Export

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small pictures of the files of an index, in one folder.
///
/// The name of a picture follows from the path, the size and the time of its file: one that is there
/// already shows what is wanted, and is kept.
final class IndexThumbnails: Sendable {
  private let folder: String
  private let side: Int
  private let overwrite: Bool
  private let failures = Lock<[any Error]>([])
  /// Failures that are kept; the folder of a full disk fails for every file.
  private static let mostFailures = 100

  /// Makes the folder, if it is not there.
  ///
  /// - Throws: ``ND2Error/Code/io``.
  init(folder: String, side: Int, overwrite: Bool) throws {
    self.folder = folder
    self.side = side
    self.overwrite = overwrite
    if mkdir(folder, 0o777) != 0 {
      let code = errno
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw SystemFailure.error("cannot make the folder", code, file: folder)
      }
    }
  }

  /// Saves the picture of a file, and notes its path.
  func draw(_ file: ND2File, _ record: inout IndexRecord) {
    let path = "\(folder)/\(name(of: record))"
    do {
      if overwrite || access(path, F_OK) != 0 {
        let picture = try PictureRenderer(file).thumbnail(side: side)
        let bytes = try PictureDocument.encode(picture, .png, pixelSize: nil)
        // Two paths may lead to one file, whose picture is drawn twice at a time.
        let output = try OutputFile(path: path, overwrite: true)
        try output.write(bytes)
        try output.commit()
      }
      record[.thumbnail] = .text(path)
    } catch {
      failures.withLock { if $0.count < Self.mostFailures { $0.append(error) } }
    }
  }

  /// Says which pictures could not be made.
  func report(in session: Session) {
    for failure in failures.withLock({ $0 }) {
      if let error = failure as? ND2Error, error.code != .io {
        session.report([
          Diagnostic(.damage, "no thumbnail: \(error.message)", at: error.location)
        ])
      } else {
        session.fail(failure)
      }
    }
  }

  /// The name of the file's picture: that of the file, and a number that changes with the file.
  private func name(of record: IndexRecord) -> String {
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let key = "\(record.path)\n\(record[.kilobytes].text)\n\(record[.modified].text)\n\(side)"
    for byte in key.utf8 {
      hash ^= UInt64(byte)
      hash &*= 0x100_0000_01B3
    }
    let digits = String(hash, radix: 16)
    let full = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    var stem = record.name
    if let dot = stem.lastIndex(of: "."), dot > stem.startIndex { stem = String(stem[..<dot]) }
    // Names of files have at most 255 bytes, and some systems have fewer left for temporary ones.
    while stem.utf8.count > 150 { stem.removeLast() }
    return "\(stem)-\(full).png"
  }
}
