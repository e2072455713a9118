import ND2Codecs
import ND2Format

/// A NumPy archive (`.npz`): named arrays in a ZIP file.
///
/// Only the directory is read when an archive is opened; each array is read when it is asked for.
/// Reading and writing ZIP is done here rather than by a library for it, which would bring
/// cryptography and three more compression methods into every program that opens an ND2 file.
///
/// ```swift
/// let archive = try NumPyArchive(path: "cells.npz")
/// print(archive.names)
/// let masks = try archive.array(named: "masks", axes: [.y, .x])
/// ```
public struct NumPyArchive: Sendable {
  /// The names of the arrays, without the `.npy` of their files, in the order of the archive.
  ///
  /// Files of the archive that are no arrays are left out.
  public let names: [String]
  private let entries: [String: ZipDirectory.Entry]
  private let source: any ByteSource
  private let byteCount: UInt64

  /// Opens an archive.
  ///
  /// - Throws: ``ND2Error/Code/io`` when the file cannot be read, ``ND2Error/Code/malformed`` when
  ///   it is not a ZIP archive, ``ND2Error/Code/unsupported`` when it is one of several parts.
  public init(path: String) throws { try self.init(try FileSource(path: path)) }

  /// Opens an archive in memory.
  ///
  /// - Throws: as ``init(path:)``, but for input and output.
  public init(bytes: [UInt8]) throws { try self.init(MemorySource(bytes)) }

  /// Opens an archive in any source of bytes.
  init(_ source: any ByteSource) throws {
    self.source = source
    do {
      byteCount = try source.byteCount()
      let all = try Self.directory(of: source, byteCount: byteCount)
      var names: [String] = []
      var entries: [String: ZipDirectory.Entry] = [:]
      for entry in all where entry.name.hasSuffix(".npy") {
        let name = String(entry.name.dropLast(4))
        if entries.updateValue(entry, forKey: name) == nil { names.append(name) }
      }
      self.names = names
      self.entries = entries
    } catch let error as Malformed {
      throw ND2Error(error, in: "the archive").inFile(source.name)
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  private static func directory(
    of source: any ByteSource, byteCount: UInt64
  ) throws -> [ZipDirectory.Entry] {
    let start = byteCount - min(byteCount, ZipDirectory.tailByteCount)
    let end = try ZipDirectory.end(in: try source.read(start..<byteCount), at: start)
    let limit = UInt64(ParsingLimits.standard.chunkByteCount)
    guard end.byteCount <= limit else {
      throw ND2Error(
        .limitExceeded, "the archive's directory has \(end.byteCount) bytes; the limit is \(limit)")
    }
    for place in end.places {
      let bytes = try source.read(place.start..<(place.start + end.byteCount))
      guard ZipDirectory.isDirectory(bytes) else { continue }
      return try ZipDirectory.entries(bytes, at: place, end: end)
    }
    throw Malformed(.unexpected(expected: "the directory"), at: end.places.first?.start ?? start)
  }

  /// Reads an array. Of several with the same name it is the last.
  ///
  /// - Throws: as ``array(named:axes:)``.
  public subscript(name: String) -> AnyNDArray {
    get throws { try array(named: name) }
  }

  /// Reads an array. Of several with the same name it is the last.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - axes: the axes of the array, outermost first; by default they have no names, as in the
  ///     file.
  /// - Throws: ``ND2Error/Code/invalidRequest`` when there is no array of that name or the number of
  ///   axes is not that of the array, ``ND2Error/Code/malformed`` when it is damaged,
  ///   ``ND2Error/Code/unsupported`` when it is encrypted, compressed by another method than
  ///   deflate, or of a type that cannot be read (see ``AnyNDArray/init(npy:axes:)``).
  public func array(named name: String, axes: [Axis]? = nil) throws -> AnyNDArray {
    guard let entry = entries[name] else {
      let there = names.isEmpty ? "it holds none" : "it holds \(Self.list(names))"
      throw ND2Error.invalidRequest("the archive has no array '\(name)'; \(there)")
        .inFile(source.name)
    }
    do {
      let member = ZipMember(entry: entry, source: source, archiveByteCount: byteCount)
      return try member.array(NumPyReader(axes: axes, expected: nil))
    } catch var error as ND2Error {
      error.message = "array '\(name)': \(error.message)"
      throw error.inFile(source.name)
    }
  }

  /// Where the numbers of an array lie that is stored without compression.
  package func extent(ofArrayNamed name: String) throws -> NumPyExtent {
    guard let entry = entries[name] else {
      throw ND2Error.invalidRequest("the archive has no array '\(name)'").inFile(source.name)
    }
    do {
      return try ZipMember(entry: entry, source: source, archiveByteCount: byteCount).extent()
    } catch let error as ND2Error {
      throw error.inFile(source.name)
    }
  }

  /// The first names, for messages.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
  }
}
