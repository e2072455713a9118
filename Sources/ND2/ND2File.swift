import ND2Format

/// An open ND2 file: what is in it, and its pixels.
///
/// ```swift
/// let file = try ND2File(path: "cells.nd2")
/// print(file.sizes)                        // T 10 × Z 5 × C 2 × Y 1024 × X 1024
/// print(file.metadata.channels[0].channel.name)
/// let stack = try file.read(ArraySelection(.time, 3))
/// ```
///
/// Opening reads both ends of the file and the chunks that describe the image. Properties are in
/// memory; functions read from the source. Every function that reads has a blocking and an
/// asynchronous form; files opened from an ``AsyncByteSource`` have the asynchronous forms only,
/// unless they are opened through a ``BlockingSource``.
///
/// A file is immutable and may be used by many tasks and threads at once.
public final class ND2File: Sendable {
  /// Path or address of the file; empty for bytes in memory without a name.
  public let path: String
  /// Version of the format.
  public let version: FormatVersion
  /// Size of the file in bytes.
  public let byteCount: UInt64
  /// How the file was opened; the limits are those that hold for a file of its size.
  public let options: ReadingOptions

  let access: SourceAccess
  let map: ChunkMap
  let description: ImageDescription
  let geometry: ArrayGeometry
  let store: FrameStore
  let diagnosticStore: DiagnosticStore
  let cache = PartCache()
  /// Position of the last chunk that a scan was sure of; nil for files with a map.
  let lastScannedChunk: UInt64?

  /// Bytes at the start of a file that are asked for first where a round trip is dear.
  package static let remoteHeadByteCount: UInt64 = 65536
  /// Bytes at the end of a file that are asked for first where a round trip is dear.
  package static let remoteTailByteCount: UInt64 = 262_144

  /// How many bytes of both ends are asked for first.
  struct Ends {
    var headByteCount: UInt64
    var tailByteCount: UInt64

    /// Where reading is quick.
    static let near = Ends(headByteCount: 4096, tailByteCount: 65536)
    /// Where every request is a round trip, so that more is asked for at once.
    static let far = Ends(
      headByteCount: remoteHeadByteCount, tailByteCount: remoteTailByteCount)
    /// What a saved index holds of both ends: little beyond what recognising a file takes.
    static let saved = Ends(headByteCount: 4096, tailByteCount: 4096)
  }

  /// Opens a local file.
  ///
  /// - Throws: ``ND2Error``: ``ND2Error/Code/io`` when it cannot be read,
  ///   ``ND2Error/Code/notAnND2File``, ``ND2Error/Code/malformed`` when it is too damaged to be
  ///   described, ``ND2Error/Code/unsupported``.
  public convenience init(path: String, options: ReadingOptions = ReadingOptions()) throws {
    try self.init(reading: try FileSource(path: path), options: options)
  }

  /// Opens the file that a blocking source holds.
  ///
  /// - Throws: as ``init(path:options:)``.
  public convenience init(
    reading source: some ByteSource, options: ReadingOptions = ReadingOptions()
  ) throws {
    try self.init(reading: source, options: options, continuing: nil)
  }

  /// Opens the file that a blocking source holds, going on with an earlier scan of it.
  init(
    reading source: some ByteSource, options: ReadingOptions,
    continuing earlier: ChunkScan.Continuation?, ends: Ends? = nil
  ) throws {
    do {
      let byteCount = try source.byteCount()
      let options = options.fitted(toByteCount: byteCount)
      let ends = ends ?? (source is BlockingSource ? .far : .near)
      let opened = try source.run(
        OpenPlan(
          fileByteCount: byteCount, headByteCount: ends.headByteCount,
          tailByteCount: ends.tailByteCount, options: options, continuing: earlier))
      let parts = try OpenedParts(opened, byteCount: byteCount, options: options)
      self.byteCount = byteCount
      self.options = options
      path = source.name
      lastScannedChunk = opened.lastChunk
      access = .blocking(source)
      (version, map, description, geometry, store, diagnosticStore) = parts.all
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// Opens the file that an asynchronous source holds.
  ///
  /// Ordinary files take two rounds of requests: both ends, then the rest of the metadata.
  ///
  /// - Throws: as ``init(path:options:)``, and `CancellationError`.
  public convenience init(
    reading source: some AsyncByteSource, options: ReadingOptions = ReadingOptions()
  ) async throws {
    try await self.init(reading: source, options: options, continuing: nil)
  }

  /// Opens the file that an asynchronous source holds, going on with an earlier scan of it.
  init(
    reading source: some AsyncByteSource, options: ReadingOptions,
    continuing earlier: ChunkScan.Continuation?, ends: Ends = .far
  ) async throws {
    do {
      let byteCount = try await source.byteCount()
      let options = options.fitted(toByteCount: byteCount)
      let opened = try await source.run(
        OpenPlan(
          fileByteCount: byteCount, headByteCount: ends.headByteCount,
          tailByteCount: ends.tailByteCount, options: options, continuing: earlier))
      let parts = try OpenedParts(opened, byteCount: byteCount, options: options)
      self.byteCount = byteCount
      self.options = options
      path = source.name
      lastScannedChunk = opened.lastChunk
      access = .asynchronous(source)
      (version, map, description, geometry, store, diagnosticStore) = parts.all
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }
}

/// Version of the ND2 format: 1.0 is legacy (JPEG 2000), 2.x has XML metadata, 3.0 binary.
public struct FormatVersion: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// The number before the dot.
  public var major: Int
  /// The number behind the dot.
  public var minor: Int

  /// Creates a version.
  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Such as `3.0`.
  public var description: String { "\(major).\(minor)" }

  /// Whether one version is older than another.
  public static func < (a: FormatVersion, b: FormatVersion) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }
}
