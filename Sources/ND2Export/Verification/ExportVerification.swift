package import ND2

/// What a comparison of an output with its source found.
package struct ExportVerification: Sendable {
  /// A plane that is not as it should be.
  package struct Difference: Sendable, Hashable {
    /// What is wrong with a plane.
    package enum Kind: String, Sendable {
      /// The output has other pixels than the ND2 file.
      case output
      /// The output has no such plane, or it cannot be read.
      case absent
      /// The ND2 file has other pixels than the manifest says.
      case source
    }

    /// What is wrong.
    package var kind: Kind
    /// Where the plane is in the ND2 file.
    package var address: ExportPlanes.Address
  }

  /// Planes that were compared.
  package var planeCount = 0
  /// The planes that differ, in order.
  package var differences: [Difference] = []
  /// Why planes of the output could not be read.
  package var failure: String?
  /// The hashes of the planes of the ND2 file, with their places.
  package var manifest = ExportManifest()

  /// Whether all is as it should be.
  package var isEqual: Bool { differences.isEmpty }
}

/// What is compared, and how.
package struct VerificationRequest: Sendable {
  /// The format of the output.
  package var format: ExportFormat
  /// What of the file is in it.
  package var selection = ExportSelection.all
  /// Which planes are in files of their own.
  package var division: ExportDivision = []
  /// What a manifest says, to be compared as well.
  package var manifest: ExportManifest?
  /// Threads; nil for one on each core.
  package var threadCount: Int?
  /// Asked now and then whether to stop.
  package var isCancelled: @Sendable () -> Bool = { false }

  package init(_ format: ExportFormat) { self.format = format }
}

extension ND2File {
  /// Reads an export back and compares every plane with the file, on all cores and in bounded memory.
  ///
  /// - Parameters:
  ///   - path: the output; of a divided one, the path that it was written to.
  ///   - request: what the output is.
  ///   - progress: told of the progress, by one thread at a time.
  /// - Throws: `ND2Error.Code.invalidRequest` for formats that do not keep pixels,
  ///   `ND2Error.Code.malformed` for an output that is not of this part of the file,
  ///   `ND2Error.Code.io`, `CancellationError`.
  package func verifyExport(
    at path: String, _ request: VerificationRequest,
    progress: (@Sendable (ExportProgress) -> Void)? = nil
  ) throws -> ExportVerification {
    let units = try VerificationUnit.all(of: self, path: path, request)
    let count = units.reduce(0) { $0 + $1.planes.count }
    // The file and the output are read.
    let meter = ExportMeter(
      planes: 2 * count, planeByteCount: units.first?.planes.planeByteCount ?? 1,
      isStrict: false, path: self.path, report: progress)
    var hashing = PlaneHashing()
    hashing.threadCount = request.threadCount
    hashing.isCancelled = request.isCancelled
    hashing.advance = { meter.advance(by: $0) }
    var result = ExportVerification()
    result.manifest = ExportManifest(of: self, path: path, request)
    for unit in units {
      hashing.isLenient = false
      let reader = SourcePlaneReader(
        file: self, planes: unit.planes, isCancelled: request.isCancelled)
      defer { reader.stop() }
      let (source, _) = try hashing.hashes(of: reader, planeCount: unit.planes.count)
      hashing.isLenient = true
      let (output, failure) = try hashing.hashes(
        of: unit.reader, planeCount: unit.planes.count)
      if let failure = failure as? ND2Error, result.failure == nil {
        result.failure = failure.description
      }
      for plane in 0..<unit.planes.count {
        let address = unit.planes.address(plane)
        // Pages of frames that were never stored are not written.
        let isNeeded = unit.isDense || unit.planes.isStored(plane)
        guard isNeeded, let hash = source[plane] else { continue }
        result.planeCount += 1
        result.manifest.add(address, hash)
        if let known = request.manifest?[address], known != hash {
          result.differences.append(.init(kind: .source, address: address))
        } else if output[plane] == nil {
          result.differences.append(.init(kind: .absent, address: address))
        } else if output[plane] != hash {
          result.differences.append(.init(kind: .output, address: address))
        }
      }
    }
    return result
  }
}

extension ExportPlanes {
  /// Whether the loops have the frame of a plane.
  func isStored(_ plane: Int) -> Bool { frame(plane / channelCount) != nil }
}

/// An output, or a part of one, with the planes that it should have.
struct VerificationUnit {
  var planes: ExportPlanes
  var reader: any PlaneReader
  /// Whether it has frames that the file has not.
  var isDense = true

  /// The parts of an output.
  static func all(
    of file: ND2File, path: String, _ request: VerificationRequest
  ) throws -> [VerificationUnit] {
    let format = request.format
    guard format.keepsPixels else {
      throw ND2Error(
        .invalidRequest, "this format does not keep the values of all pixels",
        at: .init(file: path))
    }
    if format.isTIFF { return [try tiff(file, path, request)] }
    let pieces = try request.division.pieces(of: request.selection.ranges, in: file)
    return try pieces.map { piece in
      var selection = request.selection
      selection.ranges = piece.ranges
      if request.division.contains(.positions) { selection.positions = nil }
      let planes = try ExportPlanes(of: file, selection)
      let place = format.path(path, adding: piece.suffix)
      if format.isZarr {
        return VerificationUnit(
          planes: planes, reader: try ZarrPlaneReader(path: place, planes))
      }
      if format == .nd2 {
        let part = try ND2File(path: place)
        let parts = try ExportPlanes(of: part, .all)
        guard parts.count == planes.count, parts.planeByteCount == planes.planeByteCount,
          parts.sampleType == planes.sampleType
        else { throw ArrayPlaneReader.other("it has \(parts.count) planes", place) }
        return VerificationUnit(
          planes: planes, reader: SourcePlaneReader(file: part, planes: parts))
      }
      return VerificationUnit(
        planes: planes,
        reader: try ArrayPlaneReader(path: place, format: format, file: file, planes))
    }
  }

  private static func tiff(
    _ file: ND2File, _ path: String, _ request: VerificationRequest
  ) throws -> VerificationUnit {
    var options = TIFFOptions()
    options.selection = request.selection
    options.division = request.division
    // Only hyperstacks have pages of frames that the file has not; which it is, the pages tell.
    options.metadata = .ome
    let planes = try ExportPlanes(of: file, request.selection)
    let plain = try TIFFPlan(of: file, path: path, options: options)
    func reader(_ plan: TIFFPlan) throws -> TIFFPlaneReader {
      try TIFFPlaneReader(
        files: plan.files.map { part in
          let first = plan.part.channels.lowerBound
          let pages = part.frames.flatMap { frame in
            let index = planes.index(image: frame.image, time: frame.t, z: frame.z)
            return part.channels.map { Int?.some(index * planes.channelCount + $0 - first) }
          }
          return (part.path, pages)
        }, planes)
    }
    do {
      return VerificationUnit(planes: planes, reader: try reader(plain), isDense: false)
    } catch let error as ND2Error where error.code == .malformed {
      options.metadata = .imageJ
      guard let plan = try? TIFFPlan(of: file, path: path, options: options),
        let filled = try? reader(plan)
      else { throw error }
      return VerificationUnit(planes: planes, reader: filled)
    }
  }
}
