/// What a plan wants next: bytes of some ranges, or nothing more.
package enum ReadStep<Value> {
  /// These ranges are needed; all lie within the file.
  case needs([Range<UInt64>])
  /// The plan is done.
  case done(Value)
}

/// A read in several steps as a value: it says which ranges it needs and is given their bytes.
///
/// Plans do no input or output themselves. The same plan is driven by blocking reads or by
/// asynchronous ones, and tests drive it with arrays and count what it asks for.
package protocol ReadPlan<Value>: Sendable {
  /// What the plan yields.
  associatedtype Value: Sendable

  /// Takes the bytes of the ranges that were needed last (none at first) and goes on.
  mutating func advance(_ supplied: [[UInt8]]) throws -> ReadStep<Value>
}

extension ByteSource {
  /// Drives a plan with blocking reads.
  package func run<Plan: ReadPlan>(_ plan: Plan) throws -> Plan.Value {
    var plan = plan
    var supplied: [[UInt8]] = []
    while true {
      switch try plan.advance(supplied) {
      case .done(let value): return value
      case .needs(let ranges):
        supplied = try read(ranges)
        try ranges.check(supplied, from: name)
      }
    }
  }
}

extension AsyncByteSource {
  /// Drives a plan with asynchronous reads; all ranges of a step are asked for at once.
  package func run<Plan: ReadPlan>(_ plan: Plan) async throws -> Plan.Value {
    var plan = plan
    var supplied: [[UInt8]] = []
    while true {
      try Task.checkCancellation()
      switch try plan.advance(supplied) {
      case .done(let value): return value
      case .needs(let ranges):
        supplied = try await read(ranges)
        try ranges.check(supplied, from: name)
      }
    }
  }
}

extension [Range<UInt64>] {
  /// Checks that a source has given what was asked for: one that breaks its promise must not be able
  /// to trap a plan.
  fileprivate func check(_ supplied: [[UInt8]], from name: String) throws {
    guard supplied.count == count,
      zip(supplied, self).allSatisfy({ UInt64($0.count) == $1.upperBound - $1.lowerBound })
    else {
      throw ND2Error(
        .io, "the source gave other bytes than were asked for", at: .init(file: name))
    }
  }
}
