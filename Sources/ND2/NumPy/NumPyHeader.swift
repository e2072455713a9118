import ND2Format

/// What the beginning of a `.npy` file tells of the array behind it.
struct NumPyHeader: Hashable {
  /// Number of elements along each axis, outermost first.
  let shape: [Int]
  /// How the numbers are stored.
  let element: NumPyElement
  /// The type as the file names it, such as `<u2`.
  let typeName: String
  /// Whether the index of the first axis runs fastest, not that of the last.
  let isFortranOrder: Bool
  /// Number of bytes before the data.
  let byteCount: Int
  /// Number of elements.
  let count: Int
  /// Size of the stored data.
  let dataByteCount: Int

  /// Most axes, as in NumPy.
  static let mostAxes = 64
  /// Longest text of a header that is looked at.
  static let longestText = 1 << 20

  /// Reads a header and checks that the data it describes can be there.
  ///
  /// - Parameters:
  ///   - available: number of bytes of the file.
  ///   - read: gives the bytes of a range of the file.
  /// - Returns: the header and all bytes before the data.
  static func read(
    available: UInt64, _ read: (Range<UInt64>) throws -> [UInt8]
  ) throws -> (header: NumPyHeader, bytes: [UInt8]) {
    let lead = try read(0..<min(available, 12))
    let (textStart, textCount) = try NumPyHeader.extent(lead)
    guard UInt64(textStart + textCount) <= available else {
      throw ND2Error(
        .malformed, "the header has \(textCount) bytes, beyond the end of the file")
    }
    let text = try read(UInt64(textStart)..<UInt64(textStart + textCount))
    let header = try NumPyHeader(
      text: text, version: lead[6], byteCount: textStart + textCount)
    let present = available - UInt64(header.byteCount)
    guard UInt64(header.dataByteCount) <= present else {
      throw ND2Error(
        .malformed,
        "\(header.dataByteCount) bytes of data are missing in part: only \(present) are there")
    }
    return (header, Array(lead.prefix(textStart)) + text)
  }

  /// Where the text of the header begins, and its size.
  private static func extent(_ lead: [UInt8]) throws -> (start: Int, count: Int) {
    guard lead.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      let isArchive = lead.starts(with: [0x50, 0x4B, 3, 4])
      throw ND2Error(
        .malformed,
        isArchive
          ? "this is an archive of arrays (.npz), not an array (.npy)"
          : "this is not a NumPy array (.npy)")
    }
    guard lead.count >= 10 else { throw ND2Error(.malformed, "the header is cut short") }
    guard (1...3).contains(lead[6]), lead[7] == 0 else {
      throw ND2Error(.unsupported, "version \(lead[6]).\(lead[7]) of the NumPy format")
    }
    let isShort = lead[6] == 1
    guard isShort || lead.count >= 12 else {
      throw ND2Error(.malformed, "the header is cut short")
    }
    let start = isShort ? 10 : 12
    let count = lead[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= longestText else {
      throw ND2Error(.limitExceeded, "a header of \(count) bytes; the limit is \(longestText)")
    }
    return (start, count)
  }

  private init(text: [UInt8], version: UInt8, byteCount: Int) throws {
    let literal: PythonLiteral
    do {
      literal = try PythonLiteral(
        parsing: text, encoding: version >= 3 ? .utf8 : .latin1,
        at: UInt64(byteCount - text.count))
    } catch {
      throw ND2Error(error, in: "the header of the array")
    }
    try self.init(literal, byteCount: byteCount)
  }

  /// Takes the header from its dictionary.
  private init(_ literal: PythonLiteral, byteCount: Int) throws {
    guard case .dictionary(let entries) = literal else {
      throw ND2Error(.malformed, "the header of the array is not a dictionary")
    }
    for entry in entries where !Self.isKnown(entry.key) {
      throw ND2Error(.malformed, "the header of the array has the unknown key \(entry.key)")
    }
    guard let type = literal["descr"], let order = literal["fortran_order"],
      let shape = literal["shape"]
    else {
      throw ND2Error(
        .malformed, "the header of the array lacks 'descr', 'fortran_order' or 'shape'")
    }
    guard case .boolean(let isFortranOrder) = order else {
      throw ND2Error(.malformed, "'fortran_order' is \(Self.excerpt(order)), not True or False")
    }
    self.isFortranOrder = isFortranOrder
    self.shape = try Self.sizes(shape)
    guard case .text(let name) = type, let element = NumPyElement(description: name) else {
      throw ND2Error(.unsupported, "arrays of the NumPy type \(Self.excerpt(type))")
    }
    typeName = name
    self.element = element
    self.byteCount = byteCount
    // NumPy as well wants the other sizes to fit when one of them is zero.
    let width = max(element.byteCount, element.sampleType.byteCount)
    guard let most = Checked.product(self.shape.filter { $0 != 0 } + [width]) else {
      throw ND2Error(.limitExceeded, "an array of the shape \(Self.excerpt(shape)) is too large")
    }
    count = self.shape.contains(0) ? 0 : most / width
    dataByteCount = count * element.byteCount
  }

  private static func isKnown(_ key: PythonLiteral) -> Bool {
    guard case .text(let name) = key else { return false }
    return name == "descr" || name == "fortran_order" || name == "shape"
  }

  private static func sizes(_ literal: PythonLiteral) throws -> [Int] {
    guard case .tuple(let items) = literal else {
      throw ND2Error(.malformed, "'shape' is \(excerpt(literal)), not a tuple")
    }
    guard items.count <= mostAxes else {
      throw ND2Error(.limitExceeded, "an array of \(items.count) axes; the limit is \(mostAxes)")
    }
    return try items.map { item in
      guard case .integer(let size) = item, size >= 0 else {
        throw ND2Error(.malformed, "'shape' has the size \(excerpt(item))")
      }
      return size
    }
  }

  /// The beginning of a value, for messages.
  private static func excerpt(_ literal: PythonLiteral) -> String {
    let text = literal.description
    return text.count <= 100 ? text : text.prefix(100) + "…"
  }
}
