import ND2Format
import Testing

@testable import ND2

@Suite struct ColorTests {
  @Test("Reads red from the lowest byte") func readsRedFromTheLowestByte() {
    let color = Color(abgr: 0x000F_E978)
    #expect(color == Color(r: 120, g: 233, b: 15, a: 1))
    #expect(color.hex == "#78e90f")
    #expect(color.abgr == 0x000F_E978)
  }

  @Test("An opacity of zero stands for one") func anOpacityOfZeroStandsFor() {
    #expect(Color(abgr: 0).a == 1)
    #expect(Color(abgr: 0xFF00_0000).a == 1)
    #expect(Color(abgr: 0x8000_0000).a == 128.0 / 255)
    #expect(Color(abgr: 0x800F_E978).abgr == 0x800F_E978)
    #expect(Color(abgr: 0xFF0F_E978).abgr == 0x000F_E978)
  }

  @Test("Opacities that cannot be are no trap") func opacitiesThatCannotBeAreNo() {
    #expect(Color(r: 1, g: 2, b: 3, a: .nan).abgr >> 24 == 0xFF)
    #expect(Color(r: 1, g: 2, b: 3, a: -5).abgr >> 24 == 0)
    #expect(Color(r: 1, g: 2, b: 3, a: .infinity).abgr >> 24 == 0)
  }
}

@Suite struct ModalityTests {
  private func flags(_ mask: UInt64, components: Int = 1) -> [String] {
    ModalityMask(mask: mask, code: nil).flags(componentCount: components).map(\.rawValue)
  }

  @Test("Names the set bits in nd2's order") func namesTheSetBitsInNd2() {
    #expect(flags(0x800_0201) == ["fluorescence", "laserScanConfocal", "gaasp"])
    #expect(flags(0x10_0201) == ["fluorescence", "laserScanConfocal", "pmt"])
    #expect(flags(0x4000_0041) == ["fluorescence", "RCM", "sora"])
    #expect(flags(0x122) == ["brightfield", "diContrast", "camera"])
    #expect(flags(.max).count == 28)
    #expect(flags(.max).first == "fluorescence")
    #expect(flags(.max).last == "aux")
  }

  @Test("A mask without fluorescence and brightfield is not valid")
  func aMaskWithoutFluorescenceAndBrightfield() {
    #expect(flags(0x1000_0000) == ["fluorescence"])
    #expect(flags(0) == ["fluorescence"])
    #expect(flags(0x200, components: 3) == ["brightfield"])
  }

  @Test(
    "Knows the enumeration of files before 3.0",
    arguments: [
      (0, "fluorescence camera"), (1, "brightfield camera"), (2, "fluorescence laserScanConfocal"),
      (3, "fluorescence spinningDiskConfocal"), (4, "fluorescence sweptFieldConfocalSlit"),
      (5, "fluorescence laserScanConfocal multiphoton"), (6, "brightfield phaseContrast"),
      (7, "brightfield diContrast"), (8, "fluorescence laserScanConfocal spectral"),
      (9, "fluorescence laserScanConfocal vaasNF"), (10, "fluorescence laserScanConfocal vaasIF"),
      (11, "fluorescence laserScanConfocal vaasNF"), (12, "fluorescence dsdConfocal"),
      (13, "fluorescence camera"), (-1, "fluorescence camera"),
    ])
  func knowsTheEnumerationOfFilesBefore(_ code: Int, _ names: String) {
    let mask = ModalityMask(mask: nil, code: code)
    #expect(mask.flags(componentCount: 1).map(\.rawValue).joined(separator: " ") == names)
  }

  @Test("Keeps what it has no name for") func keepsWhatItHasNoName() {
    let mask = ModalityMask(mask: 0x2_0008_0005, code: nil)
    #expect(mask.rawValue == 0x2_0008_0005)
    #expect(mask.additionalNames == ["darkfield", "lightSheet", "galvano"])
    #expect(mask.flags(componentCount: 1) == [.fluorescence])
  }
}

@Suite struct ChannelLayoutTests {
  private func layout(
    _ planes: [MetadataValue], of components: Int, count: Int? = nil,
    log: inout DiagnosticLog
  ) -> ChannelLayout {
    ChannelLayout(
      picture: PictureMetadata(picture(planes, count: count)), componentCount: components,
      log: &log)
  }

