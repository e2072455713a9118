import ND2Format
import Testing

@testable import ND2

/// The expected numbers are what the vendor's library of 2022 answers for files with these spectra.
@Suite struct WavelengthTests {
  private func wavelengths(
    excitation: MetadataValue = spectrum([]), emission: MetadataValue = spectrum([]),
    _ filters: [MetadataValue] = [], components: Int = 1, index: Int = 0
  ) -> [Double?] {
    let probe = object(["m_ExcitationSpectrum": excitation, "m_EmissionSpectrum": emission])
    let found = PicturePlane(plane("A", components: components, probe: probe, filters: filters))
      .wavelengths(index: index)
    return [found.excitation, found.emission]
  }

  @Test("A peak of the dye is its wavelength, the first of several") func aPeakOfTheDyeIs() {
    #expect(wavelengths(excitation: peaks(470)) == [470, nil])
    #expect(
      wavelengths(
        excitation: spectrum([(4, 480, 0.3), (4, 495, 1)]),
        emission: spectrum([(4, 505, 0.4), (4, 519, 0.9)])) == [480, 505])
    #expect(wavelengths(emission: spectrum([(1, 480, 0.2), (4, 500, 0.8)])) == [nil, 500])
  }

  @Test("A lone point counts whatever its kind") func aLonePointCountsWhateverIts() {
    for kind in 0...6 {
      #expect(wavelengths(emission: spectrum([(kind, 500, 0)])) == [nil, 500])
    }
  }

  @Test("A curve of the dye counts by its centre of gravity in whole nm")
  func aCurveOfTheDyeCounts() {
    #expect(
      wavelengths(
        excitation: spectrum([(1, 500, 0.4), (1, 510, 1), (1, 530, 0.6), (1, 560, 0.2)]))
        == [518, nil])
    #expect(wavelengths(emission: spectrum([(5, 500, 0.5), (5, 501, 0.5)])) == [nil, 501])
    #expect(wavelengths(emission: spectrum([(1, 500, 0), (1, 510, 0)])) == [nil, nil])
    #expect(wavelengths(emission: spectrum([(1, 480, -1), (1, 500, 1)])) == [nil, nil])
  }

  @Test("A sampled curve counts by its peak") func aSampledCurveCountsByIts() {
    let points = [(0, 500.0, 0.2), (0, 510.0, 0.9), (0, 540.0, 0.9)]
    #expect(wavelengths(emission: spectrum(points, isCurve: true)) == [nil, 510])
    let flat = [(0, 500.0, 0.0), (0, 510.0, 0.0)]
    #expect(wavelengths(emission: spectrum(flat, isCurve: true)) == [nil, nil])
  }

  @Test("Edges of the dye count by their middle") func edgesOfTheDyeCountBy() {
    #expect(wavelengths(excitation: bands((500, 550))) == [525, nil])
    #expect(wavelengths(emission: bands((500, 551), (600, 650))) == [nil, 525.5])
    #expect(
      wavelengths(emission: spectrum([(1, 480, 0), (2, 500, 0), (3, 550, 0)])) == [nil, 525])
  }

  @Test("A dye without wavelength leaves it to the filters") func aDyeWithoutWavelengthLeavesIt() {
    let turret = [filter(3, excitation: peaks(470), emission: peaks(520))]
    #expect(wavelengths(excitation: peaks(0), emission: peaks(0), turret) == [470, 520])
    #expect(wavelengths(emission: peaks(500), turret) == [470, 500])
  }

  @Test("Bands of filters count by their middle") func bandsOfFiltersCountByTheir() {
    let turret = filter(3, excitation: bands((450, 490)), emission: bands((500, 550)))
    #expect(wavelengths([turret]) == [470, 525])
    let ranges = filter(3, emission: spectrum([(5, 500, 0), (5, 550, 0)]))
    #expect(wavelengths([ranges]) == [nil, 525])
    let points = filter(3, emission: spectrum([(1, 500, 0), (1, 550, 0)]))
    #expect(wavelengths([points]) == [nil, 500])
  }

  @Test("Of laser lines the longest counts that is not above the emission")
  func ofLaserLinesTheLongestCounts() {
    func turret(_ emission: Double...) -> MetadataValue {
      filter(
        3, excitation: peaks(405, 488, 561, 640),
        emission: spectrum(emission.map { (4, $0, 0) }))
    }
    #expect(wavelengths([turret(595)]) == [561, 595])
    #expect(wavelengths([turret(561)]) == [561, 561])
    #expect(wavelengths([turret(400)]) == [405, 400])
    #expect(wavelengths([turret()]) == [405, nil])
    #expect(wavelengths(emission: peaks(500), [turret(700)]) == [488, 500])
  }

  @Test("Lines of excitation filters, turrets and lamps are taken together")
  func linesOfExcitationFiltersTurretsAnd() {
    let lines = filter(3, excitation: peaks(488, 561), emission: peaks(595))
    #expect(wavelengths([filter(1, excitation: peaks(405)), lines]) == [561, 595])
    #expect(wavelengths([filter(1, excitation: bands((450, 490))), lines]) == [561, 595])
    #expect(
      wavelengths([filter(1, excitation: peaks(480)), filter(4, excitation: peaks(470))])
        == [470, nil])
    #expect(
      wavelengths([
        filter(1, excitation: bands((450, 490))),
        filter(3, excitation: peaks(561), emission: peaks(500)),
      ]) == [470, 500])
  }

  @Test("Several bands and mixtures give no excitation") func severalBandsAndMixturesGiveNo() {
    #expect(wavelengths([filter(3, excitation: bands((450, 490), (540, 560)))]) == [nil, nil])
    #expect(wavelengths([filter(3, excitation: spectrum([(1, 450, 0)]))]) == [nil, nil])
    #expect(
      wavelengths([filter(3, excitation: spectrum([(3, 450, 0), (2, 490, 0)]))]) == [nil, nil])
  }

  @Test(
    "Only filters in front of the sample excite",
    arguments: [(0, nil), (1, 470), (2, nil), (3, 470), (4, 470), (5, nil), (6, 470)])
  func onlyFiltersInFrontOfThe(_ placement: Int, _ expected: Double?) {
    let only = filter(placement, excitation: peaks(470), emission: peaks(520))
    #expect(wavelengths([only]) == [expected, 520])
  }

  @Test("A value that a user gave goes first, and may be unknown") func aValueThatAUserGave() {
    let turret = filter(3, excitation: peaks(470), emission: peaks(520))
    let user = filter(6, excitation: peaks(480), emission: peaks(530))
    #expect(wavelengths([turret, user]) == [480, 530])
    let unknown = filter(6, excitation: peaks(0), emission: peaks(0))
    #expect(wavelengths([turret, unknown]) == [nil, nil])
    let several = filter(6, excitation: peaks(405, 561), emission: peaks(540, 560))
    #expect(wavelengths([turret, several]) == [470, 520])
    #expect(
      wavelengths([filter(6, excitation: peaks(488, 561), emission: peaks(700))]) == [nil, 700])
  }

  @Test("An emission filter goes before the turret, and that before all others")
  func anEmissionFilterGoesBeforeThe() {
    let turret = filter(3, excitation: peaks(470), emission: peaks(520))
    #expect(wavelengths([turret, filter(2, emission: peaks(530))]) == [470, 530])
    #expect(wavelengths([filter(1, emission: peaks(540)), turret]) == [470, 520])
    #expect(
      wavelengths([filter(1, emission: peaks(540)), filter(4, emission: peaks(550))])
        == [nil, nil])
  }

  @Test("Of several bands the first above the exciting light passes")
  func ofSeveralBandsTheFirstAbove() {
    func emission(_ excitation: MetadataValue) -> Double? {
      wavelengths([
        filter(3, excitation: excitation, emission: bands((500, 550), (600, 650)))
      ])[1]
    }
    #expect(emission(spectrum([])) == 525)
    #expect(emission(peaks(450)) == 525)
    #expect(emission(peaks(500)) == 625)
    #expect(emission(peaks(580)) == 625)
    #expect(emission(peaks(700)) == 525)
    #expect(emission(peaks(488, 561)) == 525)
    #expect(emission(bands((560, 590))) == 625)
    #expect(emission(bands((440, 640))) == 525)
    let lines = filter(3, excitation: peaks(560), emission: peaks(500, 600, 700))
    #expect(wavelengths([lines]) == [560, 600])
  }

  @Test("Coloured channels stand for blue, green and red") func colouredChannelsStandForBlueGreen()
  {
    #expect(wavelengths(components: 3, index: 0) == [420, 420])
    #expect(wavelengths(components: 3, index: 1) == [515, 515])
    #expect(wavelengths(components: 3, index: 2) == [590, 590])
    #expect(wavelengths(components: 3, index: 3) == [nil, nil])
    #expect(wavelengths(components: 4, index: 0) == [nil, nil])
    let filters = [filter(3, excitation: peaks(470), emission: peaks(520))]
    #expect(wavelengths(filters, components: 3, index: 0) == [470, 420])
  }

  @Test("Wavelengths of files before 3.0 are whole numbers") func wavelengthsOfFilesBefore30() {
    let old = object([
      "pPoint": object([
        "Point0": object(["eType": 4, "uiWavelength": 520, "dWavelength": 0.0])
      ])
    ])
    #expect(wavelengths(emission: old) == [nil, 520])
  }

  @Test("Edges are kept as bands") func edgesAreKeptAsBands() {
    let turret = filter(3, excitation: bands((450, 490)), emission: bands((500, 550)))
    let found = PicturePlane(plane("A", filters: [turret])).wavelengths(index: 0)
    #expect(found.excitationBand == WavelengthBand(low: 450, high: 490))
    #expect(found.emissionBand == WavelengthBand(low: 500, high: 550))
    #expect(found.emissionBand?.center == 525)
    #expect(
      PicturePlane(plane("A", filters: [filter(3, emission: peaks(500))])).wavelengths(index: 0)
        .emissionBand == nil)
  }

  @Test("Nd2 takes the strongest point, and the line of the channel's number")
  func nd2TakesTheStrongestPointAnd() {
    func nd2(_ filters: [MetadataValue], index: Int) -> [Double?] {
      let found = PicturePlane(plane("A", filters: filters)).nd2CompatibleWavelengths(index: index)
      return [found.excitation, found.emission]
    }
    let lines = [filter(3, excitation: peaks(405, 488, 561), emission: bands((500, 550)))]
    #expect(nd2(lines, index: 0) == [405, 500])
    #expect(nd2(lines, index: 1) == [488, 500])
    #expect(nd2(lines, index: 3) == [405, 500])
    #expect(nd2([filter(6, excitation: peaks(0), emission: peaks(535))], index: 0) == [nil, 535])
  }

  @Test("Spectra of hostile files give nothing") func spectraOfHostileFilesGiveNothing() {
    let silly = spectrum([(4, .infinity, .nan), (2, -5, 1e308), (3, .nan, 1e308), (99, 1, 1)])
    #expect(wavelengths(excitation: silly, emission: silly) == [nil, nil])
    #expect(wavelengths([.string("x"), object(["m_ePlacement": "y"])]) == [nil, nil])
  }
}
