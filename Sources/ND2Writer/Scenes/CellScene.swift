/// Fluorescent cells that drift in time and go out of focus in z.
///
/// Even channels show nuclei, odd ones the bodies of the cells around them. The picture is computed
/// from sums, products and square roots only, so that it is the same on every machine.
struct CellScene: SampleFile.Scene {
  /// Where each loop's index is to be found: the scene moves with time, focus and position.
  struct Loops: Sendable {
    var time: Int?
    var z: (index: Int, count: Int, stepUm: Double)?
    var position: Int?
  }

  private struct Cell {
    /// Centre at time 0, and drift for each time point; in pixels.
    var x: Double, y: Double, driftX: Double, driftY: Double
    /// Distance from the middle of the series in µm.
    var z: Double
    /// Half axes of the nucleus in pixels, and the direction of the longer one.
    var long: Double, short: Double, directionX: Double, directionY: Double
    var brightness: Double
    /// Brighter spots inside the nucleus, relative to the half axes.
    var spots: [(along: Double, across: Double)]
  }

  private let loops: Loops
  private let maximum: Double
  private let seed: UInt64

  /// Creates a scene for the loops of a file.
  init(loops: Loops, maximum: Double, seed: UInt64 = 42) {
    self.loops = loops
    self.maximum = maximum
    self.seed = seed
  }

  /// The values of a plane, row by row.
  func values(of plane: SampleFile.Plane) -> [Double] {
    let time = Double(loops.time.map { plane.loopIndices[$0] } ?? 0)
    let position = loops.position.map { plane.loopIndices[$0] } ?? 0
    var focus = 0.0
    if let z = loops.z {
      focus = (Double(plane.loopIndices[z.index]) - Double(z.count - 1) / 2) * z.stepUm
    }
    var values = background(plane)
    for cell in cells(width: plane.width, height: plane.height, position: position) {
      paint(cell, time: time, focus: focus, channel: plane.channel, plane: plane, into: &values)
    }
    addNoise(to: &values, plane: plane)
    return values
  }

