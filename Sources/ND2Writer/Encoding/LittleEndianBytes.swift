/// Little-endian numbers in byte arrays.
extension [UInt8] {
  /// Appends an integer.
  package mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Overwrites an integer at a position that exists.
  package mutating func replace<T: FixedWidthInteger>(at position: Int, littleEndian value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { source in
      replaceSubrange(position..<(position + source.count), with: source)
    }
  }

  /// The bytes of integers, one after the other.
  package init<T: FixedWidthInteger>(littleEndian values: some Sequence<T>) {
    self.init()
    for value in values { append(littleEndian: value) }
  }

  /// The bytes of doubles, one after the other.
  package init(littleEndian values: some Sequence<Double>) {
    self.init(littleEndian: values.lazy.map(\.bitPattern))
  }
}
