import ND2
import ND2Format

/// Which fields and chunks anonymising removes.
///
/// Fields are known by their names without type prefix (`wsUserDesc` is `UserDesc`), in lower case.
/// A field that no rule names is searched for paths, addresses, serial numbers and for what was
/// removed elsewhere.
enum AnonymisationRules {
  /// What is done with a field.
  enum Rule: Hashable {
    /// Text becomes empty, numbers 0.
    case clear(AuditEntry.Kind)
    /// Text becomes this and the number of the field in its list.
    case number(AuditEntry.Kind, prefix: String)
    /// The field stays but for what a search finds in it.
    case search
    /// The field stays without a search.
    case keep
  }

  /// Fields by their whole name.
  static let fields: [String: Rule] = [
    // People, accounts, computers.
    "author": .clear(.person), "owner": .clear(.person), "operator": .clear(.person),
    "user": .clear(.person), "username": .clear(.person), "userlogin": .clear(.person),
    "login": .clear(.person), "account": .clear(.person), "creator": .clear(.person),
    "createdby": .clear(.person), "modifiedby": .clear(.person), "investigator": .clear(.person),
    "experimenter": .clear(.person), "person": .clear(.person), "patient": .clear(.person),
    "computer": .clear(.host), "computername": .clear(.host), "pcname": .clear(.host),
    "host": .clear(.host), "hostname": .clear(.host), "machine": .clear(.host),
    "machinename": .clear(.host), "workstation": .clear(.host), "domain": .clear(.host),
    // Paths. A filter path is a light path, and a file tag is part of a chunk's name.
    "path": .clear(.path), "filename": .clear(.path), "filepath": .clear(.path),
    "folder": .clear(.path), "directory": .clear(.path), "sourcefile": .clear(.path),
    "filetag": .keep,
    // Serial numbers and licences.
    "nfrstring": .clear(.serial), "licence": .clear(.serial), "license": .clear(.serial),
    "dongle": .clear(.serial), "hwkey": .clear(.serial), "sn": .clear(.serial),
    // Texts that users enter.
    "userdesc": .clear(.text), "customdata": .clear(.text), "comment": .clear(.text),
    "comments": .clear(.text), "note": .clear(.text), "notes": .clear(.text),
    "notesdetailed": .clear(.text), "commandbeforeloop": .clear(.text),
    "commandbeforecapture": .clear(.text), "commandaftercapture": .clear(.text),
    "commandafterloop": .clear(.text), "measprobesbase64": .clear(.text),
    "appdata": .keep, "usereventtype": .keep,
    // Names that users give.
    "opticalconfigname": .clear(.name), "optconf": .clear(.name),
    "preferedafchannel": .clear(.name), "interfacename": .clear(.name),
    "phasename": .clear(.name), "posname": .number(.name, prefix: "#"),
    "label": .clear(.name), "cookie": .keep,
    // Identities.
    "guid": .clear(.identity), "uuid": .clear(.identity), "binuuid": .clear(.identity),
    "plateuuid": .clear(.identity),
    // What users call a filter; its own name stays.
    "m_susername": .clear(.text),
    // What analysis needs.
    "camerausername": .search, "objectivename": .keep, "objectivecode": .keep, "cameraname": .keep,
    "swnamestring": .keep,
    "copyrightstring": .keep, "companystring": .keep, "versionstring": .keep,
  ]

  /// Parts of names, for fields that are not in ``fields`` and hold text or numbers.
  static let parts: [(part: String, rule: Rule)] = [
    ("serial", .clear(.serial)), ("licen", .clear(.serial)), ("computername", .clear(.host)),
    ("hostname", .clear(.host)), ("username", .clear(.person)), ("loginname", .clear(.person)),
    ("filename", .clear(.path)), ("filepath", .clear(.path)), ("folderpath", .clear(.path)),
    ("password", .clear(.person)),
  ]

  /// Fields that hold dates, whole names.
  static let dates: Set<String> = [
    "timeabsolute", "modifiedatjdn", "date", "startdate", "enddate", "createdat", "modifiedat",
  ]

  /// Chunks that are left out whole: they hold little but what users entered.
  static let droppedChunks: [String: AuditEntry.Kind] = [
    ChunkName.customDescription: .text, ChunkName.jobDefinition: .text,
    ChunkName.jobDescription: .text, ChunkName.jobRunGUID: .identity,
    "CustomData|GUIDStore!": .identity,
  ]

  /// Texts of the file by their number: those that users enter. Kept are 9 date, 13 optics, 14
  /// version; 5 and 6 are looked through line by line.
  static let clearedTextItems: [Int: AuditEntry.Kind] = [
    0: .identity, 1: .text, 2: .text, 3: .text, 4: .person, 7: .text, 8: .text, 10: .text,
    11: .text, 12: .text,
  ]

  /// Beginnings of the lines of a description that the program writes and that stay.
  static let technicalLines: [String] = [
    "metadata:", "dimensions:", "numerical aperture:", "refractive index:",
    "number of picture planes:", "plane #", "name:", "component count:", "modality:",
    "camera settings:", "camera name:", "camera type:", "exposure:", "binning:", "scan mode:",
    "readout speed:", "readout mode:", "conversion gain:", "calibrated gain:", "visual gain:",
    "gain:", "em gain", "temperature:", "zoom:", "emission wavelength", "excitation wavelength",
    "pinhole", "laser wavelength", "laser power", "time loop:", "z stack loop:",
    "- equidistant", "- nonequidistant", "- step:", "- device:", "- phase", "xy loop:", "sample ",
    "{", "multipoint", "- point",
    "denoise", "bit depth:", "averaging", "scan speed", "dwell time", "pixel size",
  ]

  /// The rule of a field.
  ///
  /// - Parameter name: its raw name.
  static func rule(of name: String, in chunk: String, removesDates: Bool) -> Rule? {
    let key = StrippedName.of(name).lowercased()
    if removesDates, dates.contains(key) { return .clear(.date) }
    if let rule = layerRule(key, chunk) { return rule }
    for key in [name.lowercased(), key] { if let rule = fields[key] { return rule } }
    return parts.first { key.contains($0.part) }?.rule
  }

  /// Fields whose meaning depends on the chunk.
  private static func layerRule(_ key: String, _ chunk: String) -> Rule? {
    switch chunk {
    case ChunkName.binaryLayers:
      return key == "name" ? .number(.name, prefix: "Layer ") : nil
    case ChunkName.rasterLayers:
      return key == "binname" || key == "name" ? .number(.name, prefix: "Layer ") : nil
    case ChunkName.wellPlate, ChunkName.wellPlateJSON:
      return key == "name" ? .clear(.name) : nil
    case let name where ChunkName.events.contains(name):
      return ["d", "a", "description", "data"].contains(key) ? .clear(.text) : nil
    case ChunkName.rois:
      return key == "label" ? .clear(.name) : nil
    default: return nil
    }
  }
}
