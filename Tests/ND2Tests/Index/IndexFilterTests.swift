import ND2TestSupport
import Testing

@testable import ND2

@Suite("Filters of an index")
struct IndexFilterTests {
  /// A row as that of a time series.
  private static let record: IndexRecord = {
    var record = IndexRecord()
    record[.name] = .text("Control_01.nd2")
    record[.version] = .text("3.0")
    record[.kilobytes] = .number(376.83)
    record[.acquired] = .text("2021-03-17 07:18:07")
    record[.experiment] = .text("TimeLoop:5;ZStackLoop:4")
    record[.sampleType] = .text("uint16")
    record[.shape] = .list([5, 4, 2, 512, 640].map { .integer($0) })
    record[.axes] = .text("TZCYX")
    record[.hasMasks] = .bool(true)
    record[.hasRegions] = .bool(false)
    record[.channels] = .list([.text("DAPI"), .text("GFP")])
    record[.frames] = .integer(20)
    return record
  }()

  private func holds(_ text: String) throws -> Bool {
    try IndexFilter(text).matches(Self.record)
  }

  @Test(
    "Expressions hold as in Python",
    arguments: [
      "acquired > '2020' and kb < 500", "'TimeLoop' in experiment", "not rois", "binary",
      "shape[0] > 3", "shape[-1] == 640", "len(shape) == 5", "axes == \"TZCYX\"",
      "100 < kb <= 376.83 < 1e3", "dtype in ('uint16', 'float32')", "dtype not in ['uint8']",
      "name.lower().startswith('control')", "name.endswith(('.tif', '.nd2'))",
      "float(version) >= 3", "int(acquired[:4]) == 2021", "acquired[5:7] == '03'",
      "shape[-2] * shape[-1] == 327_680", "max(shape) - min(shape) == 638", "sum(shape[:2]) == 9",
      "-7 // 2 == -4 and -7 % 3 == 2 and 7 / 2 == 3.5", "1 + 2 * 3 - 4 == 3", "2 - 1 - 1 == 0",
      "(binary or rois) and not (binary and rois)", "binary == True and rois == False",
      "binary + binary == 2", "'x' if rois else 'y'", "(1 if kb > 400 else 2) == 2",
      "acquired.split('-')[0] == '2021'", "experiment.count('Loop') == 2",
      "experiment.split(';')[1] == 'ZStackLoop:4'",
      "any([rois, binary]) and not all([rois, binary])",
      "round(kb) == 377 and round(kb, 1) == 376.8", "abs(-3) == 3 and abs(-2.5) == 2.5",
      "str(frames) == '20'", "'DAPI' in channels and len(channels) == 2", "not ''", "not []",
      "'a' 'b' == 'ab'", "'a' + 'b' == 'ab'", "'it\\'s' == \"it's\"", "'' in name", "+1 == 1.0",
      "True or 1 / 0", "kb and 'yes'", "bool(frames)", "[1, 2] < [1, 3]", ".5 < 1.",
      "1 < 2 != 3 > 2 == 2",
    ])
  func trueInPython(_ text: String) throws {
    #expect(try holds(text))
    #expect(try !holds("not (\(text))"))
  }

