/// The regions of interest of a file, in stored order, with look-up by id.
public struct ROICollection: RandomAccessCollection, Hashable, Sendable {
  private var elements: [ROI]

  /// Collects regions; ids may repeat.
  public init(_ regions: some Sequence<ROI> = []) { elements = Array(regions) }

  /// The region of that id; of several the one stored last.
  public subscript(id id: Int) -> ROI? { elements.last { $0.id == id } }

  /// The regions that hold at a stage position: those of that position and those of all.
  public func regions(atPosition index: Int) -> [ROI] {
    elements.filter { $0.positionIndex == nil || $0.positionIndex == index }
  }

  /// Position of the first region.
  public var startIndex: Int { 0 }
  /// Position behind the last region.
  public var endIndex: Int { elements.count }
  /// The region at a position, in stored order.
  public subscript(position: Int) -> ROI { elements[position] }
}

extension ROICollection: ExpressibleByArrayLiteral {
  /// Collects regions.
  public init(arrayLiteral elements: ROI...) { self.init(elements) }
}

extension ROICollection: Codable {
  /// Writes an object with the ids as names; of several regions of one id the last counts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: JSONKey.self)
    for region in elements { try container.encode(region, forKey: JSONKey(region.id)) }
  }

  /// Reads an object with the ids as names.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: JSONKey.self)
    elements = try container.allKeys.map { try container.decode(ROI.self, forKey: $0) }
  }
}