  private func layout(_ planes: [MetadataValue], of components: Int) -> ChannelLayout {
    var log = DiagnosticLog()
    let layout = layout(planes, of: components, log: &log)
    #expect(log.entries.isEmpty)
    return layout
  }

  @Test("Plain channels have a component each") func plainChannelsHaveAComponentEach() {
    let layout = layout([plane("A"), plane("B")], of: 2)
    #expect(layout.planes.map(\.firstComponent) == [0, 1])
    #expect(layout.components() == [[0], [1]])
    #expect(layout.channelAxisCount == 2)
    #expect(!layout.hasSampleAxis && !layout.isRGB)
    #expect(layout.componentsPerChannel == 1)
    #expect(layout.channelAxisNames == ["A", "B"])
  }

  @Test("A coloured channel is red, green, blue, however it is stored")
  func aColouredChannelIsRedGreen() {
    let layout = layout([plane("RGB", components: 3)], of: 3)
    #expect(layout.hasSampleAxis && layout.isRGB)
    #expect(layout.components() == [[2, 1, 0]])
    #expect(layout.components(isBlueFirst: false) == [[0, 1, 2]])
    #expect(layout.channelAxisCount == 1)
    #expect(layout.componentsPerChannel == 3)
  }

  @Test("Several coloured channels make up a channel axis and a colour axis")
  func severalColouredChannelsMakeUpA() {
    let layout = layout([plane("A", components: 3), plane("B", components: 3)], of: 6)
    #expect(layout.components() == [[2, 1, 0], [5, 4, 3]])
    #expect(layout.channelAxisNames == ["A", "B"])
  }

  @Test("Mixed channels lie along one axis, a component each") func mixedChannelsLieAlongOneAxis() {
    let layout = layout([plane("A", components: 3), plane("B")], of: 4)
    #expect(!layout.hasSampleAxis && !layout.isRGB)
    #expect(layout.channelAxisCount == 4)
    #expect(layout.components() == [[2], [1], [0], [3]])
    #expect(layout.channelAxisNames == ["A Red", "A Green", "A Blue", "B"])
    #expect(layout.componentsPerChannel == 1)
  }

  @Test(
    "Other numbers of components are channels", arguments: [2, 4])
  func otherNumbersOfComponentsAreChannels(_ count: Int) {
    let layout = layout([plane("A", components: count)], of: count)
    #expect(layout.channelAxisCount == count)
    #expect(!layout.hasSampleAxis)
    #expect(layout.isRGB == (count == 4))
    #expect(layout.components() == (0..<count).map { [$0] })
    #expect(layout.channelAxisNames.first == "A 1")
  }

  @Test("Components without a channel get one") func componentsWithoutAChannelGetOne() {
    var log = DiagnosticLog()
    #expect(layout([], of: 1, log: &log).planes.map(\.name) == ["Mono"])
    #expect(layout([], of: 3, log: &log).planes.map(\.name) == ["RGB"])
    #expect(layout([], of: 2, log: &log).planes.map(\.name) == ["Channel_1", "Channel_2"])
    #expect(log.entries.isEmpty)
    let short = layout([plane("A")], of: 3, log: &log)
    #expect(short.planes.map(\.name) == ["A", "Channel_2", "Channel_3"])
    #expect(log.entries.count == 1)
  }

  @Test("Channels without a component are left out") func channelsWithoutAComponentAreLeft() {
    var log = DiagnosticLog()
    let layout = layout([plane("A"), plane("B"), plane("C")], of: 2, log: &log)
    #expect(layout.planes.map(\.name) == ["A", "B"])
    let cut = self.layout([plane("A", components: 3)], of: 2, log: &log)
    #expect(cut.planes.map(\.componentCount) == [2])
    #expect(log.entries.count == 1)
  }

  @Test("A wrong number of channels is reported") func aWrongNumberOfChannelsIs() {
    var log = DiagnosticLog()
    let layout = layout([plane("A"), plane("B")], of: 2, count: 3, log: &log)
    #expect(layout.planes.count == 2)
    #expect(log.entries.first?.message == "3 channels are declared, 2 are there")
  }

  @Test("Hostile counts are bounded by the components") func hostileCountsAreBoundedByThe() {
    var log = DiagnosticLog()
    let hostile = layout(
      [plane("A", components: Int(UInt32.max)), plane("B")], of: .max, log: &log)
    #expect(hostile.componentCount == 4096)
    #expect(hostile.planes.count == 1)
    #expect(layout([plane("A")], of: -4, log: &log).componentCount == 1)
  }
}
