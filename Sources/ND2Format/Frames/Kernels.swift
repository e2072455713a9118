/// The inner loops over pixels: one row of interleaved components to rows of separate planes.
///
/// Raw pointers and wrapping arithmetic, one pass that writes all planes: these run near the
/// speed of a memory copy, which checked or generic loops do not (docs/benchmarks.md).
/// The caller vouches for the sizes.
enum Kernels {
  /// Splits 2, 3 or 4 interleaved components into as many planes.
  @inline(__always)
  static func split<T: FixedWidthInteger & BitwiseCopyable>(
    _ row: UnsafePointer<T>, _ components: Int, _ columns: Int,
    _ out: UnsafeMutablePointer<T>, _ planeStride: Int
  ) {
    let (a, b) = (out, out + planeStride)
    switch components {
    case 2:
      for x in 0..<columns {
        a[x] = row[x &* 2]
        b[x] = row[x &* 2 &+ 1]
      }
    case 3:
      let c = out + planeStride &* 2
      for x in 0..<columns {
        a[x] = row[x &* 3]
        b[x] = row[x &* 3 &+ 1]
        c[x] = row[x &* 3 &+ 2]
      }
    default:
      let (c, d) = (out + planeStride &* 2, out + planeStride &* 3)
      for x in 0..<columns {
        a[x] = row[x &* 4]
        b[x] = row[x &* 4 &+ 1]
        c[x] = row[x &* 4 &+ 2]
        d[x] = row[x &* 4 &+ 3]
      }
    }
  }

  /// Takes any components to as many planes, in tiles of eight pixels that stay in the cache.
  @inline(__always)
  static func gather<T: FixedWidthInteger & BitwiseCopyable>(
    _ row: UnsafePointer<T>, _ components: Int, _ columns: Int, _ planes: [[Int]],
    _ out: UnsafeMutablePointer<T>, _ planeStride: Int
  ) {
    planes.withUnsafeBufferPointer { planes in
      var x = 0
      while x < columns {
        let count = min(32, columns &- x)
        let pixels = row + x &* components
        for index in 0..<planes.count {
          let from = pixels + planes[index][0]
          let to = out + (index &* planeStride &+ x)
          for step in 0..<count { to[step] = from[step &* components] }
        }
        x = x &+ 32
      }
    }
  }

  /// Takes the samples of one plane to interleaved pixels in another order, such as B,G,R to R,G,B.
  @inline(__always)
  static func reorder<T: FixedWidthInteger & BitwiseCopyable>(
    _ row: UnsafePointer<T>, _ components: Int, _ columns: Int, _ samples: [Int],
    _ out: UnsafeMutablePointer<T>
  ) {
    if samples.count == 3 {
      let (r, g, b) = (samples[0], samples[1], samples[2])
      for x in 0..<columns {
        let pixel = row + x &* components
        out[x &* 3] = pixel[r]
        out[x &* 3 &+ 1] = pixel[g]
        out[x &* 3 &+ 2] = pixel[b]
      }
      return
    }
    for x in 0..<columns {
      for (index, sample) in samples.enumerated() {
        out[x &* samples.count &+ index] = row[x &* components &+ sample]
      }
    }
  }
}
