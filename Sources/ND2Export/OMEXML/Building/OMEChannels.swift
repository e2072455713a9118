import ND2

/// The channels of the images of a document.
struct OMEChannels {
  /// A channel of the document: which channel of the file it is, and which component of that.
  private struct Element {
    /// The channel of the file.
    var plane: Int
    /// Its components, all that the element has.
    var componentCount: Int
    /// The one component of a channel of three that the element is: 0 red, 1 green, 2 blue.
    var colorComponent: Int?
    var name: String
  }

  /// Samples of a pixel that each channel has.
  let samplesPerPixel: Int
  /// Exposure of each channel, ms.
  let exposuresMs: [Double?]
  private let elements: [Element]
  private let known: [Channel]

  init(file: ND2File, part: OMEPart) {
    let layout = file.channelLayout
    let names = file.channelNames
    var elements: [Element] = []
    for (index, plane) in layout.planes.enumerated() {
      if layout.hasSampleAxis {
        elements.append(Element(plane: index, componentCount: 3, name: plane.name))
        continue
      }
      for component in 0..<plane.componentCount {
        elements.append(
          Element(
            plane: index, componentCount: 1,
            colorComponent: plane.componentCount == 3 ? component : nil, name: plane.name))
      }
    }
    for index in elements.indices where names.indices.contains(index) {
      elements[index].name = names[index]
    }
    let known = file.metadata.channels
    samplesPerPixel = part.samples?.count ?? 1
    self.elements = part.channels.compactMap { elements.indices.contains($0) ? elements[$0] : nil }
    self.known = known
    exposuresMs = self.elements.map { element in
      guard known.indices.contains(element.plane) else { return nil }
      return known[element.plane].acquisition.exposureMs.flatMap { $0 > 0 ? $0 : nil }
    }
  }

  /// The channels of an image, by the numbers that they have there.
  func channels(image: Int, _ equipment: OMEEquipment) -> [OME.Channel] {
    elements.enumerated().map { number, element in
      var channel = OME.Channel(
        id: "Channel:\(image):\(number)", name: element.name, samplesPerPixel: samplesPerPixel)
      guard known.indices.contains(element.plane) else { return channel }
      describe(&channel, known[element.plane], element)
      equipment.describe(&channel, known[element.plane], at: element.plane)
      return channel
    }
  }

  private func describe(_ channel: inout OME.Channel, _ known: Channel, _ element: Element) {
    let flags = Modalities(known)
    channel.acquisitionMode = flags.mode
    channel.contrast = flags.contrast
    channel.illumination = flags.illumination
    channel.pinholeSizeUm = known.microscope.pinholeDiameterUm
    channel.fluor = known.acquisition.dyeName
    if let component = element.colorComponent {
      channel.color = OME.Color(
        red: component == 0 ? 255 : 0, green: component == 1 ? 255 : 0,
        blue: component == 2 ? 255 : 0)
    } else if element.componentCount == 1 {
      // Colour pixels have colours of their own; a display colour would tint them in some viewers.
      let color = known.channel.color
      channel.color = OME.Color(
        red: color.r, green: color.g, blue: color.b,
        alpha: UInt8(exactly: (min(max(color.a, 0), 1) * 255).rounded()) ?? 255)
      channel.emissionWavelengthNm = known.channel.emissionLambdaNm
      channel.excitationWavelengthNm = known.channel.excitationLambdaNm
    }
  }
}

/// What the names of modalities mean in the words of the schema.
private struct Modalities {
  private let flags: Set<Modality>
  private let further: Set<String>

  init(_ channel: Channel) {
    flags = Set(channel.microscope.modalityFlags)
    further = Set(channel.acquisition.additionalModalities)
  }

  /// How the image is made; what is special goes before what is common.
  var mode: OME.Channel.AcquisitionMode? {
    if further.contains("STED") { return .sted }
    if further.contains("storm") { return .storm }
    if further.contains("lightSheet") { return .spim }
    if flags.contains(.multiphoton) { return .multiPhoton }
    if flags.contains(.laserScanConfocal) { return .laserScanningConfocal }
    if flags.contains(.spinningDiskConfocal) { return .spinningDiskConfocal }
    if flags.contains(.sweptFieldConfocalPinhole) { return .sweptFieldConfocal }
    if flags.contains(.sweptFieldConfocalSlit) { return .slitScanConfocal }
    if flags.contains(.spectral) { return .spectral }
    if flags.contains(.structuredIllumination) { return .structuredIllumination }
    if flags.contains(.tirf) { return .totalInternalReflection }
    if flags.contains(.brightfield) { return .brightField }
    return flags.contains(.fluorescence) ? .wideField : nil
  }

  /// What makes things visible; phase contrast and interference come with bright field.
  var contrast: OME.Channel.Contrast? {
    if flags.contains(.phaseContrast) { return .phase }
    if flags.contains(.diContrast) { return .dic }
    if further.contains("NAMC") { return .hoffmanModulation }
    if further.contains("darkfield") { return .darkfield }
    if flags.contains(.fluorescence) { return .fluorescence }
    return flags.contains(.brightfield) ? .brightfield : nil
  }

  /// How light reaches the sample.
  var illumination: OME.Channel.Illumination? {
    if flags.contains(.multiphoton) { return .nonLinear }
    if flags.contains(.fluorescence) { return .epifluorescence }
    return flags.contains(.brightfield) ? .transmitted : nil
  }
}
