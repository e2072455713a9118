import ND2

/// What a loop of the experiment does, in a few words.
enum LoopText {
  /// Number of time points and their interval, measured or else planned.
  static func text(of parameters: TimeLoopParameters, count: Int) -> String {
    var text = HumanText.count(count, "point")
    if let interval = parameters.intervalMs {
      text += ", every \(HumanText.duration(milliseconds: interval))"
    } else {
      text += ", without delay"
    }
    return text
  }

  /// Number of stage positions and their names.
  static func text(of loop: XYPosLoop) -> String {
    let names = loop.parameters.points.compactMap(\.name).filter { !$0.isEmpty }
    let text = HumanText.count(loop.count, "stage position")
    return names.isEmpty ? text : "\(text): \(names.joined(separator: ", "))"
  }

  /// Number of planes, their distance and order, and the device.
  static func text(of loop: ZStackLoop) -> String {
    let parameters = loop.parameters
    let step = HumanText.length(micrometres: parameters.stepUm.magnitude)
    var text = "\(HumanText.count(loop.count, "plane")), \(step) apart"
    let range = parameters.stepUm.magnitude * Double(max(0, loop.count - 1))
    text += " (\(HumanText.length(micrometres: range)))"
    text += parameters.bottomToTop ? ", bottom to top" : ", top to bottom"
    if let device = parameters.deviceName, !device.isEmpty { text += ", \(device)" }
    return text
  }
}
