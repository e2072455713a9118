extension ND2File {
  /// Opens a local file with its saved index: nothing is read but the pixels, when they are asked for.
  ///
  /// - Throws: as ``init(path:options:)``, and ``ND2Error/Code/changedWhileReading`` when the file is not
  ///   the one that the index was made of.
  public convenience init(
    path: String, index: SavedIndex, options: ReadingOptions = ReadingOptions()
  ) throws {
    try self.init(reading: try FileSource(path: path), index: index, options: options)
  }

  /// Opens the file that a blocking source holds with its saved index; only the pixels are read.
  ///
  /// Whether the file is still the same is looked up at once where that is cheap. Sources across
  /// networks make sure of it with every read: opening sends nothing to them.
  ///
  /// - Throws: as ``init(path:index:options:)``.
  public convenience init(
    reading source: some ByteSource, index: SavedIndex,
    options: ReadingOptions = ReadingOptions()
  ) throws {
    guard let waiting = source as? BlockingSource else {
      try self.init(
        reading: try IndexedBlockingSource(source, index.kept, of: index.identity),
        options: options, continuing: nil, ends: .saved)
      return
    }
    let base = waiting.base
    let indexed = try BlockingWait.value {
      try await IndexedSource(base, index.kept, of: index.identity)
    }
    try self.init(
      reading: BlockingSource(indexed), options: options, continuing: nil, ends: .saved)
  }

  /// Opens the file that an asynchronous source holds with its saved index; only the pixels are asked
  /// for. See the blocking form.
  ///
  /// - Throws: as ``init(path:index:options:)``, and `CancellationError`.
  public convenience init(
    reading source: some AsyncByteSource, index: SavedIndex,
    options: ReadingOptions = ReadingOptions()
  ) async throws {
    try await self.init(
      reading: try await IndexedSource(source, index.kept, of: index.identity),
      options: options, continuing: nil, ends: .saved)
  }
}
