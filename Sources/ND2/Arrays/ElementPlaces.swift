extension AnyNDArray {
  /// Distance between neighbours along each axis, in bytes; may be negative.
  package var byteStrides: [Int] { layout.strides.map { $0 * sampleType.byteCount } }

  /// Calls `body` with the address of the first element, from which ``byteStrides`` lead to all
  /// others.
  package func withFirstElement<Result>(
    _ body: (UnsafeRawPointer) throws -> Result
  ) rethrows -> Result? {
    guard layout.count > 0, let base = storage.bytes.baseAddress else { return nil }
    return try withExtendedLifetime(storage) {
      try body(UnsafeRawPointer(base) + layout.offset * sampleType.byteCount)
    }
  }
}