  @Test(
    "Containment without case, units, lower-case words",
    arguments: [
      "name ~ 'CONTROL'", "channels ~ 'dapi'", "name contains '_01'", "channels contains 'GFP'",
      "0.3MB < kb < 1GB", "kb == 376830B", "1h == 3600 and 2ms == 0.002 and 65nm == 0.065",
      "0.065µm == 65nm", "binary == true and rois == false", "1_000kB == 1MB",
    ])
  func ownForms(_ text: String) throws { #expect(try holds(text)) }

  @Test("What is missing is neither less nor more, and not in anything")
  func missing() throws {
    for text in [
      "magnification is None", "magnification == None", "not (magnification > 1)",
      "not (magnification <= 1)", "magnification != 1", "not (magnification * 2 > 1)",
      "not ('a' in objective)", "not ('a' not in objective)", "shape[9] is None",
      "not (shape[9] > 1)", "int('x') is None", "1 / 0 is None", "len(wells) is None",
      "objective.lower() is None", "wells[0] is None", "9223372036854775807 + 1 > 9e18",
      "abs(-9223372036854775807 - 1) > 9e18", "1e308 * 10 is None", "kb is not None",
    ] {
      #expect(try holds(text), "\(text)")
    }
  }

  @Test(
    "Mistakes name the character and what is wrong",
    arguments: [
      ("kb << 5", 5, "'<'"), ("kb < 'a'", 4, "number with text"), ("shape > 3", 7, "a list"),
      ("foo == 1", 1, "no column 'foo'"), ("len(shape", 10, "the end"), ("kb < 5XB", 7, "no unit"),
      ("[x for x in shape]", 4, "no loops"), ("[kb for x in shape]", 5, "no loops"),
      ("__import__('os')", 1, "no function"), ("name.format(1)", 6, "no method"),
      ("kb = 5", 4, "=="), ("", 1, "empty"), ("  ", 3, "empty"), ("not", 4, "a value"),
      ("1 if 2", 7, "'else'"), ("'x", 1, "no end"), ("name[1", 7, "']'"), ("kb kb", 4, "the end"),
      ("rois or (binary and shape < 3)", 27, "'<'"), ("len()", 1, "takes 1 arguments"),
      ("name.lower(1)", 6, "takes 0"), ("1 & 2", 3, "'and'"), ("'a' * 9", 5, "text and a number"),
      ("kb.real", 4, "no method"), ("kb[0]", 3, "no elements"), ("name['a']", 5, "whole number"),
      ("name.split('')", 6, "not empty"), ("lambda: 1", 1, "a value"),
      ("1e999 > 0", 1, "too large"),
      ("äö == 1", 1, "no column"), ("kb $ 1", 4, "no meaning"), ("shape[]", 7, "a value"),
      ("3 in 5", 3, "cannot contain"), ("(1, 2", 6, "','"), ("kb not 5", 8, "'in'"),
    ])
  func mistakes(_ text: String, _ column: Int, _ part: String) throws {
    let error = try #require(throws: ND2Error.self) { try IndexFilter(text) }
    #expect(error.code == .invalidRequest)
    #expect(error.message.contains("character \(column): "), "\(error.message)")
    #expect(error.message.contains(part), "\(error.message)")
  }

  @Test("Depth and length are bounded")
  func limits() throws {
    func nested(_ open: String, _ close: String, _ count: Int) -> String {
      String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }
    #expect(try holds(nested("(", ")", 15)))
    for text in [
      nested("(", ")", 4000), nested("not ", "", 2000), nested("-", "", 5000),
      nested("[", "]", 4000), nested("abs(", ")", 1000), nested("1 if 1 else ", "", 600),
      "shape" + String(repeating: "[0:]", count: 1000), String(repeating: "(", count: 8000),
      "shape" + String(repeating: "[shape", count: 1000),
    ] {
      #expect(throws: ND2Error.self) { try IndexFilter(text) }
    }
    #expect(throws: ND2Error.self) {
      try IndexFilter("kb > 0" + String(repeating: " ", count: 9000))
    }
    // Chains are no depth.
    #expect(try holds("1" + String(repeating: "+1", count: 4000) + ">0"))
    #expect(try holds("1" + String(repeating: " and 1", count: 1300)))
    #expect(try holds("1" + String(repeating: "<=1", count: 2000)))
  }

  @Test("Any words in any order are a filter or an error")
  func randomWords() {
    let words = [
      "kb", "shape", "name", "rois", "and", "or", "not", "in", "is", "if", "else", "contains", "~",
      "<", "<=", "==", "!=", "(", ")", "[", "]", ",", ":", ".", "+", "-", "*", "/", "//", "%", "1",
      "0", "9223372036854775807", "2.5", "5MB", "1e308", "'a'", "''", "None", "True", "len", "max",
      "split", "lower", "count", "round", "int", "abs", "sum", "startswith", "-", "(", "shape[",
      "=",
      "'", "\u{0}", "é", "_",
    ]
    var parsed = 0
    Randomness.repeated(4000) { random in
      var text = ""
      for _ in 0..<random.int(1..<14) {
        text += words[random.int(0..<words.count)] + (random.int(0..<4) == 0 ? "" : " ")
      }
      guard let filter = try? IndexFilter(text) else { return }
      parsed += 1
      _ = try? filter.matches(Self.record)
      _ = try? filter.matches(IndexRecord())
    }
    #expect(parsed > 20)
  }

  @Test("The columns that a filter names are known")
  func columns() throws {
    #expect(
      try IndexFilter("kb > 1 or shape[frames] == 2").columns == [.kilobytes, .shape, .frames])
  }
}
