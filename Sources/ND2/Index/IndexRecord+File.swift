#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What is read of a file for its row.
extension IndexRecord {
  /// The row of something that cannot be read.
  package init(path: String, failure: ND2Error) {
    self.init()
    describe(path)
    fail(failure)
  }

  /// Notes why the file cannot be read.
  mutating func fail(_ failure: any Error) {
    let error = failure as? ND2Error ?? ND2Error(.io, "\(failure)", at: .init(file: path))
    self.failure = error
    self[.error] = .text(error.message)
  }

  /// Notes what the folder says of a file: path, name, size, and when it was changed.
  ///
  /// - Returns: what kind of file it is, or nil when there is none.
  @discardableResult
  mutating func describe(_ path: String) -> FileKind? {
    if PathText.isAddress(path) {
      describe(address: path)
      return nil
    }
    self[.name] = .text(Self.name(of: path))
    self[.path] = .text(path)
    if let resolved = realpath(path, nil) {
      self[.path] = .text(String(cString: resolved))
      free(resolved)
    }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind = FileKind(mode: status.st_mode)
    guard kind == .file else { return kind }
    self[.kilobytes] = .number(Self.kilobytes(UInt64(max(0, Int64(status.st_size)))))
    #if canImport(Darwin)
      let seconds = Int64(status.st_mtimespec.tv_sec)
    #else
      let seconds = Int64(status.st_mtim.tv_sec)
    #endif
    self[.modified] = Self.time(seconds).map { .text($0) } ?? .missing
    return kind
  }

  /// Notes what an address says of a file. Names of users and what follows a question mark may be
  /// credentials and are left out.
  mutating func describe(address: String) {
    let bare = address.prefix { $0 != "?" && $0 != "#" }
    var parts = bare.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    if parts.count > 2, parts[0] != "abfs:", parts[0] != "abfss:",
      let at = parts[2].lastIndex(of: "@")
    {
      parts[2] = parts[2][parts[2].index(after: at)...]
    }
    let path = parts.joined(separator: "/")
    self[.path] = .text(path)
    self[.name] = .text(Self.name(of: path))
  }

  /// The last part of a path.
  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Kilobytes to two decimals: of the quotient in floating point, the nearer one of the two
  /// neighbours, as Python's `round` takes it.
  static func kilobytes(_ count: UInt64) -> Double {
    let quotient = Double(count) / 1000
    guard count < 1 << 50 else { return quotient }
    let lower = count / 10
    let rest = count % 10
    var isUp = rest > 5
    if rest == 5 {
      // The sign of the rounding error of the division, exactly.
      let error = (-Double(count)).addingProduct(quotient, 1000)
      isUp = error > 0 || (error == 0 && lower % 2 == 1)
    }
    return Double(isUp ? lower + 1 : lower) / 100
  }

