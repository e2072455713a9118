import Testing

@testable import ND2Commands

@Suite("Numbers for people")
struct HumanTextTests {
  @Test(
    "Thousands stand apart",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func counts(value: Int, text: String) {
    #expect(HumanText.count(value) == text)
  }

  @Test("A noun follows its count in the right number")
  func nouns() {
    #expect(HumanText.count(1, "frame") == "1 frame")
    #expect(HumanText.count(0, "frame") == "0 frames")
    #expect(HumanText.count(2, "entry", plural: "entries") == "2 entries")
  }

  @Test(
    "Sizes use decimal units",
    arguments: [
      (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (557_056, "557 kB"),
      (999_600, "1 MB"), (1_234_567_890, "1.23 GB"), (UInt64.max, "18.4 EB"),
    ] as [(UInt64, String)])
  func sizes(value: UInt64, text: String) {
    #expect(HumanText.bytes(value) == text)
  }

  @Test(
    "Time spans use the two largest units that matter",
    arguments: [
      (0, "0 ms"), (153.275, "153.3 ms"), (999, "999 ms"), (1000, "1 s"), (3250, "3.25 s"),
      (59_949, "59.9 s"), (60_000, "1 min"), (250_000, "4 min 10 s"), (3_600_000, "1 h"),
      (7_500_000, "2 h 5 min"), (273_600_000, "3 d 4 h"), (-1500, "−1.5 s"),
    ] as [(Double, String)])
  func durations(milliseconds: Double, text: String) {
    #expect(HumanText.duration(milliseconds: milliseconds) == text)
  }

  @Test(
    "Lengths use the unit of their magnitude",
    arguments: [
      (0, "0 µm"), (0.65, "0.65 µm"), (0.16249, "0.1625 µm"), (0.0065, "6.5 nm"), (12.5, "12.5 µm"),
      (26950.2, "26.95 mm"),
    ] as [(Double, String)])
  func lengths(micrometres: Double, text: String) {
    #expect(HumanText.length(micrometres: micrometres) == text)
  }

  @Test("Numbers that cannot be written plainly do not break anything")
  func oddNumbers() {
    #expect(HumanText.number(.nan) == "–")
    #expect(HumanText.number(.infinity) == "∞")
    #expect(HumanText.number(-0.0001) == "0")
    #expect(HumanText.significant(1e-9) == "1e-09")
    #expect(HumanText.number(1e300) == "1e+300")
    #expect(HumanText.duration(milliseconds: .infinity) == "∞")
    #expect(HumanText.duration(milliseconds: 1e300).hasSuffix(" s"))
    #expect(HumanText.length(micrometres: .nan) == "– µm")
  }
}
