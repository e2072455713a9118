extension ExperimentLoop: Codable {
  private enum CodingKeys: String, CodingKey {
    case count, nestingLevel, parameters, type
  }

  /// Encodes `count`, `nestingLevel`, `parameters`, `type`; the type by its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(nestingLevel, forKey: .nestingLevel)
    switch self {
    case .time(let loop): try container.encode(loop.parameters, forKey: .parameters)
    case .neTime(let loop): try container.encode(loop.parameters, forKey: .parameters)
    case .xyPositions(let loop): try container.encode(loop.parameters, forKey: .parameters)
    case .zStack(let loop): try container.encode(loop.parameters, forKey: .parameters)
    case .custom, .other: try container.encodeNil(forKey: .parameters)
    }
    try container.encode(type.name, forKey: .type)
  }

  /// Decodes what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .count)
    let level = try container.decode(Int.self, forKey: .nestingLevel)
    let name = try container.decode(String.self, forKey: .type)
    guard let type = LoopType.allCases.first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: container, debugDescription: "unknown loop type \(name)")
    }
    func parameters<T: Decodable>() throws -> T {
      try container.decode(T.self, forKey: .parameters)
    }
    switch type {
    case .time:
      self = .time(TimeLoop(count: count, nestingLevel: level, parameters: try parameters()))
    case .neTime:
      let parameters: NETimeLoop.Parameters = try parameters()
      self = .neTime(NETimeLoop(count: count, nestingLevel: level, periods: parameters.periods))
    case .xyPositions:
      let parameters: XYPosLoop.Parameters = try parameters()
      var loop = XYPosLoop(
        nestingLevel: level, isSettingZ: parameters.isSettingZ, points: parameters.points)
      loop.count = count
      self = .xyPositions(loop)
    case .zStack:
      self = .zStack(ZStackLoop(count: count, nestingLevel: level, parameters: try parameters()))
    case .custom:
      self = .custom(CustomLoop(count: count, nestingLevel: level))
    default:
      self = .other(OtherLoop(type: type, count: count, nestingLevel: level))
    }
  }
}
