extension AnyNDArray: ArithmeticArray {
  func doubles() -> [Double] {
    let c = compacted(); return (0..<c.count).map { c.value(at: c.layout.offset + $0) }
  }
  static func make(_ v: [Double], _ sizes: AxisSizes, _ t: SampleType) throws -> AnyNDArray {
    let r = try AnyNDArray(uninitialized: sizes, sampleType: t)
    for (i, x) in v.enumerated() {
      switch t {
      case .float32: r.storage.bytes.storeBytes(of: Float(x), toByteOffset: i * 4, as: Float.self)
      case .float64: r.storage.bytes.storeBytes(of: x, toByteOffset: i * 8, as: Double.self)
      case .uint16:
        r.storage.bytes.storeBytes(
          of: UInt16(Swift.max(0, Swift.min(65535, x.rounded()))), toByteOffset: i * 2,
          as: UInt16.self)
      default:
        r.storage.bytes.storeBytes(
          of: UInt8(Swift.max(0, Swift.min(255, x.rounded()))), toByteOffset: i, as: UInt8.self)
      }
    }
    return r
  }
  public func cast(to type: SampleType, _ rule: CastRule) throws -> AnyNDArray {
    try cast(to: type, rule, threads: 1)
  }
  func cast(to type: SampleType, _ rule: CastRule, threads: Int) throws -> AnyNDArray {
    try Self.make(doubles(), sizes, type)
  }
  public func reduced(_ reduction: Reduction, over axes: [Axis]) throws -> AnyNDArray {
    let places = axes.isEmpty ? Array(sizes.indices) : try sizes.places(of: axes)
    let kept = sizes.indices.filter { !places.contains($0) }
    let acc = try ReductionAccumulator(
      reduction, of: sampleType, kept: AxisSizes(kept.map { sizes[$0] }))
    acc.add(self, keeping: kept)
    return try acc.finish()
  }
  public func applying(_ o: ArithmeticOperation, _ other: AnyNDArray) throws -> AnyNDArray {
    try applying(o, other, threads: 1)
  }
  func op(_ o: ArithmeticOperation, _ a: Double, _ b: Double, _ t: SampleType) -> Double {
    switch o {
    case .add: a + b;
    case .subtract: a - b;
    case .multiply: a * b;
    case .divide: a / b
    }
  }
  func applying(_ o: ArithmeticOperation, _ other: AnyNDArray, threads: Int) throws -> AnyNDArray {
    let m = try AxisMatch(sizes, other.sizes).sizes
    func spread(_ a: AnyNDArray) -> AnyNDArray {
      let strides = m.map { e in a.sizes.index(of: e.axis).map { a.layout.strides[$0] } ?? 0 }
      return AnyNDArray(
        layout: StridedLayout(sizes: m, strides: strides, offset: a.layout.offset),
        sampleType: a.sampleType, storage: a.storage)
    }
    let t = o.resultType(sampleType, other.sampleType)
    return try Self.make(
      zip(spread(self).doubles(), spread(other).doubles()).map { op(o, $0, $1, t) }, m, t)
  }
  public func applying(_ o: ArithmeticOperation, _ n: Double, isLeft: Bool) throws -> AnyNDArray {
    try applying(o, n, isLeft: isLeft, threads: 1)
  }
  func applying(_ o: ArithmeticOperation, _ n: Double, isLeft: Bool, threads: Int) throws
    -> AnyNDArray
  {
    let t = o.resultType(sampleType, sampleType)
    return try Self.make(doubles().map { isLeft ? op(o, n, $0, t) : op(o, $0, n, t) }, sizes, t)
  }
}
