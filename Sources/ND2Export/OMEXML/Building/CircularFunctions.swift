#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cosine and sine of the system's library.
enum CircularFunctions {
  /// Cosine and sine of an angle in radians.
  static func cosineAndSine(_ angle: Double) -> (Double, Double) { (cos(angle), sin(angle)) }
}
