import Testing

@testable import ND2Export

@Suite("XML of OME documents")
struct XMLWritingTests {
  /// The text of an element with one attribute and one text.
  private func xml(attribute: String, text: String) throws -> String {
    var bytes: [UInt8] = []
    var writer = XMLWriter { bytes.append(contentsOf: $0) }
    writer.begin("A")
    writer.attribute("K", attribute)
    writer.text(text)
    writer.end()
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    XMLNumber.append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("What has a meaning in XML is escaped")
  func escapes() throws {
    let text = try xml(attribute: "<\"a\" & 'b'>", text: "<c> & \"d\"")
    #expect(text.contains("K=\"&lt;&quot;a&quot; &amp; 'b'&gt;\""))
    #expect(text.contains(">&lt;c&gt; &amp; \"d\"</A>"))
  }

  @Test("Line ends survive, in attributes and in text")
  func lineEnds() throws {
    let text = try xml(attribute: "a\r\n\tb", text: "c\r\n\td")
    #expect(text.contains("K=\"a&#13;&#10;&#9;b\""))
    #expect(text.contains(">c&#13;\n\td</A>"))
  }

  @Test("Characters that XML does not allow are replaced")
  func illegalCharacters() throws {
    let text = try xml(attribute: "a\u{0}\u{8}b\u{FFFE}", text: "\u{1F}c\u{FFFF}\u{FFFD}µ日🔬")
    #expect(text.contains("K=\"a\u{FFFD}\u{FFFD}b\u{FFFD}\""))
    #expect(text.contains(">\u{FFFD}c\u{FFFD}\u{FFFD}µ日🔬</A>"))
  }

  @Test("Numbers have no exponent and no needless digits")
  func numbers() {
    #expect(number(0) == "0")
    #expect(number(-3) == "-3")
    #expect(number(0.1) == "0.1")
    #expect(number(1.25e-7) == "0.000000125")
    #expect(number(-2e-5) == "-0.00002")
    #expect(number(1e20) == "100000000000000000000")
    #expect(number(1.5e20) == "150000000000000000000")
    #expect(number(123_456_789.5) == "123456789.5")
    #expect(number(9_007_199_254_740_994) == "9007199254740994")
  }

  @Test("Every number is read back as it was")
  func roundTrip() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let value =
        Double.random(in: -1...1, using: &generator)
        * [1e-12, 1e-3, 1, 1e6, 1e22][
          Int.random(in: 0..<5, using: &generator)]
      let text = number(value)
      #expect(Double(text) == value, "\(text)")
      #expect(!text.contains("e"))
    }
  }

  @Test("Numbers that the schema does not allow are left out")
  func absentNumbers() {
    var document = OMEDocument()
    var pixels = OME.Pixels(id: "Pixels:0", type: .uint8, sizeX: 1, sizeY: 1)
    pixels.physicalSizeXUm = 0
    pixels.physicalSizeYUm = .nan
    pixels.physicalSizeZUm = 1e-60
    pixels.timeIncrementMs = .infinity
    document.images = [OME.Image(id: "Image:0", pixels: pixels)]
    let text = document.xmlText()
    #expect(!text.contains("PhysicalSize"))
    #expect(!text.contains("TimeIncrement"))
    #expect(text.contains("<MetadataOnly/>"))
  }

  @Test("Colours are signed numbers of red, green, blue, opacity")
  func colours() {
    #expect(OME.Color(red: 255, green: 255, blue: 255).rgba == -1)
    #expect(OME.Color(red: 255, green: 0, blue: 0).rgba == -16_776_961)
    #expect(OME.Color(red: 0, green: 0, blue: 1).rgba == 511)
  }

  @Test("Identities are of version 4, and are read back")
  func identities() throws {
    let uuid = OME.UUID()
    let text = uuid.description
    #expect(text.utf8.count == 45)
    #expect(OME.UUID(text) == uuid)
    let digits = Array(text.dropFirst("urn:uuid:".count))
    #expect(digits[14] == "4")
    #expect("89ab".contains(digits[19]))
    #expect(OME.UUID("6b29fc40-ca47-1067-b31d-00dd010662da") != nil)
    #expect(OME.UUID("urn:uuid:6b29fc40-ca47-1067-b31d-00dd010662d") == nil)
    #expect(OME.UUID("") == nil)
    #expect(OME.UUID("+b29fc40-ca47-1067-b31d-00dd010662da") == nil)
  }

  @Test("A hundred thousand planes are written in pieces, and fast")
  func manyPlanes() throws {
    var document = OMEDocument()
    var pixels = OME.Pixels(id: "Pixels:0", type: .uint16, sizeX: 8, sizeY: 8, sizeT: 100_000)
    for t in 0..<100_000 {
      var plane = OME.Plane(theZ: 0, theT: t, theC: 0)
      plane.deltaTMs = Double(t) * 33.333
      plane.exposureMs = 12.5
      (plane.positionXUm, plane.positionYUm) = (1200.5 + Double(t) * 1e-3, -340.25)
      plane.positionZUm = 2500.753
      pixels.planes.append(plane)
    }
    document.images = [OME.Image(id: "Image:0", pixels: pixels)]
    var (count, pieces, largest) = (0, 0, 0)
    let clock = ContinuousClock()
    let duration = try clock.measure {
      try document.write {
        count += $0.count
        pieces += 1
        largest = max(largest, $0.count)
      }
    }
    #expect(count > 20_000_000)
    #expect(pieces > 100)
    #expect(largest < 1 << 17)
    let seconds =
      Double(duration.components.attoseconds) * 1e-18
      + Double(duration.components.seconds)
    print("OME-XML: \(Int(Double(count) / seconds / 1e6)) MB/s")
    // Generous: machines that build other things at the same time are slow.
    #expect(seconds < 10)
  }

  @Test("What the sink throws ends the writing")
  func failingSink() {
    struct Full: Error {}
    #expect(throws: Full.self) { try OMEDocument().write { _ in throw Full() } }
  }
}
