import ND2Writer

/// Hand-made items of the binary variant, right and wrong.
enum LiteVariantItems {
  /// An item: type, name with its NUL, value.
  static func item(_ type: UInt8, _ name: String, _ value: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [type]
    let units = Array(name.utf16)
    bytes.append(UInt8(units.count + 1))
    bytes += [UInt8](littleEndian: units + [0])
    return bytes + value
  }

  /// An unsigned 32-bit item.
  static func uint32(_ name: String, _ value: UInt32) -> [UInt8] {
    item(3, name, [UInt8](littleEndian: CollectionOfOne(value)))
  }

  /// A level whose table lists its children in stored order.
  static func level(
    _ name: String, _ children: [[UInt8]], count: Int? = nil, lengthChange: Int = 0
  ) -> [UInt8] {
    var bytes = item(11, name)
    bytes.append(littleEndian: UInt32(count ?? children.count))
    let lengthPosition = bytes.count
    bytes.append(littleEndian: UInt64(0))
    var offsets: [UInt64] = []
    for child in children {
      offsets.append(UInt64(bytes.count))
      bytes += child
    }
    bytes.replace(
      at: lengthPosition, littleEndian: UInt64(bitPattern: Int64(bytes.count + lengthChange)))
    return bytes + [UInt8](littleEndian: offsets)
  }
}
