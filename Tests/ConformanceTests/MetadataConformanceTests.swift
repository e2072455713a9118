import ND2
import ND2TestSupport
import Testing

@testable import ND2Commands

/// Holds what `nd2 metadata --all --json` says of every sample to what Python nd2 0.12 says,
/// field by field. Every accepted difference is named, with the rule that it follows.
@Suite(.enabled(if: SampleFiles.folder != nil, "needs the sample files"))
struct MetadataConformanceTests {
  @Test(
    "Metadata equal those of Python nd2, but for the differences that are meant",
    arguments: SampleFiles.names)
  func metadata(name: String) throws {
    let expected = try #require(SampleFiles.expected(name))
    let file = try SampleFiles.open(name)
    let actual = MetadataDocument(file).object(MetadataDocument.Section.allCases).json
    for section in MetadataDocument.Section.allCases.map(\.rawValue) {
      guard let known = expected[section], !Self.isFailure(known) else { continue }
      // Of version 1.0 nd2 gives the documents of a frame as they are; see the next test.
      if section == "frame_metadata", file.isLegacy { continue }
      let differences = JSONDifference.all(
        Self.withoutFailures(known), actual[section], path: section)
      for difference in differences where Self.reason(for: difference, in: name) == nil {
        Issue.record("\(difference)")
      }
    }
  }

  @Test(
    "What frames of version 1.0 say of themselves is what Python nd2 finds",
    arguments: SampleFiles.names.filter { $0.hasPrefix("v1_") })
  func legacyFrames(name: String) throws {
    let frames = try #require(SampleFiles.expected(name)?["frame_metadata"])
    let file = try SampleFiles.open(name)
    let documents = try file.unstructuredMetadata()
    for frame in frames.members {
      let index = try #require(Int(frame.name))
      let own = try file.frameMetadata(index)
      let position = try #require(own.channels.first?.position.stagePositionUm)
      #expect(own.channels.first?.time.relativeTimeMs == frame.value["TimeMSec"]?.double)
      #expect(position.x == frame.value["XPos"]?.double)
      #expect(position.y == frame.value["YPos"]?.double)
      #expect(position.z == frame.value["ZPos"]?.double)
      for member in frame.value.members where member.name != "PicturePlanes" {
        let actual =
          documents["VIMD|\(index)"]?[member.name] ?? documents["VCAL|\(index)"]?[member.name]
        for difference in JSONDifference.all(member.value, actual, path: member.name) {
          // nd2 takes any text of a truth value for true, even "false".
          if difference.expected == true, difference.actual == false { continue }
          // Its keys that are all lower case lose their names.
          if difference.actual == nil { continue }
          Issue.record("frame \(index): \(difference)")
        }
      }
    }
  }

  /// Why a difference is accepted, or nil when it is not.
  static func reason(for difference: JSONDifference, in name: String) -> String? {
    let path = difference.path
    let last =
      path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    if name.hasPrefix("v1_"), let reason = legacyReason(for: path, last) { return reason }
    switch last {
    case "z" where path.contains("/position/stagePositionUm/"):
      return "K1: z of the plane, not of the lowest plane"
    case "pixelDataType", "componentDataType":
      return ["v3_i16.nd2", "v3_u32.nd2"].contains(name) ? "K3: the file's pixel type counts" : nil
    case "emissionLambdaNm", "excitationLambdaNm":
      return name == "v3_wavelengths.nd2" ? "K5: wavelengths by the vendor's rule" : nil
    case "components_per_channel":
      return ["v3_rgb_mono.nd2", "v3_plane_mismatch.nd2"].contains(name)
        ? "K6: planes of different kinds" : nil
    case "dtype":
      return sameType(difference) ? "named as the contract says: uint16, not <u2" : "K3"
    case "binary_data":
      return name == "v3_binary_raster.nd2" ? "K16: tiled masks are read" : nil
    case "deviceName" where difference.expected == .null:
      return name.hasPrefix("v2_") || name.hasPrefix("real_jonas")
        ? "nd2-format §3.3.4: version 2 names the drive sZDevice" : nil
    case "pfsOffset" where difference.expected == .integer(0):
      return name.hasPrefix("v2_") ? "nd2-format §3.3.3: a negative offset is none" : nil
    default:
      guard path.hasPrefix("unstructured_metadata/") || path.hasPrefix("custom_data/") else {
        return nil
      }
      // Keys that are all lower case lose their names in nd2, and then their values.
      let isLostName = last.isEmpty || (last.hasPrefix("i") && last.count == 11)
      return isLostName && difference.actual == nil ? "K11: names are kept" : nil
    }
  }

  /// Differences in files of version 1.0, of which nd2 reads less: row K20.
  private static func legacyReason(for path: String, _ last: String) -> String? {
    switch last {
    case "compressionType": return "K20: the codestream says lossless or lossy"
    case "acquisition_datetime": return "K20: the time is in the file"
    case "app_info": return "K20: an empty answer instead of none"
    case "records", "list", "dict":
      return path.hasPrefix("events/") ? "K20: frames and events are listed" : nil
    case "zoomMagnification", "modalityFlags": return "K20: the optics are read"
    case "componentMinima", "componentMaxima": return "K20: as in newer files"
    case "homeIndex": return "K20: an index, not a height"
    case "pfsOffset": return "nd2-format §3.3.3: a negative offset is none"
    default: break
    }
    if path.hasSuffix("/axesCalibrated/2") || path.hasSuffix("/axesCalibration/2") {
      return "K20: the step of the stack"
    }
    return nil
  }

  private static func sameType(_ difference: JSONDifference) -> Bool {
    let type = difference.actual?.string.flatMap(SampleType.init(rawValue:))
    return type?.numpyDescription == difference.expected?.string
  }

  private static func isFailure(_ value: JSONValue) -> Bool {
    value.string?.hasPrefix("ERROR") == true
  }

  /// What is left of an answer when the parts are taken out where the peer failed.
  private static func withoutFailures(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object(
      members.filter { !isFailure($0.value) }
        .map { JSONValue.Member($0.name, withoutFailures($0.value)) })
  }
}
