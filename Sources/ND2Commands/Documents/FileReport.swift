import ND2

/// The description of a file for machines: what `nd2 info --json` prints.
struct FileReport {
  private let file: ND2File

  init(_ file: ND2File) { self.file = file }

  /// The description as one object.
  func json() throws -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("path", .string(file.path)),
      .init("bytes", .unsigned(file.byteCount)),
      .init("bytes_of_frames", .unsigned(frameByteCount)),
      .init("version", [.integer(Int64(file.version.major)), .integer(Int64(file.version.minor))]),
      .init("is_legacy", .bool(file.isLegacy)),
      .init("sizes", .axes(file.sizes)),
      .init("shape", .numbers(file.shape)),
      .init("dtype", .string(file.sampleType.rawValue)),
      .init(
        "significant_bits", .integer(Int64(file.attributes.bitsPerComponentSignificant))),
      .init("is_rgb", .bool(file.isRGB)),
      .init("frame_count", .integer(Int64(file.frameCount))),
      .init("stored_frame_count", .integer(Int64(file.storedFrameCount))),
      .init("compression", .text(file.attributes.compressionType?.rawValue)),
      .init("voxel_size", try JSONValue(encoding: file.voxelSize)),
      .init("channels", .array(file.metadata.channels.map(channel))),
      .init("experiment", try JSONValue(encoding: file.experiment)),
      .init("acquisition_datetime", .text(file.acquisitionDate?.description)),
      .init("software", .text(software)),
    ]
    members.append(.init("contents", contents))
    members.append(
      .init("diagnostics", .array(file.diagnostics.map(Session.json(of:)))))
    return .object(members)
  }

  /// Bytes that the image chunks take, as far as the chunk map says it.
  private var frameByteCount: UInt64 {
    let prefix = file.isLegacy ? "LUNK|" : "ImageDataSeq|"
    return file.chunks.reduce(0) { sum, chunk in
      chunk.name.hasPrefix(prefix) ? sum &+ (chunk.byteCount ?? 0) : sum
    }
  }

  private func channel(_ channel: Channel) -> JSONValue {
    [
      "name": .string(channel.channel.name),
      "color": .string(channel.channel.color.hex),
      "excitation_nm": .number(channel.channel.excitationLambdaNm),
      "emission_nm": .number(channel.channel.emissionLambdaNm),
      "exposure_ms": .number(channel.acquisition.exposureMs),
      "modality": .array(channel.microscope.modalityFlags.map { .string($0.rawValue) }),
      "objective": .text(channel.microscope.objectiveName),
      "magnification": .number(channel.microscope.objectiveMagnification),
      "numerical_aperture": .number(channel.microscope.objectiveNumericalAperture),
    ]
  }

  private var software: String? {
    guard let application = try? file.applicationInfo() else { return nil }
    let text = [application.software, application.version].filter { !$0.isEmpty }
      .joined(separator: " ")
    return text.isEmpty ? nil : text
  }

  /// How much there is of what other verbs print.
  private var contents: JSONValue {
    [
      "rois": .integer(Int64((try? file.rois().count) ?? 0)),
      "mask_layers": .integer(Int64((try? file.binaryLayers().count) ?? 0)),
      "events": .integer(Int64((try? file.experimentEvents().count) ?? 0)),
      "recorded_columns": .integer(Int64((try? file.recordedData().count) ?? 0)),
      "pyramid_levels": .integer(Int64(file.pyramidLevels.count)),
      "has_jobs": .bool(((try? file.jobs()) ?? nil) != nil),
      "has_well_plate": .bool(((try? file.wellPlate()) ?? nil) != nil),
    ]
  }
}
