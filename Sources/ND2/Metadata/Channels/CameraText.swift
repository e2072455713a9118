/// Finds what the settings of cameras say to people only: lines such as `Readout Rate: 200 MHz`.
enum CameraText {
  /// Speed of reading, MHz; nil when no line says it in that unit or in kHz.
  static func readOutRateMHz(_ text: String) -> Double? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, isReadOut(parts[0]) else { continue }
      let words = parts[1].split(separator: " ")
      guard words.count >= 2, let value = Double(words[0]), value > 0, value.isFinite else {
        continue
      }
      switch words[1] {
      case "MHz": return value
      case "kHz", "KHz": return value / 1000
      default: continue
      }
    }
    return nil
  }

  private static func isReadOut(_ key: Substring) -> Bool {
    let key = key.drop(while: \.isWhitespace)
    return ["Readout Rate", "Readout Speed"].contains { $0 == key }
  }
}