  /// A point in time as `2013-03-17 07:18:07`; nil beyond the years 1 to 9999.
  static func time(_ secondsSince1970: Int64) -> String? {
    guard (-62_135_596_800..<253_402_300_800).contains(secondsSince1970) else { return nil }
    var (days, second) = secondsSince1970.quotientAndRemainder(dividingBy: 86400)
    if second < 0 { (days, second) = (days - 1, second + 86400) }
    let date = CivilDate(daysSince1970: Int(days))
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let clock = [second / 3600, second / 60 % 60, second % 60].map { digits(Int($0), 2) }
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2)) "
      + clock.joined(separator: ":")
  }

  /// Notes what an open file says, as far as the columns need it.
  mutating func describe(_ file: ND2File, _ columns: Set<IndexColumn>) {
    self[.version] = .text(file.version.description)
    let date = file.acquisitionDate
    let seconds = (date?.microsecondsSince1970 ?? 0)
      .quotientAndRemainder(dividingBy: 1_000_000)
    self[.acquired] = .text(
      date.flatMap { _ in
        Self.time(seconds.remainder < 0 ? seconds.quotient - 1 : seconds.quotient)
      } ?? "")
    self[.experiment] = .text(
      file.experiment.map { "\($0.type.name):\($0.count)" }.joined(separator: ";"))
    self[.sampleType] = .text(file.sampleType.rawValue)
    self[.shape] = .list(file.shape.map { .integer($0) })
    self[.axes] = .text(file.sizes.axes.map(\.rawValue).joined())
    describeContents(of: file, columns)
    if columns.contains(where: { $0.rawValue > IndexColumn.modified.rawValue }) {
      describeMore(of: file, columns)
    }
    diagnostics = file.diagnostics
    self[.isDamaged] = .bool(diagnostics.contains { $0.severity == .damage })
  }

  /// What takes reading: masks, regions, the program. Damage is noted by the file itself, or here.
  private mutating func describeContents(of file: ND2File, _ columns: Set<IndexColumn>) {
    if columns.contains(.hasMasks) {
      self[.hasMasks] = value(of: file) { .bool(try !file.binaryLayers().isEmpty) }
    }
    if columns.contains(.hasRegions) {
      self[.hasRegions] = value(of: file) { .bool(try file.hasRegions()) }
    }
    let ofProgram: Set<IndexColumn> = [.softwareName, .softwareVersion, .grabber]
    guard !columns.isDisjoint(with: ofProgram) else { return }
    do {
      let program = try file.applicationInfo()
      self[.softwareName] = .text(program.software)
      self[.softwareVersion] = .text(program.version)
      self[.grabber] = .text(program.grabber)
    } catch {
      note(error, in: file)
    }
  }

  private mutating func describeMore(of file: ND2File, _ columns: Set<IndexColumn>) {
    self[.frames] = .integer(file.frameCount)
    self[.storedFrames] = .integer(file.storedFrameCount)
    self[.positions] = .integer(file.loopLayout.axes[.position] ?? 1)
    self[.channels] = .list(file.channelNames.map { .text($0) })
    self[.bits] = .integer(file.attributes.bitsPerComponentSignificant)
    self[.compression] = file.attributes.compressionType.map { .text($0.rawValue) } ?? .missing
    if let channel = file.metadata.channels.first {
      if channel.volume.axesCalibrated.first ?? false {
        self[.pixelSize] = .number(file.voxelSize.x)
      }
      let inferred = channel.microscope.inferred
      self[.objective] =
        (channel.microscope.objectiveName ?? inferred?.name).map { .text($0) } ?? .missing
      self[.magnification] =
        (channel.microscope.objectiveMagnification ?? inferred?.magnification)
        .map { .number($0) } ?? .missing
    }
    if file.experiment.contains(where: { $0.axis == .z }) {
      self[.focusStep] = .number(file.voxelSize.z)
    }
    self[.pyramidLevels] = .integer(file.pyramidLevels.count)
    if columns.contains(.duration) { self[.duration] = value(of: file) { try duration(of: file) } }
    if columns.contains(.wells) {
      self[.wells] = value(of: file) {
        .list(try file.wellPlate().map { $0.wells().map { .text($0.name) } } ?? [])
      }
    }
  }

  private func duration(of file: ND2File) throws -> IndexValue {
    let times = try file.frameTimes().filter(\.isFinite)
    guard let first = times.min(), let last = times.max() else { return .missing }
    return .number((last - first) / 1000)
  }

  private func value(of file: ND2File, _ body: () throws -> IndexValue) -> IndexValue {
    do { return try body() } catch {
      note(error, in: file)
      return .missing
    }
  }

  /// Something that cannot be read is damage of the file; the other columns stay.
  private func note(_ error: any Error, in file: ND2File) {
    let known = error as? ND2Error
    file.diagnosticStore.append(
      Diagnostic(.damage, known?.message ?? "\(error)", at: known?.location ?? .init()))
  }
}
