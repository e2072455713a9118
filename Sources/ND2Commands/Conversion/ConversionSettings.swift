import ND2
import ND2Export

/// What a conversion does, the same for every file of a folder.
struct ConversionSettings: Sendable {
  var tiff = TIFFOptions()
  var zarr = OMEZarrOptions()
  var division: ExportDivision = []
  var includesUnstructuredMetadata = false
  var isStrict = false
  var overwrites = false
  var verifies = false
  /// Threads of a conversion; nil for one on each core.
  var threadCount: Int?
  /// How many conversions share the memory.
  var jobCount = 1
}

/// What a conversion did.
struct ConversionResult: Sendable {
  var report = ExportReport()
  var verification: ExportVerification?
  var diagnostics: [Diagnostic] = []

  /// Whether something is damaged, in the file or in what was written.
  var isDamaged: Bool {
    verification?.isEqual == false || !report.incompleteFrames.isEmpty
      || diagnostics.contains { $0.severity == .damage }
  }

  /// The result for machines.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("paths", .array(report.paths.map { .string($0) })),
      .init("bytes", .unsigned(report.byteCount)),
      .init("images", .integer(Int64(report.imageCount))),
      .init("planes", .integer(Int64(report.planeCount))),
      .init(
        "incompleteFrames", .array(report.incompleteFrames.map { .integer(Int64($0)) })),
    ]
    if let verification { members.append(.init("verification", verification.json)) }
    return .object(members)
  }
}

extension ExportVerification {
  /// The outcome for machines.
  var json: JSONValue {
    [
      "equal": .bool(isEqual), "planes": .integer(Int64(planeCount)),
      "failure": failure.map { .string($0) } ?? .null,
      "differences": .array(
        differences.map { difference in
          [
            "kind": .string(difference.kind.rawValue),
            "p": .integer(Int64(difference.address.position)),
            "t": .integer(Int64(difference.address.time)),
            "z": .integer(Int64(difference.address.z)),
            "c": .integer(Int64(difference.address.channel)),
          ]
        }),
    ]
  }

  /// The outcome in lines for people.
  var lines: [String] {
    guard !isEqual else {
      return ["All \(HumanText.count(planeCount, "plane")) are equal to those of the file"]
    }
    var lines = [
      "\(HumanText.count(differences.count)) of \(HumanText.count(planeCount, "plane")) differ"
    ]
    for difference in differences.prefix(20) {
      let what =
        switch difference.kind {
        case .output: "other pixels than the file"
        case .absent: "not in the output, or not readable"
        case .source: "the file has other pixels than it had"
        }
      let place = difference.address
      lines.append(
        "  P \(place.position), T \(place.time), Z \(place.z), C \(place.channel): \(what)")
    }
    if differences.count > 20 {
      lines.append("  and \(HumanText.count(differences.count - 20)) more")
    }
    if let failure { lines.append("  first failure: \(failure)") }
    return lines
  }
}
