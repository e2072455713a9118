/// Turns the experiment of version 1.0 into the form of version 2 (nd2-format §5.4).
struct LegacyExperiment {
  let text: LegacyText
  /// Number of frames, which decides between readings; 0 when it is not known.
  let frameCount: Int

  /// Deepest nesting of loops that is followed.
  private static let deepest = 40

  /// The outermost loop with those in it; nil when the document holds none.
  func tree(of root: MetadataValue) -> MetadataValue? {
    var value = root
    // Metadata_V1.2 > vMetadata, or Metadata > variant > no_name; beside them what nobody knows.
    for _ in 0..<8 {
      let children = value.fields.filter {
        !LegacyDocument.isRemark($0.name) && !$0.name.hasSuffix("UnknownData")
      }
      guard children.count == 1, let child = children.first, case .level = child.value,
        !Self.isLoop(value)
      else { break }
      value = child.value
    }
    value = LegacySpelling.restored(value)
    let numbered = value.fields.filter { $0.name.hasPrefix("LoopNo") }
    if !numbered.isEmpty { return nest(numbered) }
    if Self.isLoop(value) { return level(value, depth: 0) }
    return nil
  }

  /// A tree of loops that the text names, for files without an experiment; nil when the text does not
  /// agree with the number of frames.
  func treeFromText() -> MetadataValue? {
    guard frameCount > 1, text.frameCount == frameCount else { return nil }
    return Self.tree(text.loops.map { ($0.name, $0.count) }, stepUm: text.stepUm)
  }

  /// A tree of plain loops, outermost first.
  ///
  /// - Parameter points: where the frames of the stage positions were taken, as far as it is known.
  static func tree(
    _ loops: [(name: String, count: Int)], stepUm: Double?, points: [LegacyFrameRecord] = []
  ) -> MetadataValue? {
    var child: MetadataValue?
    for loop in loops.reversed() where loop.count > 0 {
      let count = MetadataField("uiCount", .uint32(UInt32(clamping: loop.count)))
      let type: UInt32
      var parameters = [count]
      switch loop.name {
      case "T": type = 1
      case "Z":
        type = 4
        parameters.append(MetadataField("dZStep", .double(stepUm ?? 0)))
      default:
        type = 2
        let list = (0..<min(loop.count, 1_000_000)).map { index in
          let point = points.indices.contains(index) ? points[index] : LegacyFrameRecord()
          return MetadataField(
            "",
            .level([
              MetadataField("dPosX", .double(point.x ?? 0)),
              MetadataField("dPosY", .double(point.y ?? 0)),
            ]))
        }
        parameters.append(MetadataField("Points", .level(list)))
      }
      var fields = [
        MetadataField("eType", .uint32(type)), MetadataField("uLoopPars", .level(parameters)),
      ]
      if let child { fields.append(MetadataField("ppNextLevelEx", .level([.init("", child)]))) }
      child = .level(fields)
    }
    return child
  }

  private static func isLoop(_ value: MetadataValue) -> Bool {
    (value["eType"] ?? value["Type"]) != nil && (value["uLoopPars"] ?? value["LoopPars"]) != nil
  }

  /// The old form: `LoopNo00`, `LoopNo01`, … side by side are loops within each other.
  private func nest(_ loops: [MetadataField]) -> MetadataValue? {
    let ordered = loops.sorted { a, b in
      let (x, y) = (Int(a.name.dropFirst(6)) ?? .max, Int(b.name.dropFirst(6)) ?? .max)
      return (x, a.name) < (y, b.name)
    }
    var child: MetadataValue?
    for loop in ordered.prefix(Self.deepest).reversed() {
      guard case .level(var fields) = level(loop.value, depth: 0) else { continue }
      fields.removeAll { $0.name == "ppNextLevelEx" }
      if let child { fields.append(MetadataField("ppNextLevelEx", .level([.init("", child)]))) }
      child = .level(fields)
    }
    return child
  }

  /// One loop and those in it.
  private func level(_ value: MetadataValue, depth: Int) -> MetadataValue {
    guard case .level(var fields) = value, depth < Self.deepest else { return .level([]) }
    let type = value["eType"]?.int ?? 0
    var parameters = value["uLoopPars"] ?? .level([])
    if parameters.isList, parameters.fields.count == 1 { parameters = parameters.elements[0] }
    var newType = type
    switch type {
    case 2:
      parameters = positions(parameters, flags: value["pItemValid"])
      fields.removeAll { $0.name == "pItemValid" }
    case 4: parameters = stack(parameters)
    case 8:
      if let phase = phase(parameters) {
        parameters = phase
        newType = 1
      }
    default: break
    }
    fields.set("eType", .int32(Int32(clamping: newType)))
    fields.set("uLoopPars", parameters)
    if let next = value["ppNextLevelEx"] {
      let children = next["eType"] != nil ? [next] : next.elements
      fields.set(
        "ppNextLevelEx",
        .level(children.map { MetadataField("", level($0, depth: depth + 1)) }))
    }
    return .level(fields)
  }

