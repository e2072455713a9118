/// A small font of our own: letters of 5 × 7 dots, two more rows for what hangs below the line.
///
/// Each glyph is a string of digits to base 32, a row each from the top, the leftmost dot being the
/// highest bit. Characters that it lacks are shown as a frame.
enum BitmapFont {
  /// Dots of a letter, with the gap behind it.
  static let advance = 6
  /// Rows of a letter, with those below the line.
  static let height = 9
  /// Rows above the line.
  static let ascent = 7

  /// The rows of a character: the lowest five bits of each are its dots.
  static func rows(of character: Character) -> [UInt8] {
    if let rows = table[character] { return rows }
    // Letters with marks are shown without them.
    if let base = plain[character], let rows = table[base] { return rows }
    return unknown
  }

  /// Width of a text in dots, without the gap behind its last letter.
  static func width(of text: String) -> Int { max(0, text.count * advance - 1) }

  private static let unknown: [UInt8] = [31, 17, 17, 17, 17, 17, 31]

  private static let plain: [Character: Character] = {
    var plain: [Character: Character] = ["×": "x", "−": "-", "–": "-", "—": "-", "μ": "µ"]
    for (base, letters) in [
      ("A", "ÀÁÂÃÄÅĄ"), ("C", "ÇĆČ"), ("D", "Ď"), ("E", "ÈÉÊËĚĘ"), ("I", "ÌÍÎÏ"), ("L", "Ł"),
      ("N", "ÑŃŇ"), ("O", "ÒÓÔÕÖØ"), ("R", "Ř"), ("S", "ŚŠ"), ("T", "Ť"), ("U", "ÙÚÛÜŮ"),
      ("Y", "Ý"), ("Z", "ŹŻŽ"), ("a", "àáâãäåą"), ("c", "çćč"), ("d", "ď"), ("e", "èéêëěę"),
      ("i", "ìíîï"), ("l", "ł"), ("n", "ñńň"), ("o", "òóôõöø"), ("r", "ř"), ("s", "śšß"),
      ("t", "ť"), ("u", "ùúûüů"), ("y", "ýÿ"), ("z", "źżž"),
    ] as [(Character, String)] {
      for letter in letters { plain[letter] = base }
    }
    return plain
  }()

  private static let table: [Character: [UInt8]] = {
    var table: [Character: [UInt8]] = [:]
    for (character, digits) in glyphs {
      table[character] = digits.compactMap { digit in
        digit.hexDigitValue.map { UInt8($0) }
          ?? digit.asciiValue.flatMap { $0 >= 0x67 && $0 <= 0x76 ? $0 - 0x57 : nil }
      }
    }
    return table
  }()

  private static let glyphs: [(Character, String)] = [
    (" ", "0000000"), ("!", "4444404"), ("\"", "aaa0000"), ("#", "aavavaa"), ("$", "4fke5u4"),
    ("%", "op248j3"), ("&", "ciia9id"), ("'", "4480000"), ("(", "2488842"), (")", "8422248"),
    ("*", "04lel40"), ("+", "044v440"), (",", "0000c48"), ("-", "000v000"), (".", "00000cc"),
    ("/", "01248g0"), ("0", "ehjlphe"), ("1", "4c4444e"), ("2", "eh1248v"), ("3", "v2421he"),
    ("4", "26aiv22"), ("5", "vgu11he"), ("6", "68guhhe"), ("7", "v124888"), ("8", "ehhehhe"),
    ("9", "ehhf12c"), (":", "0cc0cc0"), (";", "0cc0c48"), ("<", "248g842"), ("=", "00v0v00"),
    (">", "8421248"), ("?", "eh12404"), ("@", "eh1dlle"), ("A", "ehhvhhh"), ("B", "uhhuhhu"),
    ("C", "ehggghe"), ("D", "sihhhis"), ("E", "vggsggv"), ("F", "vggsggg"), ("G", "ehgnhhf"),
    ("H", "hhhvhhh"), ("I", "e44444e"), ("J", "72222ic"), ("K", "hikokih"), ("L", "ggggggv"),
    ("M", "hrllhhh"), ("N", "hhpljhh"), ("O", "ehhhhhe"), ("P", "uhhuggg"), ("Q", "ehhhlid"),
    ("R", "uhhukih"), ("S", "fgge11u"), ("T", "v444444"), ("U", "hhhhhhe"), ("V", "hhhhha4"),
    ("W", "hhhllla"), ("X", "hha4ahh"), ("Y", "hhha444"), ("Z", "v1248gv"), ("[", "e88888e"),
    ("\\", "0g84210"), ("]", "e22222e"), ("^", "4ah0000"), ("_", "000000v"), ("`", "8420000"),
    ("a", "00e1fhf"), ("b", "ggmphhu"), ("c", "00eggge"), ("d", "11djhhf"), ("e", "00ehvge"),
    ("f", "698s888"), ("g", "00fhhhf1e"), ("h", "ggmphhh"), ("i", "40c444e"), ("j", "2062222ic"),
    ("k", "ggikoki"), ("l", "c44444e"), ("m", "00qllhh"), ("n", "00mphhh"), ("o", "00ehhhe"),
    ("p", "00uhhhugg"), ("q", "00fhhhf11"), ("r", "00mpggg"), ("s", "00fge1u"), ("t", "88s8896"),
    ("u", "00hhhjd"), ("v", "00hhha4"), ("w", "00hhlla"), ("x", "00ha4ah"), ("y", "00hhhhf1e"),
    ("z", "00v248v"), ("{", "2448442"), ("|", "4444444"), ("}", "8442448"), ("~", "008l200"),
    ("µ", "00hhhjtgg"), ("°", "caac000"), ("±", "44v440v"), ("…", "00000ll"),
  ]
}
