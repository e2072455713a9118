import ArgumentParser
import ND2

/// The metadata of a file as one JSON document, with the names and the nesting that the Python
/// package nd2 uses.
struct MetadataDocument {
  /// A member of the document.
  enum Section: String, CaseIterable, Sendable, ExpressibleByArgument {
    case path, version, attributes, metadata, experiment
    case textInfo = "text_info"
    case voxelSize = "voxel_size"
    case sizes, shape, dtype
    case isRGB = "is_rgb"
    case isLegacy = "is_legacy"
    case componentsPerChannel = "components_per_channel"
    case frameCount = "frame_count"
    case frameMetadata = "frame_metadata"
    case loopIndices = "loop_indices"
    case events, rois
    case binaryData = "binary_data"
    case customData = "custom_data"
    case customDescription = "custom_description"
    case jobs
    case wellPlate = "well_plate"
    case appInfo = "app_info"
    case acquisitionDate = "acquisition_datetime"
    case unstructuredMetadata = "unstructured_metadata"
    case diagnostics

    /// What a person sees without asking for more.
    static let brief: [Section] = [
      .path, .version, .sizes, .dtype, .voxelSize, .attributes, .metadata, .experiment, .textInfo,
      .acquisitionDate, .appInfo, .diagnostics,
    ]
  }

  private let file: ND2File

  init(_ file: ND2File) { self.file = file }

  /// Several sections as one object.
  ///
  /// A section that cannot be decoded is `null` and becomes a diagnostic: the rest is still worth
  /// having. Diagnostics come last, because decoding adds to them.
  func object(_ sections: [Section]) -> (json: JSONValue, diagnostics: [Diagnostic]) {
    var members: [JSONValue.Member] = []
    var failures: [Diagnostic] = []
    for section in sections where section != .diagnostics {
      do {
        members.append(.init(section.rawValue, try value(of: section)))
      } catch {
        members.append(.init(section.rawValue, .null))
        failures.append(
          Diagnostic(
            .damage, "\(section.rawValue) cannot be read: \(Session.message(of: error))",
            at: (error as? ND2Error)?.location ?? .init()))
      }
    }
    let diagnostics = file.diagnostics + failures
    if sections.contains(.diagnostics) {
      let name = Section.diagnostics.rawValue
      members.append(.init(name, .array(diagnostics.map(Session.json(of:)))))
    }
    return (.object(members), diagnostics)
  }

  /// One section.
  func value(of section: Section) throws -> JSONValue {
    switch section {
    case .path: .string(file.path)
    case .version: [.integer(Int64(file.version.major)), .integer(Int64(file.version.minor))]
    case .attributes: try JSONValue(encoding: file.attributes)
    case .metadata: try JSONValue(encoding: file.metadata)
    case .experiment: try JSONValue(encoding: file.experiment)
    case .textInfo: try JSONValue(encoding: file.textInfo).withoutNulls
    case .voxelSize: try JSONValue(encoding: file.voxelSize)
    case .sizes: .axes(file.sizes)
    case .shape: .numbers(file.shape)
    case .dtype: .string(file.sampleType.rawValue)
    case .isRGB: .bool(file.isRGB)
    case .isLegacy: .bool(file.isLegacy)
    case .componentsPerChannel: .integer(Int64(file.componentsPerChannel))
    case .frameCount: .integer(Int64(file.frameCount))
    case .frameMetadata: try frameMetadata()
    case .loopIndices: loopIndices()
    case .events: try events()
    case .rois: try JSONValue(encoding: file.rois())
    case .binaryData: try MaskDocument(file).json()
    case .customData: try file.customData()
    case .customDescription: try JSONValue(encoding: file.customDescription())
    case .jobs: try JSONValue(encoding: file.jobs())
    case .wellPlate: try JSONValue(encoding: file.wellPlate())
    case .appInfo: try JSONValue(encoding: file.applicationInfo())
    case .acquisitionDate: file.acquisitionDate.map { .string($0.description) } ?? .null
    case .unstructuredMetadata: try file.unstructuredMetadata()
    case .diagnostics: .array(file.diagnostics.map(Session.json(of:)))
    }
  }

  /// First, middle and last frame.
  private func frameMetadata() throws -> JSONValue {
    guard file.frameCount > 0 else { return .object([]) }
    let last = file.frameCount - 1
    var members: [JSONValue.Member] = []
    for index in [0, file.frameCount / 2, last] where members.last?.name != String(index) {
      members.append(
        .init(String(index), try JSONValue(encoding: try file.frameMetadata(index))))
    }
    return .object(members)
  }

  private func loopIndices() -> JSONValue {
    .array((0..<file.frameCount).map { .coordinates(file.coordinates(ofFrame: $0)) })
  }

  private func events() throws -> JSONValue {
    let table = try file.events()
    return [
      "records": table.json(.records), "list": table.json(.list), "dict": table.json(.dict),
    ]
  }
}

extension JSONValue {
  /// Axes and their sizes.
  static func axes(_ sizes: AxisSizes) -> JSONValue {
    .object(sizes.map { .init($0.axis.rawValue, .integer(Int64($0.count))) })
  }

  /// Axes and indices along them.
  static func coordinates(_ coordinates: [(axis: Axis, index: Int)]) -> JSONValue {
    .object(coordinates.map { .init($0.axis.rawValue, .integer(Int64($0.index))) })
  }

  /// A list of whole numbers.
  static func numbers(_ values: [Int]) -> JSONValue {
    .array(values.map { .integer(Int64($0)) })
  }

  /// An optional number.
  static func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }

  /// An optional text.
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  /// An object without its members that are null.
  var withoutNulls: JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.value != .null })
  }
}