  /// Points from the last to the first, as many as the text says: files list points that were not
  /// visited.
  private func positions(_ parameters: MetadataValue, flags: MetadataValue?) -> MetadataValue {
    func column(_ name: String) -> [MetadataValue] {
      let fields = parameters[name]?.fields ?? []
      return fields.enumerated().sorted { a, b in
        (number(a.element.name) ?? a.offset, a.offset)
          < (number(b.element.name) ?? b.offset, b.offset)
      }.map(\.element.value)
    }
    let columns = ["dPosX", "dPosY", "dPosZ", "dPFSOffset", "pPosName"].map { ($0, column($0)) }
    let stored = columns.prefix(2).map(\.1.count).max() ?? 0
    guard stored > 0 else { return parameters }
    let valid = (flags?.fields ?? []).map { $0.value.bool ?? true }
    let wanted = text.count("XY") ?? parameters["uiCount"]?.int ?? stored
    var order = Array((0..<stored).reversed())
    let visited = order.filter { $0 >= valid.count || valid[$0] }
    if !visited.isEmpty, visited.count < stored, text.count("XY") ?? visited.count == visited.count
    {
      order = visited
    } else if wanted > 0, wanted < stored {
      order = Array(order.prefix(wanted))
    }
    let points = order.map { index in
      MetadataField(
        "",
        .level(
          columns.compactMap { name, values in
            values.indices.contains(index) ? MetadataField(name, values[index]) : nil
          }))
    }
    guard case .level(var fields) = parameters else { return parameters }
    fields.removeAll { field in columns.contains { $0.0 == field.name } }
    fields.set("Points", .level(points))
    return .level(fields)
  }

  /// The number at the end of `_00012`.
  private func number(_ name: String) -> Int? {
    Int(name.drop { !("0"..."9").contains($0) })
  }

  /// Fills in what a stack does not say: how it was planned, and its step.
  private func stack(_ parameters: MetadataValue) -> MetadataValue {
    guard case .level(var fields) = parameters else { return parameters }
    let low = parameters["dZLow"]?.finiteDouble ?? 0
    let high = parameters["dZHigh"]?.finiteDouble ?? 0
    let step = parameters["dZStep"]?.finiteDouble ?? 0
    if step == 0, let known = text.stepUm { fields.set("dZStep", .double(known)) }
    guard parameters["iType"] == nil else { return .level(fields) }
    // Planes are taken from low on, which is the top when it is the larger number.
    let isUpwards = low <= high
    let home = parameters["dZHome"]?.finiteDouble
    let isWithin = home.map { min(low, high) < $0 && $0 < max(low, high) } ?? false
    fields.set("iType", .int32(isUpwards ? isWithin ? 3 : 1 : isWithin ? 7 : 5))
    fields.set("bZInverted", .bool(!isUpwards))
    return .level(fields)
  }

  /// The one phase that was run, as the parameters of a plain time loop; nil when several were.
  ///
  /// Files list phases that were planned and not run. The text tells which one was; else several
  /// valid phases count only if together they make up the frames.
  private func phase(_ parameters: MetadataValue) -> MetadataValue? {
    let phases = (parameters["pPeriod"]?.elements ?? []).map { value in
      value.isList && value.fields.count == 1 ? value.elements[0] : value
    }
    func count(_ phase: MetadataValue) -> Int { max(0, phase["uiCount"]?.int ?? 0) }
    guard let first = phases.first(where: { count($0) > 0 }) ?? phases.first else { return nil }
    if parameters["pSubLoops"]?.fields.contains(where: { !$0.value.fields.isEmpty }) == true {
      return nil
    }
    let flags = (parameters["pPeriodValid"]?.fields ?? []).map { $0.value.bool ?? true }
    let valid = phases.enumerated().filter { $0.offset >= flags.count || flags[$0.offset] }
      .map(\.element).filter { count($0) > 0 }
    if let wanted = text.count("T") {
      if let exact = phases.last(where: { count($0) == wanted }) { return exact }
      if valid.count > 1, valid.reduce(0, { $0 &+ count($1) }) == wanted { return nil }
    } else if valid.count > 1, frameCount > 0 {
      let total = valid.reduce(0) { $0 &+ count($1) }
      if total > 0, frameCount % total == 0, count(first) == 0 || frameCount % count(first) != 0 {
        return nil
      }
    }
    return first
  }
}

extension [MetadataField] {
  /// Replaces the fields of a name by one, or adds it.
  mutating func set(_ name: String, _ value: MetadataValue) {
    if let place = firstIndex(where: { $0.name == name }) {
      self[place].value = value
      var isFirst = true
      removeAll { field in
        guard field.name == name else { return false }
        defer { isFirst = false }
        return !isFirst
      }
    } else {
      append(MetadataField(name, value))
    }
  }
}
