package import ND2Format

/// Reads recorded data: columns described by tags, each with a chunk of its own (nd2-format §3.7).
package enum RecordedDataDecoder {
  /// What a tag says of a column.
  package struct Tag: Hashable, Sendable {
    /// Name of the quantity.
    package var id: String
    /// Name for people.
    package var name: String
    /// Unit, or blanks.
    package var unit: String
    /// 1 text, 2 whole numbers of 32 bits, 3 doubles.
    package var type: Int
    /// Kind of device.
    package var group: Int
    /// Number of values.
    package var size: Int

    package init(
      id: String, name: String, unit: String, type: Int, group: Int, size: Int
    ) {
      self.id = id
      self.name = name
      self.unit = unit
      self.type = type
      self.group = group
      self.size = size
    }

    /// Name of the chunk with the values.
    package var chunkName: String { "\(ChunkName.customDataPrefix)\(id)!" }
  }

  /// The tags of `CustomDataVar|CustomDataV2_0!`, by their number.
  package static func tags(_ root: MetadataValue, log: inout DiagnosticLog) -> [Tag] {
    guard let list = root["CustomTagDescription_v1.0"] else {
      if !root.fields.isEmpty {
        log.warning("the recorded data has no description", chunk: ChunkName.recordedData)
      }
      return []
    }
    let numbered = list.fields.enumerated().map { position, field in
      (number: trailingNumber(field.name) ?? position, position: position, value: field.value)
    }
    .ordered { ($0.number, $0.position) < ($1.number, $1.position) }
    return numbered.compactMap { item in
      let value = item.value
      guard let id = value["ID"]?.nonEmptyString else {
        log.warning("a column of recorded data has no name", chunk: ChunkName.recordedData)
        return nil
      }
      return Tag(
        id: id, name: value["Desc"]?.string ?? id, unit: value["Unit"]?.string ?? "",
        type: value["Type"]?.int ?? 0, group: value["Group"]?.int ?? 0,
        size: value["Size"]?.int ?? 0)
    }
  }

  /// The columns of the tags; those without data or of an unknown type are left out.
  ///
  /// - Parameter data: gives the data of the chunk that a tag names, or nil when there is none.
  package static func columns(
    _ tags: [Tag], log: inout DiagnosticLog, data: (Tag) throws -> [UInt8]?
  ) rethrows -> [RecordedColumn] {
    var columns: [RecordedColumn] = []
    var titles: Set<String> = []
    for tag in tags {
      guard let bytes = try data(tag) else {
        log.warning("the recorded data '\(tag.id)' is missing", chunk: tag.chunkName)
        continue
      }
      guard let values = values(tag, bytes) else {
        log.warning(
          "the recorded data '\(tag.id)' is of the unknown type \(tag.type)", chunk: tag.chunkName)
        continue
      }
      if values.count < tag.size {
        log.warning(
          "'\(tag.id)' has \(values.count) of \(tag.size) values", chunk: tag.chunkName)
      }
      let title = title(tag, taken: titles)
      titles.insert(title)
      columns.append(
        RecordedColumn(
          id: tag.id, name: tag.name, unit: trimmed(tag.unit), group: tag.group, title: title,
          values: values))
    }
    return columns
  }

  /// The heading: the name, when it is taken the id, when that is taken both; then the unit.
  ///
  /// Whether a heading is taken is asked before the unit is added, as all readers do. Two columns of
  /// one name and unit therefore have the same title.
  private static func title(_ tag: Tag, taken: Set<String>) -> String {
    var title = tag.name
    if taken.contains(title) { title = tag.id }
    if taken.contains(title) { title = "\(tag.name) (\(tag.id))" }
    return trimmed(tag.unit).isEmpty ? title : "\(title) [\(tag.unit)]"
  }

  private static func values(_ tag: Tag, _ bytes: [UInt8]) -> Table.Values? {
    let size = max(0, tag.size)
    return bytes.withUnsafeBytes { buffer in
      switch tag.type {
      case 1:
        return .strings(strings(buffer, count: size))
      case 2:
        let count = min(size, buffer.count / 4)
        return .integers(
          (0..<count).map {
            Int(Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self)))
          })
      case 3:
        let count = min(size, buffer.count / 8)
        return .doubles(
          (0..<count).map {
            Double(
              bitPattern: UInt64(
                littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
          })
      default: return nil
      }
    }
  }

  /// Texts of one width: the size of the data divided by their number.
  ///
  /// Data that cannot be divided so has lost its end; then the usual 512 bytes are taken.
  private static func strings(_ buffer: UnsafeRawBufferPointer, count: Int) -> [String] {
    guard count > 0 else { return [] }
    let isWhole = buffer.count.isMultiple(of: count) && (buffer.count / count).isMultiple(of: 2)
    let width = isWhole ? buffer.count / count : 512
    // A text takes at least two bytes, which bounds what a wrong number can ask for.
    guard width >= 2 else { return [] }
    return (0..<min(count, buffer.count / width)).map { index in
      UTF16Text.decode(
        untilNUL: UnsafeRawBufferPointer(rebasing: buffer[(index * width)..<((index + 1) * width)]))
    }
  }

  private static func trailingNumber(_ name: String) -> Int? {
    let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits.reversed(), as: UTF8.self))
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}
