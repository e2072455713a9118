import ND2

/// How a channel was taken, in a few words.
enum ChannelText {
  /// Wavelengths, exposure, modality and pinhole, as far as the file says them.
  static func details(of channel: Channel) -> [String] {
    var details: [String] = []
    let excitation = channel.channel.excitationLambdaNm.map {
      "\(HumanText.number($0, decimals: 1))"
    }
    let emission = channel.channel.emissionLambdaNm.map { "\(HumanText.number($0, decimals: 1))" }
    switch (excitation, emission) {
    case (let excitation?, let emission?): details.append("\(excitation) → \(emission) nm")
    case (let excitation?, nil): details.append("excitation \(excitation) nm")
    case (nil, let emission?): details.append("emission \(emission) nm")
    case (nil, nil): break
    }
    if let exposure = channel.acquisition.exposureMs, exposure > 0 {
      details.append("exposure \(HumanText.duration(milliseconds: exposure))")
    }
    let modalities = channel.microscope.modalityFlags.map { spaced($0.rawValue) }
    if !modalities.isEmpty { details.append(modalities.joined(separator: " + ")) }
    if let pinhole = channel.microscope.pinholeDiameterUm {
      details.append("pinhole \(HumanText.length(micrometres: pinhole))")
    }
    return details
  }

  /// `laserScanConfocal` as `laser scan confocal`.
  private static func spaced(_ name: String) -> String {
    let letters = Array(name)
    var text = ""
    for (index, letter) in letters.enumerated() {
      guard letter.isUppercase, index > 0, letters[index - 1].isLowercase else {
        text.append(letter)
        continue
      }
      let isAbbreviation = index + 1 < letters.count && letters[index + 1].isUppercase
      text += " " + (isAbbreviation ? String(letter) : letter.lowercased())
    }
    return text
  }
}