  /// Darkness of the camera, and light that falls off towards the corners.
  private func background(_ plane: SampleFile.Plane) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(plane.width * plane.height)
    let (middleX, middleY) = (Double(plane.width - 1) / 2, Double(plane.height - 1) / 2)
    let radius = max(1, middleX * middleX + middleY * middleY)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        let (dx, dy) = (Double(x) - middleX, Double(y) - middleY)
        values.append(maximum * (0.028 + 0.018 * (1 - 0.6 * (dx * dx + dy * dy) / radius)))
      }
    }
    return values
  }

  /// The cells of a position: as many as fit loosely.
  private func cells(width: Int, height: Int, position: Int) -> [Cell] {
    var random = SplitMix64(seed: seed &+ UInt64(position) &* 0x5851_F42D_4C95_7F2D)
    let size = max(4, Double(min(width, height)) / 18)
    let count = max(3, Int(Double(width * height) / (size * size * 24)))
    var centers: [(x: Double, y: Double)] = []
    let depth = loops.z.map { Double($0.count - 1) * $0.stepUm } ?? 0
    return (0..<count).map { _ in
      let (u, v) = (random.unit() * 2 - 1, random.unit() * 2 - 1)
      let length = max(0.001, (u * u + v * v).squareRoot())
      let long = size * (0.8 + 0.5 * random.unit())
      let center = Self.freePlace(among: centers, width: width, height: height, &random)
      centers.append(center)
      return Cell(
        x: center.x, y: center.y,
        driftX: (random.unit() - 0.5) * size * 0.35, driftY: (random.unit() - 0.5) * size * 0.35,
        z: (random.unit() - 0.5) * depth * 0.8, long: long,
        short: long * (0.6 + 0.35 * random.unit()), directionX: u / length, directionY: v / length,
        brightness: 0.35 + 0.6 * random.unit(),
        spots: (0..<3).map { _ in (random.unit() * 1.1 - 0.55, random.unit() * 1.1 - 0.55) })
    }
  }

  /// The place that is farthest from all centres, of a few places taken at random.
  private static func freePlace(
    among centers: [(x: Double, y: Double)], width: Int, height: Int, _ random: inout SplitMix64
  ) -> (x: Double, y: Double) {
    var best = (x: 0.0, y: 0.0)
    var bestDistance = -1.0
    for _ in 0..<12 {
      let place = (x: random.unit() * Double(width), y: random.unit() * Double(height))
      var nearest = Double.infinity
      for center in centers {
        let (dx, dy) = (center.x - place.x, center.y - place.y)
        nearest = min(nearest, dx * dx + dy * dy)
      }
      if nearest > bestDistance { (best, bestDistance) = (place, nearest) }
    }
    return best
  }

  private func paint(
    _ cell: Cell, time: Double, focus: Double, channel: Int, plane: SampleFile.Plane,
    into values: inout [Double]
  ) {
    let isBody = channel % 2 == 1
    // Out of focus a cell gets wider and dimmer; its light stays the same.
    let defocus = (focus - cell.z) / 2.2
    let blur = 0.12 + 0.45 * (1 + defocus * defocus).squareRoot() - 0.45
    let dimming = 1 / (1 + 0.9 * defocus * defocus)
    let scale = isBody ? 1.9 : 1.0
    let (long, short) = (cell.long * scale, cell.short * scale)
    let centerX = Self.reflect(cell.x + cell.driftX * time, Double(plane.width))
    let centerY = Self.reflect(cell.y + cell.driftY * time, Double(plane.height))
    let reach = long * (1 + 2 * blur) + 2
    guard
      let columns = Self.range(centerX, reach, plane.width),
      let rows = Self.range(centerY, reach, plane.height)
    else { return }
    let light = maximum * cell.brightness * dimming * (isBody ? 0.42 : 0.85)
    for y in rows {
      for x in columns {
        let (dx, dy) = (Double(x) - centerX, Double(y) - centerY)
        let along = (dx * cell.directionX + dy * cell.directionY) / long
        let across = (dy * cell.directionX - dx * cell.directionY) / short
        let distance = (along * along + across * across).squareRoot()
        var value = Self.edge(distance, blur)
        guard value > 0 else { continue }
        if isBody {
          // Darker where the nucleus is, with a brighter rim.
          value *= 0.45 + 0.4 * Self.edge(abs(distance - 0.78), 0.25 + blur) + 0.15 * distance
        } else {
          for spot in cell.spots {
            let (a, b) = (along - spot.along, across - spot.across)
            value += 0.5 * dimming * max(0, 1 - (a * a + b * b) / (0.04 + 0.1 * blur))
          }
          value *= 0.62
        }
        values[y * plane.width + x] += light * value
      }
    }
  }

  /// 1 inside, 0 outside, smooth in between.
  private static func edge(_ distance: Double, _ softness: Double) -> Double {
    let t = (1 + softness - distance) / (2 * softness)
    let clamped = min(1, max(0, t))
    return clamped * clamped * (3 - 2 * clamped)
  }

  /// Keeps a moving centre within the image by reflecting it at the borders.
  private static func reflect(_ value: Double, _ length: Double) -> Double {
    guard length > 1 else { return 0 }
    let period = 2 * length
    var rest = value.truncatingRemainder(dividingBy: period)
    if rest < 0 { rest += period }
    return rest < length ? rest : period - rest
  }

  private static func range(_ center: Double, _ reach: Double, _ count: Int) -> Range<Int>? {
    let low = max(0, (center - reach).rounded(.down))
    let high = min(Double(count - 1), (center + reach).rounded(.up))
    guard low <= high, let first = Int(exactly: low), let last = Int(exactly: high) else {
      return nil
    }
    return first..<(last + 1)
  }

  /// Shot noise: its size grows with the square root of the light.
  private func addNoise(to values: inout [Double], plane: SampleFile.Plane) {
    let base = SplitMix64.mix(
      seed ^ UInt64(truncatingIfNeeded: plane.frame &* 131 &+ plane.channel &* 7 &+ 1))
    let gain = maximum / 4095
    for index in values.indices {
      let bits = SplitMix64.mix(base &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
      // The sum of four bytes is close to a normal distribution of width 148.
      let sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24 & 255)
      let normal = (Double(sum) - 510) / 148
      let value = max(0, values[index])
      values[index] = min(maximum, value + normal * (value * gain * 2.2 + 9 * gain).squareRoot())
    }
  }
}
