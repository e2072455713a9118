/// All of a file but its pixels, in one small piece: the file opens from it without a request.
///
/// It holds the bytes of the file that opening reads (signature, chunk map, the chunks that describe
/// the image) and those of all other chunks that are no images: texts, events, regions, masks, what
/// was recorded with every frame. A file that is opened with it says all that it says otherwise, and
/// only pixels are still read from the source.
///
/// ```swift
/// try SavedIndex(of: ND2File(path: "cells.nd2")).write(to: "cells.nd2.index")
///
/// let index = try SavedIndex(contentsOf: "cells.nd2.index")
/// let file = try await ND2File(reading: RemoteSource("s3://bucket/cells.nd2"), index: index)
/// ```
///
/// A ``PixelPlan`` is for one part of the pixels, an index for the whole file. It knows size and entity
/// tag of the file: one that has changed since is an error, never a mixture. An index of a local file,
/// which has no tag, recognises the file by its size alone, wherever it was copied to.
public struct SavedIndex: Hashable, Sendable {
  /// Name of the file: a path or an address without credentials.
  public let name: String
  /// What tells whether the file is still the same.
  public let identity: SourceIdentity
  /// Whether all that is no pixels is in it; else the rest is read from the file when it is needed.
  public let isComplete: Bool
  let kept: KeptRanges

  /// Most bytes of the file that an index holds unless another number is given.
  public static let standardByteCount = 64 << 20
  /// Most bytes of the file that any index can hold.
  public static let largestByteCount = 1 << 30

  init(name: String, identity: SourceIdentity, isComplete: Bool, kept: KeptRanges) {
    self.name = name
    self.identity = identity
    self.isComplete = isComplete
    self.kept = kept
  }

  /// The parts of the file that it holds, ascending and without overlap.
  public var byteRanges: [Range<UInt64>] { kept.ranges }

  /// Number of bytes of the file that it holds.
  public var byteCount: Int { kept.bytes.count }

  /// The bytes of a range of the file; nil when not all of it is held.
  public func bytes(_ range: Range<UInt64>) -> [UInt8]? { kept.bytes(range) }
}
