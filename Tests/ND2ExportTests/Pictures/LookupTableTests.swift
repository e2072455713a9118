import ND2
import ND2Export
import Testing

@Suite("Lookup tables")
struct LookupTableTests {
  @Test("A colour's table goes evenly from black to it")
  func ramp() {
    let table = LookupTable(Color(r: 200, g: 100, b: 0))
    #expect(table.color(at: 0) == Color(r: 0, g: 0, b: 0))
    #expect(table.color(at: 0.5) == Color(r: 100, g: 50, b: 0))
    #expect(table.color(at: 1) == Color(r: 200, g: 100, b: 0))
    #expect(table.color(at: 7) == Color(r: 200, g: 100, b: 0))
    #expect(table.color(at: .nan) == Color(r: 0, g: 0, b: 0))
  }

  @Test("Viridis grows lighter step by step, from violet to yellow")
  func viridis() {
    let lightness = (0...255).map { step -> Double in
      let color = LookupTable.viridis.color(at: Double(step) / 255)
      return 0.299 * Double(color.r) + 0.587 * Double(color.g) + 0.114 * Double(color.b)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 + 1 })
    let (first, last) = (
      LookupTable.viridis.color(at: 0), LookupTable.viridis.color(at: 1)
    )
    #expect(first.b > first.g && first.r > first.g)
    #expect(last.r > 180 && last.g > 200 && last.b < 130)
  }

  @Test("Fire and ice go from black to white")
  func ends() {
    for table in [LookupTable.fire, .ice, .grey] {
      #expect(table.color(at: 0) == Color(r: 0, g: 0, b: 0), "\(table.name)")
      #expect(table.color(at: 1) == .white, "\(table.name)")
    }
    #expect(LookupTable.fire.inverted.color(at: 0) == .white)
  }

  @Test("Extremes shows only the ends in colour")
  func extremes() {
    #expect(LookupTable.extremes.color(at: 0) == Color(r: 0, g: 0, b: 255))
    #expect(LookupTable.extremes.color(at: 1) == Color(r: 255, g: 0, b: 0))
    #expect(LookupTable.extremes.color(at: 128.0 / 255) == Color(r: 128, g: 128, b: 128))
  }

  @Test("Every name is known, digits are colours, anything else is neither")
  func names() {
    for name in LookupTable.names { #expect(LookupTable(named: name)?.name == name) }
    #expect(LookupTable(named: "#FF8000")?.color(at: 1) == Color(r: 255, g: 128, b: 0))
    #expect(LookupTable(named: "GREY") == .grey)
    for name in ["", "#ff80", "#gg0000", "#+f0000", "sepia"] {
      #expect(LookupTable(named: name) == nil, "\(name)")
    }
  }
}
