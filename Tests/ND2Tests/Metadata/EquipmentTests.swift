import ND2Format
import Testing

@testable import ND2

@Suite("Cameras and filters of channels")
struct EquipmentTests {
  private func spectrum(_ points: (Spectrum.Kind, Double)...) -> Spectrum {
    var spectrum = Spectrum()
    spectrum.points = points.map { Spectrum.Point(kind: $0.0, wavelength: $0.1, transmission: 0) }
    return spectrum
  }

  @Test("A band is what lies between a rising and a falling edge")
  func bands() {
    #expect(
      spectrum((.risingEdge, 450), (.fallingEdge, 490)).bands == [.init(low: 450, high: 490)])
    #expect(
      spectrum(
        (.risingEdge, 450), (.fallingEdge, 490), (.risingEdge, 550), (.fallingEdge, 600)
      ).bands == [.init(low: 450, high: 490), .init(low: 550, high: 600)])
    #expect(spectrum((.peak, 488)).bands.isEmpty)
    #expect(spectrum((.risingEdge, 490), (.fallingEdge, 450)).bands.isEmpty)
    #expect(spectrum((.risingEdge, 0), (.fallingEdge, 450)).bands.isEmpty)
  }

  @Test("The speed of reading is in a line of the camera's settings")
  func readOutRate() {
    #expect(CameraText.readOutRateMHz("Binning: 1x1\r\n  Readout Rate: 200 MHz \r\nx") == 200)
    #expect(CameraText.readOutRateMHz("Readout Speed: 5 MHz") == 5)
    #expect(CameraText.readOutRateMHz("Readout Speed: 500 kHz") == 0.5)
    #expect(CameraText.readOutRateMHz("Readout Speed: fast\nReadout Mode: Rolling") == nil)
    #expect(CameraText.readOutRateMHz("Readout Rate:\n:\n") == nil)
  }

  @Test("Sample settings tell the camera, the light source and the microscope")
  func channel() {
    let tree = MetadataValue.level([
      MetadataField(
        "pCameraSetting",
        .level([
          MetadataField("CameraFamilyName", .string("Neo")),
          MetadataField("CameraUserName", .string("Andor Zyla")),
          MetadataField("CameraUniqueName", .string("VSC-07296")),
          MetadataField(
            "LightPath",
            .level([MetadataField("ExcitationSourceName", .string("NIDAQ, MultiLaser(AOTF)"))])),
        ])),
      MetadataField(
        "pDeviceSetting",
        .level([MetadataField("m_sMicroscopePhysFullName", .string("Nikon Ti2"))])),
    ])
    let setting = SampleSetting(tree, number: 0)
    #expect(setting.cameraModel == "Neo")
    #expect(setting.cameraName == "Andor Zyla")
    #expect(setting.cameraSerialNumber == "VSC-07296")
    #expect(setting.excitationSource == "NIDAQ, MultiLaser(AOTF)")
    #expect(setting.device?.microscopeModel == "Nikon Ti2")
  }
}
