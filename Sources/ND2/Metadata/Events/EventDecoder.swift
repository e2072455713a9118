package import ND2Format

/// Reads the events of an acquisition (nd2-format §3.8).
package enum EventDecoder {
  /// The events of a chunk: `ImageEvents…` or `CustomData|ExperimentEventsV1_0!`.
  ///
  /// Keys that are not known are ignored, and so are list members that are no events.
  package static func decode(
    _ root: MetadataValue, chunk: String, log: inout DiagnosticLog
  ) -> [ExperimentEvent] {
    let record = root["RLxExperimentRecord"] ?? root
    let count = record["uiCount"]?.int
    if count == 0 { return [] }
    var events: [ExperimentEvent] = []
    var unreadable = 0
    for item in record["pEvents"]?.fields ?? [] {
      if case .level = item.value { events.append(event(item.value)) } else { unreadable += 1 }
    }
    // What versions before 3.0 wrote.
    for (index, item) in (record["pFirstEvent"]?.elements ?? []).enumerated() {
      if case .level = item { events.append(olderEvent(item, id: index)) } else { unreadable += 1 }
    }
    if unreadable > 0 { log.warning("\(unreadable) events cannot be read", chunk: chunk) }
    if let count, count != events.count + unreadable {
      log.note("\(count) events are announced, \(events.count) are there", chunk: chunk)
    }
    return events
  }

  private static func event(_ value: MetadataValue) -> ExperimentEvent {
    var stimulation: StimulationEvent?
    if let details = value["S"], !details.fields.isEmpty {
      stimulation = StimulationEvent(
        type: StimulationEvent.Phase(rawValue: details["T"]?.int ?? 0),
        loopIndex: details["L"]?.int ?? 0, position: details["P"]?.int ?? 0,
        description: details["D"]?.string ?? "")
    }
    let meaning = EventMeaning(rawValue: value["M"]?.int ?? 0)
    var description = value["D"]?.nonEmptyString ?? meaning.defaultText
    if let stimulation {
      description += " Phase \(stimulation.type)"
      if !stimulation.description.isEmpty { description += " - \(stimulation.description)" }
    }
    return ExperimentEvent(
      id: value["I"]?.int ?? 0, timeMs: value["T"]?.double ?? 0,
      time2Ms: value["T2"]?.double ?? 0, meaning: meaning, description: description,
      data: value["A"]?.string ?? "", stimulation: stimulation)
  }

  private static func olderEvent(_ value: MetadataValue, id: Int) -> ExperimentEvent {
    let fields = StrippedFields(value)
    let meaning = EventMeaning(rawValue: fields["Meaning"]?.int ?? 0)
    let data = fields["Data"]?.string ?? ""
    let text = fields["Description"]?.nonEmptyString ?? meaning.defaultText
    return ExperimentEvent(
      id: id, timeMs: fields["Time"]?.double ?? 0, meaning: meaning,
      description: data.isEmpty ? text : "\(text) - \(data)", data: data)
  }
}
